using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// The independent model: what the shop and the warehouses know, beside what the product says of itself over HTTP. It
/// reads no database and shares no code with the product. Each finding is a sentence.
/// </summary>
internal sealed class Auditor(World world, IReadOnlyCollection<OrderStory> stories)
{
    private const int QuestionsAtOnceMax = 8;

    private readonly List<string> _violations = [];
    private readonly Lock _lock = new();

    public async Task<IReadOnlyList<string>> AuditAsync(CancellationToken cancellation)
    {
        var taken = world.Warehouses.SelectMany(warehouse => warehouse.Book.Orders).ToList();
        foreach (var complaint in world.Warehouses.SelectMany(warehouse => warehouse.Book.Complaints))
            Find($"a warehouse complains: {complaint}");
        foreach (var twice in taken.GroupBy(order => order.Reference, StringComparer.Ordinal)
            .Where(same => same.Count() > 1))
            Find($"{twice.Key} was made at {twice.Count()} warehouses");

        var byOrder = taken.ToLookup(order => order.Take.OrderId, StringComparer.Ordinal);
        var known = stories.Select(story => story.OrderId.ToString()).ToHashSet(StringComparer.Ordinal);
        foreach (var stranger in taken.Where(order => !known.Contains(order.Take.OrderId)))
            Find($"{stranger.Reference} is at a warehouse, and no shop has such an order");

        var judge = new OrderJudge(world);
        foreach (var story in stories)
        {
            foreach (var fault in judge.Judge(story, [.. byOrder[story.OrderId.ToString()]]))
                Find($"{story.Order.Name} ({story.Plot}, {story.OrderId}) {fault}");
        }
        await Parallel.ForEachAsync(stories.Where(story => story.Acknowledged),
            new ParallelOptions { MaxDegreeOfParallelism = QuestionsAtOnceMax, CancellationToken = cancellation },
            async (story, token) => await AskAsync(story, [.. byOrder[story.OrderId.ToString()]], token));
        await CompareStockAsync(cancellation);
        CheckBooks(await world.Api.FindAuditAsync(cancellation), taken);
        return _violations;
    }

    private async Task AskAsync(OrderStory story, IReadOnlyList<WarehouseOrder> taken, CancellationToken cancellation)
    {
        var order = await world.Api.FindOrderAsync(world.Shop.Source, story.OrderId, cancellation);
        var name = $"{story.Order.Name} ({story.Plot}, {story.OrderId})";
        if (order is null)
        {
            Find($"{name} was acknowledged, and the product does not know it");
            return;
        }
        if (OrderJudge.ExpectedStatus(story, taken) is { } expected && order.Status != expected)
            Find($"{name} is {order.Status} in the product, and in truth {expected}");
        foreach (var reference in taken.Where(each => each.IsLive).Select(each => each.Reference)
            .Except(order.Releases.Select(release => release.Reference), StringComparer.Ordinal))
            Find($"{name}: the product shows no release {reference}, and the warehouse has it");
    }

    /// <summary>On hand = counted + adjusted − shipped; nothing stays reserved for orders that are done.</summary>
    private async Task CompareStockAsync(CancellationToken cancellation)
    {
        // Orders that may still hold stock: unpaid ones, and ones changed while a warehouse was at work on them.
        var mayHold = stories.Where(story => story.Plot is Plot.NeverPaid or Plot.Edited or Plot.Refunded)
            .SelectMany(story => story.Order.Lines).GroupBy(line => line.Item.Sku, StringComparer.Ordinal)
            .ToDictionary(lines => lines.Key, lines => lines.Sum(line => line.QuantityMax), StringComparer.Ordinal);
        foreach (var warehouse in world.Warehouses)
        {
            foreach (var (sku, onHand) in warehouse.Book.OnHand)
            {
                var stock = await world.Api.FindStockAsync(warehouse.Location, sku, cancellation);
                if (WrongStock(stock, onHand, mayHold.GetValueOrDefault(sku)) is { } wrong)
                    Find($"{warehouse.Location}/{sku}: {wrong}");
            }
        }
    }

    private static string? WrongStock(StockView? stock, int onShelf, int mayHold) =>
        stock is null ? "the product does not know it"
        : stock.OnHand != onShelf ? $"{stock.OnHand} on hand in the product, {onShelf} on the shelf"
        : stock.Reserved < 0 || stock.Reserved > stock.OnHand ? $"{stock.Reserved} reserved of {stock.OnHand}"
        : stock.Reserved > mayHold ? $"{stock.Reserved} still reserved, and open orders want at most {mayHold}"
        : stock.Waiting > mayHold ? $"orders still wait for {stock.Waiting}"
        : null;

    private void CheckBooks(Audit? audit, IReadOnlyList<WarehouseOrder> taken)
    {
        if (audit is null)
        {
            Find("the product gives no audit");
            return;
        }
        var (receipts, messages, stock) = (audit.Receipts, audit.Messages, audit.Stock);
        var acknowledged = world.Shop.WebhooksAcknowledged
            + world.Warehouses.Sum(warehouse => warehouse.EventsAcknowledged);
        if (!audit.Balanced) Find($"the audit is not balanced: {audit}");
        if (!audit.IsQuiet) Find($"{receipts.Pending} receipts pending, {messages.Due} messages due");
        if (receipts.Received != receipts.Applied + receipts.Duplicate + receipts.Stale + receipts.Ignored
            + receipts.Parked + receipts.Pending) Find($"receipts do not add up: {receipts}");
        if (messages.Created != messages.Delivered + messages.Superseded + messages.Parked + messages.Due)
            Find($"messages do not add up: {messages}");
        if (receipts.Received < acknowledged)
            Find($"{acknowledged} webhooks had their 200, and the product has {receipts.Received}");
        if (receipts.Parked > 0) Find($"{receipts.Parked} receipts are parked, and each could be understood");
        // A change or cancel that the warehouse refused is for a person; nothing else is.
        var refused = taken.Sum(order => order.ChangesRefused + order.CancelsRefused);
        if (messages.Parked > refused) Find($"{messages.Parked} messages are parked, and warehouses refused {refused}");
        if (!stock.IsClean) Find($"stock is wrong: {stock}");
    }

    private void Find(string violation)
    {
        lock (_lock) _violations.Add(violation);
    }
}
