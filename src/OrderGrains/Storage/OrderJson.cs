using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>An order's state as it stands in its row: camel case, enums by name, nulls left out.</summary>
internal static class OrderJson
{
    // By reflection, not by the source generator: the generator sets every init-only property, so a list that an older
    // version did not write would come back null instead of empty.
    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false) },
        TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
    };

    public static string Write(Order order) => JsonSerializer.Serialize(order, Options);

    public static Order Read(string json) =>
        JsonSerializer.Deserialize<Order>(json, Options)
        ?? throw new StorageException("The database holds an order without a state.");
}
