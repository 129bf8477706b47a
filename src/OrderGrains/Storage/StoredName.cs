using System.Collections.Frozen;
using System.Text.Json;
using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>Enums are stored by name in lower camel case, so that rows read well and members may move.</summary>
internal static class StoredName
{
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => Names<TEnum>.ByValue[value];

    public static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum =>
        Names<TEnum>.ByName.TryGetValue(name, out var value)
            ? value
            : throw new StorageException($"The database holds an unknown {typeof(TEnum).Name}, '{name}'.");

    private static class Names<TEnum>
        where TEnum : struct, Enum
    {
        private static readonly JsonNamingPolicy Policy =
            typeof(TEnum) == typeof(TimelineKind) ? new TimelineKindName() : JsonNamingPolicy.CamelCase;

        public static readonly FrozenDictionary<TEnum, string> ByValue = Enum.GetValues<TEnum>()
            .ToFrozenDictionary(value => value, value => Policy.ConvertName(value.ToString()));

        public static readonly FrozenDictionary<string, TEnum> ByName =
            ByValue.ToFrozenDictionary(pair => pair.Value, pair => pair.Key, StringComparer.Ordinal);
    }
}
