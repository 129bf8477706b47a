using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>What is found where the stock and the orders disagree.</summary>
public abstract class StockAuditContract : StorageContract
{
    private static readonly StockAudit Clean = new(0, 0, 0, 0, 0, 0, 0);
    private static readonly OrderKey Missing = new("acme", "missing");
    private static readonly OrderKey Finished = new("acme", "shipped");

    [Fact]
    public async Task An_audit_of_a_right_world_finds_nothing()
    {
        Assert.Equal(Clean, await AuditAsync());
        await CountOnAsync(Order, 2, waiting: 1, atWarehouse: 2);
        await ReserveAsync(
            10, 2, Open(Order, 2) with { State = ReservationState.Waiting, AtWarehouse = 2, Waiting = 1 },
            Open(Finished, 0) with { State = ReservationState.Consumed, Consumed = 4 });
        await Storage.Orders.CommitAsync(Placed(Finished, OrderStatus.Shipped));
        Assert.Equal(Clean, await AuditAsync());
    }

    [Fact]
    public async Task The_audit_finds_unbalanced_levels_orphans_and_what_they_hold()
    {
        await Storage.Orders.CommitAsync(Placed(Finished, OrderStatus.Shipped));
        await ReserveAsync(
            10, 9, Open(Finished, 1), Open(Missing, 0) with { State = ReservationState.Waiting, Waiting = 1 });

        Assert.Equal(Clean with { Unbalanced = 1, OrphanReservations = 2, Unowned = 2 }, await AuditAsync());
        Assert.Equal(Clean with { Unbalanced = 1 }, await Storage.Stock.AuditAsync(Now));
        Assert.Equal((1, 1), await Storage.Stock.CountReservationsAsync());
    }

    [Fact]
    public async Task The_audit_finds_units_that_a_live_order_does_not_count_on()
    {
        await CountOnAsync(Order, 2);
        await ReserveAsync(10, 6, Open(Order, 3), Open(Order, 3) with { LineId = "2" });
        Assert.Equal(Clean with { Unowned = 4 }, await AuditAsync());
        Assert.Equal(Clean, await Storage.Stock.AuditAsync(Now));
    }

    [Fact]
    public async Task The_audit_finds_units_that_an_order_counts_on_and_nobody_holds()
    {
        await CountOnAsync(Order, 2, waiting: 1);
        Assert.Equal(Clean with { Unheld = 3 }, await AuditAsync());
        await ReserveAsync(10, 1, Open(Order, 1));
        Assert.Equal(Clean with { Unheld = 2 }, await AuditAsync());

        // Given back a moment ago: the order's commit may be under way.
        Assert.Equal(Clean, await Storage.Stock.AuditAsync(Now));
    }

    [Fact]
    public async Task Units_that_go_between_held_and_waiting_are_nobodys_loss()
    {
        await CountOnAsync(Order, 2);
        await ReserveAsync(10, 0, Open(Order, 0) with { State = ReservationState.Waiting, Waiting = 2 });
        Assert.Equal(Clean, await AuditAsync());
    }

