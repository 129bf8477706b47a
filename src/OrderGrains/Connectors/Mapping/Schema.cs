namespace OrderGrains.Connectors.Mapping;

/// <summary>
/// What our own form has (<see cref="Events.OrderEvents"/>), so that a mapping can be checked at the start.
/// </summary>
internal static class Schema
{
    private static readonly Field[] ShipTo =
    [
        new("name"), new("company"), new("address1"), new("address2"), new("city"), new("province"), new("postalCode"),
        new("countryCode"), new("phone"), new("email"),
    ];

    private static readonly Field[] Order =
    [
        new("orderId", IsRequired: true), new("number", IsRequired: true), new("placedAt", FieldKind.Time, true),
        new("updatedAt", FieldKind.Time, true), new("paid"), new("held"), new("currency"), new("shippingMethod"),
        new("shipTo", FieldKind.Group, Fields: ShipTo),
        new("lines", FieldKind.List, true,
        [
            new("lineId", IsRequired: true), new("sku"), new("quantity", IsRequired: true), new("shippable"),
        ]),
    ];

    /// <summary>The fields of an event whose order is fetched.</summary>
    public static readonly Field[] Elsewhere =
    [
        new("orderId", IsRequired: true), new("updatedAt", FieldKind.Time),
        new("resourceUrl", FieldKind.Address, IsRequired: true),
    ];

    /// <summary>The fields of each type.</summary>
    public static IReadOnlyDictionary<string, Field[]> Types { get; } =
        new Dictionary<string, Field[]>(StringComparer.Ordinal)
        {
            ["order.placed"] = Order,
            ["order.updated"] = Order,
            ["order.cancelled"] =
            [
                new("orderId", IsRequired: true), new("updatedAt", FieldKind.Time), new("reason"), new("cancelled"),
            ],
            ["order.linesRefunded"] =
            [
                new("orderId", IsRequired: true), new("refundId", IsRequired: true),
                new("updatedAt", FieldKind.Time, true),
                new("lines", FieldKind.List, true,
                [
                    new("lineId", IsRequired: true), new("quantity", IsRequired: true), new("restock"),
                ]),
            ],
        };
}

/// <summary>One field of our own form.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Kind">What it holds.</param>
/// <param name="IsRequired">A mapping must say where it comes from.</param>
/// <param name="Fields">What stands in it, when it is a group or a list.</param>
internal sealed record Field(
    string Name, FieldKind Kind = FieldKind.Value, bool IsRequired = false, Field[]? Fields = null);

/// <summary>What a field holds.</summary>
internal enum FieldKind
{
    /// <summary>A text, a number or a flag: whoever reads our form takes each however it is written.</summary>
    Value,
    Time,

    /// <summary>An address, from which something is fetched.</summary>
    Address,
    Group,
    List,
}
