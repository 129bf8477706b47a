using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox.Demo;

/// <summary>What happens around a product, wherever it runs: trading, mishaps, and the balance at the end.</summary>
internal sealed class Trade(
    DemoOptions options, Func<Uri> product, string key, Teller teller, TimeProvider time, HttpClient http)
{
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    /// <summary>How long the end waits for what is in hand, so that the summary can be whole.</summary>
    private static readonly TimeSpan FinishMax = TimeSpan.FromSeconds(5);

    private readonly ProductApi _api = new(product, key, http);

    /// <summary>A warehouse of the story's; it tells what it does.</summary>
    public Warehouse Open(WarehouseOptions warehouse) => new(
        warehouse with { TwoParcelsPercent = 15, EventsTwicePercent = 10 }, product, time, http,
        (reference, what) => teller.Tell(warehouse.Name, teller.NameOf(reference), what));

    /// <summary>Trades until the token or the options end it.</summary>
    /// <param name="shop">Whose customers order.</param>
    /// <param name="warehouses">Started; the first fails now and then, the last receives goods.</param>
    /// <param name="hangFor">Longer than the product waits for a warehouse.</param>
    /// <param name="ready">Said when the product is ready.</param>
    /// <param name="endAsync">Called when the last audit is taken, before the summary.</param>
    /// <param name="stop">Closes the shop; what is in hand is finished.</param>
    /// <returns>0 with the books balanced; 1 otherwise.</returns>
    public async Task<int> RunAsync(
        Shop shop, IReadOnlyList<Warehouse> warehouses, TimeSpan hangFor, string ready, Func<Task> endAsync,
        CancellationToken stop)
    {
        if (!await Until.TrueAsync(_api.IsReadyAsync, StartMax, time, stop))
            throw new TimeoutException("The product did not become ready");
        await Task.WhenAll(warehouses.Select(warehouse => warehouse.CountAsync())).WaitAsync(StartMax, time, stop);
        teller.Shop = shop;
        teller.Say(ready);

        var scenario = new ShopScenario(shop, options.Seed, time,
            (order, what) => teller.Tell("shop", order?.Name ?? "", what))
        { OrdersPerSecond = options.OrdersPerSecond };
        var faults = new DemoFaults(warehouses[0], warehouses[^1], hangFor, time, teller);
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.RunFor is { } runFor) closing.CancelAfter(runFor);
        await Task.WhenAll(scenario.RunAsync(closing.Token), faults.RunAsync(closing.Token));

        teller.Say("Stopping: the shop is closed; what is in hand is finished.");
        foreach (var warehouse in warehouses) await warehouse.ComeBackAsync(CancellationToken.None);
        Audit? audit = null;
        await Until.TrueAsync(
            async cancellation => (audit = await _api.FindAuditAsync(cancellation) ?? audit) is { IsQuiet: true }
                && warehouses.All(warehouse => warehouse.Unfinished == 0),
            FinishMax, time, CancellationToken.None);
        await endAsync();

        Summarize(shop, scenario, warehouses, audit);
        return audit?.Balanced == true && scenario.ForgeriesTaken == 0 ? 0 : 1;
    }

    private void Summarize(Shop shop, ShopScenario scenario, IReadOnlyList<Warehouse> warehouses, Audit? audit)
    {
        var taken = warehouses.SelectMany(warehouse => warehouse.Book.Orders).ToList();
        var (receipts, messages) = (audit?.Receipts, audit?.Messages);
        teller.Say($"""
            Orders      placed {shop.Orders.Count()}, acknowledged {scenario.Acknowledged}
                        cancelled by the shop {shop.Orders.Count(order => order.CancelledAt is not null)}
            Warehouses  taken {taken.Count}, shipped {taken.Count(order => order.Status is WarehouseStatus.Shipped)}
                        cancelled {taken.Count(order => !order.IsLive)}
                        complaints {warehouses.Sum(warehouse => warehouse.Book.Complaints.Count)}
            Webhooks    received {receipts?.Received}, applied {receipts?.Applied}
                        duplicate {receipts?.Duplicate}, stale {receipts?.Stale}, ignored {receipts?.Ignored}
                        parked {receipts?.Parked}, pending {receipts?.Pending}
                        forged and taken {scenario.ForgeriesTaken}
            Messages    created {messages?.Created}, delivered {messages?.Delivered}
                        superseded {messages?.Superseded}, parked {messages?.Parked}, due {messages?.Due}
            Audit balanced: {(audit?.Balanced == true ? "yes" : "no")}
            """);
    }
}