    [Fact]
    public async Task The_audit_finds_units_that_warehouses_have_orders_for_and_that_are_not_there()
    {
        await CountOnAsync(Order, 5, atWarehouse: 4);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 5, 5) with
        {
            Level = new StockLevel(5, 5, 1, Now, Shortfall: 2) { Counted = 3 },
            Reservations = [Open(Order, 5) with { AtWarehouse = 4 }],
        });
        Assert.Equal(Clean with { Overcommitted = 1 }, await AuditAsync());
    }

    [Fact]
    public async Task The_audit_finds_stocks_of_which_more_left_than_was_there()
    {
        await CountOnAsync(Order, 2, atWarehouse: 2);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 2, 2) with
        {
            Level = new StockLevel(2, 2, 1, Now, Shortfall: 3) { Counted = 2, MovedAt = Now.AddSeconds(1) },
            Reservations = [Open(Order, 2) with { AtWarehouse = 2 }],
            Movements = [Left(3, Now.AddSeconds(1)), Left(9, Now)],
        });
        Assert.Equal(Clean with { Overcommitted = 2, Contradicted = 1 }, await AuditAsync());
    }

    /// <summary>As when the last word had been believed: a count of before a shipment, told after it.</summary>
    [Fact]
    public async Task The_audit_finds_units_that_the_history_does_not_have()
    {
        await CountOnAsync(Order, 10, atWarehouse: 10);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 10, 10) with
        {
            Reservations = [Open(Order, 10) with { AtWarehouse = 10 }],
            Movements = [Left(3, Now.AddSeconds(1))],
        });
        Assert.Equal(Clean with { Unbalanced = 1, Overcommitted = 3 }, await AuditAsync());
    }

    /// <summary>A level whose newest count says what it holds.</summary>
    private static new StockCommit Level(StockKey key, long expected, int onHand, int reserved)
    {
        var commit = StorageContract.Level(key, expected, onHand, reserved);
        return commit with { Level = commit.Level with { Counted = onHand } };
    }

    private static StockMovement Left(int units, DateTimeOffset at) =>
        new($"ship:{at:O}", MovementKind.Shipped, -units, 0, "shipment 1", at) { Order = Order, LineId = "1" };

    [Fact]
    public async Task What_is_held_for_an_order_is_found_wherever_it_is()
    {
        await ReserveAsync(
            10, 5, Open(Order, 3) with { AtWarehouse = 1 }, Open(Missing, 2),
            Open(Order, 0) with { LineId = "3", State = ReservationState.Released });
        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 0, 9, 1) with
        {
            Reservations = [Open(Order, 1) with { LineId = "2", State = ReservationState.Waiting, Waiting = 4 }],
        });

        var held = await Task.WhenAll(
            new[] { Order, Missing, Finished, Order }.Select(Storage.Stock.ListHeldAsync));
        Allocation[] ofOrder =
            [new("1", Shirt.Sku, "east", 3, 0, 1), new("2", Shirt.Sku, "west", 1, 4)];
        Assert.Equal(ofOrder, held[0].OrderBy(allocation => allocation.LineId, StringComparer.Ordinal));
        Assert.Equal([new Allocation("1", Shirt.Sku, "east", 2, 0)], held[1]);
        Assert.Empty(held[2]);
        Assert.Equal(2, held[3].Count);
    }

    [Fact]
    public async Task Orders_that_differ_are_looked_for_where_a_reservation_changed()
    {
        var (right, gone) = (new OrderKey("acme", "right"), new OrderKey("acme", "gone"));
        await CountOnAsync(right, 1);
        await CountOnAsync(gone, 1);
        await Storage.Orders.CommitAsync(Placed(Order));
        await Storage.Orders.CommitAsync(Placed(Finished, OrderStatus.Shipped));
        await ReserveAsync(
            10, 5, Open(right, 1), Open(Order, 1), Open(Finished, 1), Open(Missing, 2),
            Open(gone, 0) with { State = ReservationState.Released });

        async Task<string> UnsettledAsync(DateTimeOffset from, DateTimeOffset before, bool strangers = true) =>
            string.Join(' ', (await Storage.Stock.ListUnsettledAsync(from, before, strangers))
                .Select(order => order.OrderId).Order(StringComparer.Ordinal));

        var later = Now.AddMinutes(1);
        Assert.Equal($"{Order.OrderId} gone missing shipped", await UnsettledAsync(Now, later));
        Assert.Equal($"{Order.OrderId} gone shipped", await UnsettledAsync(Now, later, strangers: false));
        Assert.Empty(await UnsettledAsync(Now.AddSeconds(1), later));
        Assert.Empty(await UnsettledAsync(Now.AddSeconds(-9), Now));
    }

    [Fact]
    public async Task Orphans_are_looked_for_stock_by_stock()
    {
        await Storage.Orders.CommitAsync(Placed(Order));
        await Storage.Orders.CommitAsync(Placed(Finished, OrderStatus.Cancelled));
        await ReserveAsync(10, 3, Open(Order, 1), Open(Finished, 1), Open(Missing, 1));
        await Storage.Stock.CommitAsync(Level(new StockKey("east", "A"), 0, 10, 0));
        await Storage.Stock.CommitAsync(Level(new StockKey("west", "A"), 0, 10, 1) with
        {
            Reservations = [Open(Missing, 1)],
        });

        var pages = new List<string>();
        StockKey? after = null;
        do
        {
            var page = await Storage.Stock.ListOrphansAsync(after, Now.AddMinutes(1), 1);
            pages.Add(string.Join(' ', page.Orders.Select(order => order.OrderId).Order(StringComparer.Ordinal)));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["", "missing shipped", "missing", ""], pages);
        Assert.Empty((await Storage.Stock.ListOrphansAsync(null, Now, 10)).Orders);
    }

    private Task<StockAudit> AuditAsync() => Storage.Stock.AuditAsync(Now.AddMinutes(1));

    private Task<bool> CountOnAsync(OrderKey order, int units, int waiting = 0, int atWarehouse = 0) =>
        Storage.Orders.CommitAsync(Placed(order) with
        {
            Next = NewOrder(order) with
            {
                Allocations = [new Allocation("1", Shirt.Sku, Shirt.Location, units, waiting, atWarehouse)],
            },
        });

    private Task<bool> ReserveAsync(int onHand, int reserved, params Reservation[] reservations) =>
        Storage.Stock.CommitAsync(Level(Shirt, 0, onHand, reserved) with { Reservations = reservations });
}
