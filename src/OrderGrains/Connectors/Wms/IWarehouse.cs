namespace OrderGrains.Connectors.Wms;

/// <summary>
/// What we ask of a warehouse system (CONTRACT section 3). Each call is one HTTP request, bounded in time.
/// </summary>
public interface IWarehouse
{
    /// <summary>Hands the order over, or replaces its lines, under our reference.</summary>
    /// <param name="reference">Our idempotency key, <c>{source}-{orderId}-{release number}</c>.</param>
    /// <param name="body">A <see cref="ReleaseRequest"/> as UTF-8 JSON.</param>
    /// <param name="cancellationToken">Ends the call; its outcome is then unknown.</param>
    Task<WarehouseAnswer> ReleaseAsync(
        string reference, ReadOnlyMemory<byte> body, CancellationToken cancellationToken);

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
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Failed")]
    public sealed record Failed(
        [property: Id(0)] string Detail, [property: Id(1)] TimeSpan? RetryAfter) : WarehouseAnswer;
}

/// <summary>The body of <c>PUT /orders/{reference}</c>. Carries personal data.</summary>
public sealed record ReleaseRequest
{
    public required string Reference { get; init; }
    public required string Source { get; init; }
    public required string OrderId { get; init; }
    public required string OrderNumber { get; init; }
    public required string Location { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }
    public ShipTo? ShipTo { get; init; }
    public string? ShippingMethod { get; init; }
    public required IReadOnlyList<ReleaseRequestLine> Lines { get; init; }
}

/// <summary>Units of one order line to pick.</summary>
public sealed record ReleaseRequestLine(string LineId, string Sku, int Quantity);
