using System.Text.Json.Serialization;

namespace OrderGrains.Connectors.Wms;

/// <summary>
/// What we ask of a warehouse system (CONTRACT section 3). Each call is one HTTP request, bounded in time.
/// </summary>
public interface IWarehouse
{
    /// <summary>Hands the order over, or replaces its lines, under our reference.</summary>
    /// <param name="request">The order; its reference is our idempotency key.</param>
    /// <param name="cancellationToken">Ends the call; its outcome is then unknown.</param>
    Task<WarehouseAnswer> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken);

    /// <summary>Asks whether the warehouse has the order.</summary>
    Task<WarehouseAnswer> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Asks the warehouse to stop the order.</summary>
    Task<WarehouseAnswer> CancelAsync(string reference, CancellationToken cancellationToken);
}

/// <summary>A warehouse's answer: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer")]
public abstract record WarehouseAnswer
{
    /// <summary>The warehouse has the order (made, updated or found).</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Taken")]
    public sealed record Taken([property: Id(0)] string? WarehouseOrderId) : WarehouseAnswer;

    /// <summary>The order is stopped.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Cancelled")]
    public sealed record Cancelled : WarehouseAnswer;

    /// <summary>409: picked already, neither change nor cancel is possible.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.TooLate")]
    public sealed record TooLate : WarehouseAnswer;

    /// <summary>404: the warehouse knows no such reference.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.NotFound")]
    public sealed record NotFound : WarehouseAnswer;

    /// <summary>422 or another final 4xx: the same request will never succeed; a person must look.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Refused")]
    public sealed record Refused([property: Id(0)] string Detail) : WarehouseAnswer;

    /// <summary>401 or 403: our credentials are not accepted; every call will fail until someone mends them.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Unauthorized")]
    public sealed record Unauthorized([property: Id(0)] string Detail) : WarehouseAnswer;

    /// <summary>408, 425, 429, 5xx, a time-out or a broken connection: try again later, and look up first.</summary>
    /// <param name="Detail">What came back, for people.</param>
    /// <param name="RetryAfter">What the warehouse asked for.</param>
    /// <param name="Reached">False when no connection came about, so that nothing was sent.</param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Failed")]
    public sealed record Failed(
        [property: Id(0)] string Detail, [property: Id(1)] TimeSpan? RetryAfter,
        [property: Id(2)] bool Reached = true) : WarehouseAnswer;
}

/// <summary>The body of <c>PUT /orders/{reference}</c>. Carries personal data.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseRequest")]
public sealed record ReleaseRequest
{
    /// <summary>Our idempotency key, <c>{source}-{orderId}-{release number}</c>.</summary>
    [Id(0)] public required string Reference { get; init; }
    [Id(1)] public required string Source { get; init; }
    [Id(2)] public required string OrderId { get; init; }
    [Id(3)] public required string OrderNumber { get; init; }
    [Id(4)] public required string Location { get; init; }
    [Id(5)] public required DateTimeOffset PlacedAt { get; init; }
    [Id(6)] public ShipTo? ShipTo { get; init; }
    [Id(7)] public string? ShippingMethod { get; init; }

    /// <summary>The release as it should be, units that have left already included.</summary>
    [Id(8)] public required IReadOnlyList<ReleaseRequestLine> Lines { get; init; }

    /// <summary>
    /// The order's version with us: it rises with each change. What a warehouse gets with a lower one than it has was
    /// late on its way, and must not undo the newer.
    /// </summary>
    [Id(10)] public long Revision { get; init; }

    /// <summary>A digest of who gets it; not sent. It comes back to the order with the answer.</summary>
    [JsonIgnore, Id(9)] public string Recipient { get; init; } = "";

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => $"ReleaseRequest {{ {Reference} }}";
}

/// <summary>Units of one order line to pick.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ReleaseRequestLine")]
public sealed record ReleaseRequestLine(
    [property: Id(0)] string LineId, [property: Id(1)] string Sku, [property: Id(2)] int Quantity);
