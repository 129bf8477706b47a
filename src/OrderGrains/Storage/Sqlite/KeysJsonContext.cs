using System.Text.Json.Serialization;

namespace OrderGrains.Storage.Sqlite;

/// <summary>Keys of one query, as the JSON that <c>json_each</c> reads.</summary>
[JsonSerializable(typeof(IReadOnlyCollection<string>))]
[JsonSerializable(typeof(IReadOnlyCollection<string[]>))]
internal sealed partial class KeysJsonContext : JsonSerializerContext;
