using System.Globalization;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

public sealed class WarehouseHabitTests
{
    private const string Reference = "acme-1-1";

    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(40);
    private static readonly TimeSpan DoneMax = TimeSpan.FromSeconds(20);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_on_the_shelf_follows_each_change_and_leaves_when_the_shelf_is_opened()
    {
        await using var open = new OpenWarehouse(TimeProvider.System, Soon, new WarehouseHabits { ShelfPercent = 100 });
        await open.Warehouse.StartAsync(Cancellation);
        using var made = await open.PutAsync(Reference, Cancellation);
        using var second = await open.PutAsync("acme-2-1", Cancellation);
        // The clerk looks about every 25 ms of real time; this one has no due work however long one waits.
        Assert.Equal(0, open.Warehouse.Unfinished);
        using var changed = await open.PutAsync(Reference, Cancellation, quantity: 3);
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal(HttpStatusCode.OK, await open.CancelAsync("acme-2-1", Cancellation));

        open.Warehouse.OpenShelf();
        await DoneAsync(open);
        Assert.Equal(3, open.Warehouse.Book.Find(Reference)!.Shipped["1"]);
        Assert.Equal(["shipment.created"], open.HeardTypes, StringComparer.Ordinal);
    }

    [Fact]
    public async Task It_ships_one_more_and_says_so_where_many_stay()
    {
        var habits = new WarehouseHabits { ShipsMorePercent = 100, ShipsMoreLeaving = 400 };
        await using var open = new OpenWarehouse(TimeProvider.System, Soon, habits);
        var said = Listen(open);
        await open.Warehouse.StartAsync(Cancellation);
        using var made = await open.PutAsync(Reference, Cancellation);
        await DoneAsync(open);
        Assert.Equal(1, open.Warehouse.Book.Find(Reference)!.ShippedMore["1"]);
        Assert.Equal(497, open.Warehouse.Book.OnHand["TEA"]);
        Assert.Equal(
            (StockWord.Shipped, "TEA", -3), Assert.Single(said) is var one ? (one.Word, one.Sku, one.Units) : default);
    }

    [Fact]
    public async Task It_ships_no_more_than_was_asked_where_few_would_stay()
    {
        var habits = new WarehouseHabits { ShipsMorePercent = 100, ShipsMoreLeaving = 500 };
        await using var open = new OpenWarehouse(TimeProvider.System, Soon, habits);
        await open.Warehouse.StartAsync(Cancellation);
        using var made = await open.PutAsync(Reference, Cancellation);
        await DoneAsync(open);
        Assert.Equal(2, open.Warehouse.Book.Find(Reference)!.Shipped["1"]);
    }

    [Theory]
    [InlineData(100, 0, WarehouseStatus.Refused, "order.refused")]
    [InlineData(0, 100, WarehouseStatus.Cancelled, "order.cancelled")]
    public async Task It_ends_an_order_of_its_own_accord_before_the_pick(
        int refuses, int cancels, WarehouseStatus status, string type)
    {
        var habits = new WarehouseHabits { RefusesPercent = refuses, CancelsPercent = cancels };
        await using var open = new OpenWarehouse(TimeProvider.System, Soon, habits);
        await open.Warehouse.StartAsync(Cancellation);
        using var made = await open.PutAsync(Reference, Cancellation);
        await DoneAsync(open);
        var order = open.Warehouse.Book.Find(Reference)!;
        Assert.Equal((status, true, 0), (order.Status, order.EndedByItself, order.Units.Count));
        Assert.Equal([type], open.HeardTypes, StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_order_goes_in_as_many_parcels_as_there_may_be_and_each_is_told()
    {
        var habits = new WarehouseHabits { ParcelsMax = 3 };
        await using var open = new OpenWarehouse(TimeProvider.System, Soon, habits, twoParcelsPercent: 100);
        await open.Warehouse.StartAsync(Cancellation);
        for (var n = 0; n < 6; n++)
            using (await open.PutAsync(string.Create(CultureInfo.InvariantCulture, $"acme-{n}-1"), Cancellation, 7)) { }
        await DoneAsync(open);
        Assert.All(open.Warehouse.Book.Orders, order => Assert.Equal(7, order.Shipped["1"]));
        Assert.Equal([2, 3], open.Warehouse.Book.Orders.Select(order => order.Shipments).Distinct().Order());
        Assert.Equal(open.Warehouse.Book.Orders.Sum(order => order.Shipments), open.Heard.Count);
    }

    [Fact]
    public async Task A_late_count_bears_the_time_of_the_counting_by_a_clock_that_is_wrong()
    {
        var time = new FakeTimeProvider(new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero));
        var ahead = TimeSpan.FromSeconds(-70);
        await using var open = new OpenWarehouse(time, TimeSpan.FromHours(1), clockError: ahead);
        var said = Listen(open);
        await open.Warehouse.StartAsync(Cancellation);
        var counted = time.GetUtcNow();
        var late = open.Warehouse.CountAsync("TEA", TimeSpan.FromSeconds(10));
        time.Advance(TimeSpan.FromSeconds(1));
        await open.Warehouse.AdjustAsync("TEA", -5, "broken").WaitAsync(Cancellation);
        Assert.False(late.IsCompleted);
        time.Advance(TimeSpan.FromSeconds(9));
        await late.WaitAsync(Cancellation);

        Assert.Equal(["stock.adjusted", "stock.counted"], open.HeardTypes, StringComparer.Ordinal);
        Assert.Equal(
            [
                (StockWord.Adjusted, -5, counted.AddSeconds(1) + ahead, counted.AddSeconds(1)),
                (StockWord.Counted, 500, counted + ahead, counted.AddSeconds(10)),
            ],
            said.Select(each => (each.Word, each.Units, each.At, each.SaidAt)));
        var count = open.Heard.Last().GetProperty("data");
        Assert.Equal(counted + ahead, count.GetProperty("asOf").GetDateTimeOffset());
    }

    [Fact]
    public async Task Every_effect_of_a_call_is_told_with_what_the_order_holds_after_it()
    {
        await using var open = new OpenWarehouse(TimeProvider.System, TimeSpan.FromHours(1));
        var did = new List<(string, int)>();
        open.Warehouse.Witness.OfCall = call => did.Add((call.What, call.Units.GetValueOrDefault("TEA")));
        await open.Warehouse.StartAsync(Cancellation);
        for (var quantity = 2; quantity <= 3; quantity++)
        {
            using var first = await open.PutAsync(Reference, Cancellation, quantity);
            using var again = await open.PutAsync(Reference, Cancellation, quantity);
        }
        await open.FindAsync(Reference, Cancellation);
        await open.CancelAsync(Reference, Cancellation);
        await open.CancelAsync("acme-2-1", Cancellation);
        using var late = await open.PutAsync(Reference, Cancellation);
        Assert.Equal(
            [
                ("made", 2), ("repeated", 2), ("updated", 3), ("repeated", 3), ("looked up", 3), ("cancelled", 0),
                ("too late", 0),
            ],
            did);
    }

    private static List<StockSaying> Listen(OpenWarehouse open)
    {
        var said = new List<StockSaying>();
        open.Warehouse.Witness.OfStock = said.Add;
        return said;
    }

    private static async Task DoneAsync(OpenWarehouse open) => Assert.True(await Until.TrueAsync(
        _ => Task.FromResult(open.Warehouse.Unfinished == 0), DoneMax, TimeProvider.System, Cancellation,
        TimeSpan.FromMilliseconds(5)));
}
