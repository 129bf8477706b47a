namespace OrderGrains.Sandbox.Warehouses;

/// <summary>A call that took effect on an order, came too late for it, or asked for it.</summary>
/// <param name="Reference">The order.</param>
/// <param name="What">
/// <c>made</c>, <c>repeated</c>, <c>updated</c>, <c>cancelled</c>, <c>too late</c>, <c>outdated</c> or
/// <c>looked up</c>.
/// </param>
/// <param name="At">When, by a right clock.</param>
/// <param name="Units">By SKU, what the order holds after it.</param>
public sealed record CallEffect(
    string Reference, string What, DateTimeOffset At, IReadOnlyDictionary<string, int> Units);

public enum StockWord
{
    Counted,
    Adjusted,
    Shipped,
}

/// <summary>What an event says of one SKU. An event may say several, and of one SKU several times.</summary>
/// <param name="Word">What was said.</param>
/// <param name="Sku">The SKU.</param>
/// <param name="Units">The count, or what came (above 0) or went (below 0).</param>
/// <param name="At">The time that the event bears, by the warehouse's own clock.</param>
/// <param name="WebhookId">The event.</param>
/// <param name="SaidAt">When it is first sent, by a right clock.</param>
public sealed record StockSaying(
    StockWord Word, string Sku, int Units, DateTimeOffset At, string WebhookId, DateTimeOffset SaidAt);

/// <summary>Who sees what a warehouse does. Called while it happens, so it must be quick.</summary>
public sealed class Witness
{
    /// <summary>Told in the order of the effects of one order; several orders may be told at once.</summary>
    public Action<CallEffect>? OfCall { get; set; }

    /// <summary>Told before the event is first sent.</summary>
    public Action<StockSaying>? OfStock { get; set; }
}
