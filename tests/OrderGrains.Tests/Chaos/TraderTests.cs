using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Trade;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>A whole run of trade with a product that says 200 and does nothing, in no time.</summary>
public sealed class TraderTests
{
    private static readonly ChaosOptions Options = new() { Seed = 3, Duration = TimeSpan.FromSeconds(10) };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_seed_makes_the_same_orders_with_the_same_webhooks()
    {
        var (one, other) = (await TradeAsync(Options), await TradeAsync(Options));
        Assert.Equal(80, one.Shop.Orders.Count());
        Assert.Equal(Tell(one.Shop), Tell(other.Shop), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_order_that_others_are_left_out_around_has_its_id_and_its_story_still()
    {
        var whole = await TradeAsync(Options);
        var some = await TradeAsync(Options with { Orders = new HashSet<int> { 5, 41 } });
        Assert.Equal([1006, 1042], some.Shop.Orders.Select(order => order.Number));
        Assert.Empty(Tell(some.Shop).Except(Tell(whole.Shop), StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_ledger_has_what_was_said_of_the_stock_and_it_comes_to_what_is_there()
    {
        var trade = await TradeAsync(Options);
        foreach (var warehouse in trade.Warehouses)
        {
            foreach (var (sku, units) in warehouse.Book.OnHand)
            {
                var told = trade.Ledger.Stock
                    .Where(each => each.Location == warehouse.Location && each.Sku == sku).ToList();
                var count = told.Where(each => each.Kind is StockTold.Kinds.Counted).MaxBy(each => each.At)!;
                var since = told.Where(each => each.Kind is not StockTold.Kinds.Counted && each.At > count.At);
                Assert.Equal(units, count.Units + since.Sum(each => each.Units));
            }
        }
        var wrong = Assert.Single(trade.Warehouses, warehouse => warehouse.ClockError != TimeSpan.Zero);
        Assert.All(
            trade.Ledger.Stock.Where(told => told.Location == wrong.Location),
            told => Assert.InRange(
                // The book's times are a microsecond apart at least, where this clock stands still between two acts.
                told.SaidAt + wrong.ClockError - told.At, TimeSpan.FromMilliseconds(-1), TimeSpan.FromSeconds(25)));
    }

    private static IEnumerable<string> Tell(Shop shop) => shop.Orders.SelectMany(order => order.Told.Select(told =>
        $"{order.Name} {told.Topic} {told.WebhookId} {string.Join(',', told.Wanted)}"));

    private static async Task<(Shop Shop, IReadOnlyList<Warehouse> Warehouses, Ledger Ledger)> TradeAsync(
        ChaosOptions options)
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        using var http = new HttpClient(new Agreeable());
        var product = new Uri("http://product");
        var shop = new Shop("acme", "secret", () => product, time, options.Seed, http);
        var warehouses = Premises.Warehouses(options)
            .Select(each => new Warehouse(each, () => product, time, http)).ToList();
        foreach (var warehouse in warehouses) await warehouse.StartAsync(Cancellation);
        var ledger = new Ledger();
        var run = new Trader(options, shop, warehouses, ledger, time).RunAsync(time.GetUtcNow(), Cancellation);
        while (!run.IsCompleted)
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            // What is due runs on other threads; the clock must not run away from them.
            await Task.Yield();
        }
        await run;
        foreach (var warehouse in warehouses) await warehouse.DisposeAsync();
        return (shop, warehouses, ledger);
    }

    private sealed class Agreeable : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request, CancellationToken cancellationToken) =>
            Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK));
    }
}
