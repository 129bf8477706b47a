using System.Collections.Concurrent;
using System.Net;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos;

/// <summary>One try of a sender at a webhook, as the sender saw it.</summary>
/// <param name="Silo">Which silo it was sent to.</param>
/// <param name="Source">The product's name of the sender.</param>
/// <param name="WebhookId">What the sender calls the webhook, over all its tries.</param>
/// <param name="OrderId">The shop's id; null for a warehouse's event.</param>
/// <param name="What">The topic, or the type of the event.</param>
/// <param name="From">When it was sent.</param>
/// <param name="To">When it was answered, or given up.</param>
/// <param name="Status">The answer; null when none came.</param>
public sealed record WebhookTry(
    int Silo, string Source, string WebhookId, long? OrderId, string What, DateTimeOffset From, DateTimeOffset To,
    HttpStatusCode? Status);

/// <summary>What a warehouse said of a stock, and when it meant it.</summary>
/// <param name="Location">Of the warehouse.</param>
/// <param name="Sku">The SKU.</param>
/// <param name="Kind">What was said.</param>
/// <param name="Units">The count, or what came (above 0) or went (below 0).</param>
/// <param name="At">The time that the event bears: <c>asOf</c>, <c>at</c>, <c>shippedAt</c>.</param>
/// <param name="WebhookId">The event that said it.</param>
/// <param name="SaidAt">When it was first sent.</param>
public sealed record StockTold(
    string Location, string Sku, StockTold.Kinds Kind, int Units, DateTimeOffset At, string WebhookId,
    DateTimeOffset SaidAt)
{
    public enum Kinds
    {
        Counted,
        Adjusted,
        Shipped,
    }
}

/// <summary>A call of the product at a warehouse that took effect there, in the order of the effects.</summary>
/// <param name="Warehouse">Its name.</param>
/// <param name="Reference">The release.</param>
/// <param name="What">
/// What it did: <c>made</c>, <c>repeated</c>, <c>updated</c>, <c>cancelled</c>, <c>too late</c>,
/// <c>looked up</c>.
/// </param>
/// <param name="At">When.</param>
/// <param name="Units">By SKU, what the order holds after it.</param>
public sealed record WarehouseDid(
    string Warehouse, string Reference, string What, DateTimeOffset At, IReadOnlyDictionary<string, int> Units);

/// <summary>A silo's process ended.</summary>
/// <param name="Silo">Which.</param>
/// <param name="Code">Its exit code; 137 and 134 are 128 and the signal.</param>
/// <param name="At">When.</param>
/// <param name="Asked">The signal that it was sent; null when nobody asked it to end.</param>
/// <param name="LogBytes">How much it wrote in its life.</param>
/// <param name="LastOutput">What it wrote last.</param>
public sealed record SiloExit(
    int Silo, int Code, DateTimeOffset At, string? Asked, long LogBytes, string LastOutput);

/// <summary>How far the product was behind at one moment, by its tables.</summary>
/// <param name="At">When.</param>
/// <param name="Pending">Receipts that are not applied.</param>
/// <param name="Due">Messages that are not sent.</param>
public sealed record BacklogSample(DateTimeOffset At, int Pending, int Due)
{
    public bool IsEmpty => Pending + Due == 0;
}

/// <summary>
/// All that was seen from outside, as it came: what senders were answered, what warehouses said and took, and what was
/// broken. The judge knows this, the shop's and the warehouses' own books, and the database.
/// </summary>
public sealed class Ledger
{
    private readonly ConcurrentQueue<WebhookTry> _tries = new();
    private readonly ConcurrentQueue<StockTold> _stock = new();
    private readonly ConcurrentQueue<WarehouseDid> _calls = new();
    private readonly ConcurrentQueue<FaultDone> _faults = new();
    private readonly ConcurrentQueue<SiloExit> _exits = new();
    private readonly ConcurrentQueue<BacklogSample> _backlog = new();

    public IReadOnlyCollection<WebhookTry> Tries => _tries;

    public IReadOnlyCollection<StockTold> Stock => _stock;

    public IReadOnlyCollection<WarehouseDid> Calls => _calls;

    public IReadOnlyCollection<FaultDone> Faults => _faults;

    public IReadOnlyCollection<SiloExit> Exits => _exits;

    /// <summary>One for each second in which the database could be read.</summary>
    public IReadOnlyCollection<BacklogSample> Backlog => _backlog;

    public void Note(WebhookTry entry) => _tries.Enqueue(entry);

    public void Note(StockTold entry) => _stock.Enqueue(entry);

    public void Note(WarehouseDid entry) => _calls.Enqueue(entry);

    public void Note(FaultDone entry) => _faults.Enqueue(entry);

    public void Note(SiloExit entry) => _exits.Enqueue(entry);

    public void Note(BacklogSample entry) => _backlog.Enqueue(entry);
}
