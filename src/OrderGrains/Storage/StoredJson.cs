using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>
/// What stands in columns as JSON: an order's state, a commit's timeline. Camel case, enums by name, nulls left out.
/// </summary>
internal static class StoredJson
{
    // By reflection, not by the source generator: the generator sets every init-only property, so a list that an older
    // version did not write would come back null instead of empty.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters =
        {
            new JsonStringEnumConverter<TimelineKind>(new TimelineKindName(), allowIntegerValues: false),
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Write<T>(T value) => JsonSerializer.Serialize(value, Options);

    /// <summary>The same in UTF-8.</summary>
    public static byte[] WriteBytes<T>(T value) => JsonSerializer.SerializeToUtf8Bytes(value, Options);

    public static T Read<T>(string json) =>
        JsonSerializer.Deserialize<T>(json, Options)
        ?? throw new StorageException($"The database holds a {typeof(T).Name} that is null.");
}
