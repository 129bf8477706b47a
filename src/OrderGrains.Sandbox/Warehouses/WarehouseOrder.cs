namespace OrderGrains.Sandbox.Warehouses;

public enum WarehouseStatus
{
    Taken,

    /// <summary>In someone's basket: no change and no cancel from here on.</summary>
    Picked,
    PartlyShipped,
    Shipped,
    Cancelled,
    Refused,
}

public sealed record WarehouseLine(string LineId, string Sku, int Quantity);

/// <summary>What the product asked the warehouse to take: the body of <c>PUT /orders/{reference}</c>.</summary>
public sealed record WarehouseTake(
    string Reference, string Source, string OrderId, string OrderNumber, string Location,
    IReadOnlyList<WarehouseLine> Lines, string ShipTo, long Revision = 0);

/// <summary>
/// What the warehouse remembers of one reference, with a count of all that was asked: the independent witness of what
/// the product did. A snapshot; it never changes.
/// </summary>
public sealed record WarehouseOrder
{
    public required WarehouseTake Take { get; init; }

    public required string WarehouseOrderId { get; init; }

    public WarehouseStatus Status { get; init; }

    /// <summary>Whether the warehouse refused or cancelled it of its own accord.</summary>
    public bool EndedByItself { get; init; }

    /// <summary>Units by line id that left beyond what was asked for.</summary>
    public IReadOnlyDictionary<string, int> ShippedMore { get; init; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    /// <summary>Times it was made (201). More than one is a fault of this sandbox.</summary>
    public int Made { get; init; } = 1;

    /// <summary>Times its lines were replaced.</summary>
    public int Updated { get; init; }

    /// <summary>Times it was asked for again with the same lines: retries after an unknown outcome.</summary>
    public int Repeated { get; init; }

    /// <summary>Times a change came too late (409).</summary>
    public int ChangesRefused { get; init; }

    /// <summary>Times a cancel came too late (409).</summary>
    public int CancelsRefused { get; init; }

    /// <summary>Times someone asked for a cancel, whatever fault the call then met.</summary>
    public int CancelsAsked { get; init; }

    /// <summary>When it became too late to change; null before.</summary>
    public DateTimeOffset? PickedAt { get; init; }

    public int Shipments { get; init; }

    /// <summary>Units shipped by line id.</summary>
    public IReadOnlyDictionary<string, int> Shipped { get; init; } =
        new Dictionary<string, int>(StringComparer.Ordinal);

    public string Reference => Take.Reference;

    /// <summary>Whether it will be, is being, or has been shipped.</summary>
    public bool IsLive => Status is not (WarehouseStatus.Cancelled or WarehouseStatus.Refused);

    /// <summary>By SKU, the units that it asks for; none once it is cancelled or refused.</summary>
    public IReadOnlyDictionary<string, int> Units => (IsLive ? Take.Lines : [])
        .GroupBy(line => line.Sku, StringComparer.Ordinal)
        .ToDictionary(sku => sku.Key, sku => sku.Sum(line => line.Quantity), StringComparer.Ordinal);

    public bool CanChange => Status is WarehouseStatus.Taken;
}
