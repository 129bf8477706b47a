using System.Text.Json;
using System.Text.Json.Serialization;
using OrderGrains.Orders;

namespace OrderGrains.Storage;

/// <summary>An order's state as it stands in its row: camel case, enums by name, nulls left out.</summary>
internal static class OrderJson
{
    public static string Write(Order order) => JsonSerializer.Serialize(order, OrderJsonContext.Default.Order);

    public static Order Read(string json) =>
        JsonSerializer.Deserialize(json, OrderJsonContext.Default.Order)
        ?? throw new StorageException("The database holds an order without a state.");
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(StoredNameConverter<OrderStatus>), typeof(StoredNameConverter<ReleaseStatus>)])]
[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJsonContext : JsonSerializerContext;

internal sealed class StoredNameConverter<TEnum>() : JsonStringEnumConverter<TEnum>(JsonNamingPolicy.CamelCase)
    where TEnum : struct, Enum;
