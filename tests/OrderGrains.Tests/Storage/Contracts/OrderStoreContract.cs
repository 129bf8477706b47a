using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class OrderStoreContract : StorageContract
{
    [Fact]
    public async Task An_unknown_order_loads_as_null() => Assert.Null(await Storage.Orders.LoadAsync(Order));

    [Fact]
    public async Task A_commit_writes_order_timeline_message_and_receipt_together()
    {
        var receipt = await AppendAsync();
        var message = MessageTo("east-wms", Order);
        var entry = new TimelineEntry(Now, TimelineKind.OrderReleased, "to east-wms", receipt.Id, message.Id, "ops");

        Assert.True(await Storage.Orders.CommitAsync(Placed(Order, OrderStatus.Released) with
        {
            Timeline = [entry],
            Messages = [message],
            Receipt = Settled(receipt, ReceiptOutcome.Applied),
        }));
        await Storage.ReopenAsync();

        var stored = await Storage.Orders.LoadAsync(Order);
        Assert.Equal((1, OrderStatus.Released), (stored!.Version, stored.Order.Status));
        Assert.Equal([entry], await Storage.Orders.ListTimelineAsync(Order, 10));
        Assert.Equal(message.Id, Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now, 10)).Id);
        Assert.Equal(ReceiptOutcome.Applied, (await Storage.Inbox.FindAsync(receipt.Id))!.Outcome);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(7)]
    public async Task A_version_conflict_writes_nothing(long expected)
    {
        await Storage.Orders.CommitAsync(Placed(Order));
        var receipt = await AppendAsync();

        Assert.False(await Storage.Orders.CommitAsync(Placed(Order, OrderStatus.Cancelled) with
        {
            ExpectedVersion = expected,
            Timeline = [new TimelineEntry(Now, TimelineKind.OrderCancelled, "by the storefront")],
            Messages = [MessageTo("east-wms", Order)],
            Receipt = Settled(receipt, ReceiptOutcome.Applied),
        }));

        var stored = await Storage.Orders.LoadAsync(Order);
        Assert.Equal((1, OrderStatus.Received), (stored!.Version, stored.Order.Status));
        Assert.Empty(await Storage.Orders.ListTimelineAsync(Order, 10));
        Assert.Empty(await Storage.Outbox.DueAsync("east-wms", Now, 10));
        Assert.Equal(ReceiptOutcome.Pending, (await Storage.Inbox.FindAsync(receipt.Id))!.Outcome);
    }

    [Fact]
    public async Task Of_many_commits_on_one_version_one_wins()
    {
        await Storage.Orders.CommitAsync(Placed(Order));

        var won = await Task.WhenAll(Enumerable.Range(0, 50)
            .Select(_ => Storage.Orders.CommitAsync(Placed(Order) with { ExpectedVersion = 1 })));

        Assert.Single(won, true);
        Assert.Equal(2, (await Storage.Orders.LoadAsync(Order))!.Version);
    }

    [Fact]
    public async Task A_duplicate_settles_its_receipt_without_a_version()
    {
        await Storage.Orders.CommitAsync(Placed(Order));
        var receipt = await AppendAsync();

        Assert.True(await Storage.Orders.CommitAsync(new OrderCommit
        {
            Key = Order,
            Timeline = [new TimelineEntry(Now, TimelineKind.ReceiptDuplicate, "known already", receipt.Id)],
            Receipt = Settled(receipt, ReceiptOutcome.Duplicate),
            At = Now,
        }));

        Assert.Equal(1, (await Storage.Orders.LoadAsync(Order))!.Version);
        Assert.Single(await Storage.Orders.ListTimelineAsync(Order, 10));
        Assert.Equal(ReceiptOutcome.Duplicate, (await Storage.Inbox.FindAsync(receipt.Id))!.Outcome);
    }

    [Fact]
    public async Task Messages_without_a_fence_are_refused() =>
        await Assert.ThrowsAsync<ArgumentException>(() => Storage.Orders.CommitAsync(
            new OrderCommit { Key = Order, Messages = [MessageTo("east-wms", Order)], At = Now }));

    [Fact]
    public async Task A_receipt_that_is_settled_already_does_not_hold_back_the_rest()
    {
        var receipt = await AppendAsync();
        await Storage.Inbox.SettleAsync(Settled(receipt, ReceiptOutcome.Ignored, "a person said so"));

        Assert.True(await Storage.Orders.CommitAsync(
            Placed(Order) with { Receipt = Settled(receipt, ReceiptOutcome.Applied) }));

        Assert.NotNull(await Storage.Orders.LoadAsync(Order));
        Assert.Equal(ReceiptOutcome.Ignored, (await Storage.Inbox.FindAsync(receipt.Id))!.Outcome);
    }

    [Fact]
    public async Task One_bad_commit_in_a_group_fails_alone_and_leaves_nothing()
    {
        var keys = Enumerable.Range(0, 3).Select(at => new OrderKey("acme", $"{at}")).ToArray();
        var twice = MessageTo("east-wms", keys[1]);
        Task<bool>[] group;
        using (await Storage.HoldWriterAsync())
        {
            group = [.. keys.Select(key => Storage.Orders.CommitAsync(
                Placed(key) with { Messages = key == keys[1] ? [twice, twice] : [MessageTo("east-wms", key)] }))];
        }

        Assert.True(await group[0]);
        await Assert.ThrowsAsync<StorageException>(() => group[1]);
        Assert.True(await group[2]);
        Assert.Null(await Storage.Orders.LoadAsync(keys[1]));
        Assert.Equal(2, (await Storage.Outbox.AuditAsync()).Created);
    }

    [Fact]
    public async Task A_thousand_orders_commit_at_once_and_load_at_once()
    {
        var keys = Enumerable.Range(0, 1_000).Select(at => new OrderKey("acme", $"{at}")).ToArray();

        Assert.All(await Task.WhenAll(keys.Select(key => Storage.Orders.CommitAsync(
            Placed(key) with
            {
                Timeline = [new TimelineEntry(Now, TimelineKind.OrderReceived, key.OrderId)],
            }))), Assert.True);

        var loaded = await Task.WhenAll(keys.Select(Storage.Orders.LoadAsync));
        Assert.Equal(keys, loaded.Select(stored => stored!.Order.Key));
        Assert.All(loaded, stored => Assert.Equal(1, stored!.Version));
        Assert.Equal(1_000, (await Storage.Orders.CountByStatusAsync())[OrderStatus.Received]);
    }

    [Fact]
    public async Task A_group_load_answers_each_its_own_and_twins_alike()
    {
        var odd = new OrderKey("acme", "quote\" back\\slash ☃ %_");
        await Storage.Orders.CommitAsync(Placed(Order));
        await Storage.Orders.CommitAsync(Placed(odd));

        var loaded = await Task.WhenAll(
            new[] { Order, odd, Order, new OrderKey("acme", "missing") }.Select(Storage.Orders.LoadAsync));

        Assert.Equal([Order, odd, Order, null], loaded.Select(stored => stored?.Order.Key));
    }

    [Fact]
    public async Task An_order_whose_reservations_have_an_end_is_found_from_then_on()
    {
        var until = Now.AddHours(1);
        await Storage.Orders.CommitAsync(Placed(Order) with { Next = NewOrder(Order) with { ReservedUntil = until } });
        async Task<IReadOnlyList<OrderKey>> ListAsync(DateTimeOffset now) =>
            (await Storage.Orders.ListReservedUntilAsync(now, null, 10)).Orders;

        Assert.Empty(await ListAsync(until.AddSeconds(-1)));
        Assert.Equal([Order], await ListAsync(until));

        await Storage.Orders.CommitAsync(Placed(Order) with { ExpectedVersion = 1 });
        Assert.Empty(await ListAsync(until));
    }

    [Fact]
    public async Task A_sweep_goes_on_behind_what_it_looked_at_though_all_of_it_stays_in_the_list()
    {
        for (var at = 0; at < 5; at++)
        {
            var (key, until) = (new OrderKey("acme", $"{at}"), Now.AddSeconds(at / 2));
            await Storage.Orders.CommitAsync(Placed(key) with { Next = NewOrder(key) with { ReservedUntil = until } });
        }

        var seen = new List<string>();
        SweepPlace? after = null;
        do
        {
            var page = await Storage.Orders.ListReservedUntilAsync(Now.AddHours(1), after, 2);
            seen.AddRange(page.Orders.Select(order => order.OrderId));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["0", "1", "2", "3", "4"], seen);
    }

    [Fact]
    public async Task An_order_that_may_be_split_is_servable_when_all_places_together_have_it()
    {
        var waits = Open(Order, 0) with { State = ReservationState.Waiting, Waiting = 3 };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 1, 0) with { Reservations = [waits] });
        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 0, 1, 0));
        await CommitWaitingAsync(Order, 3);
        Assert.Empty(await ListServableAsync(splits: true));

        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 1, 2, 0));
        Assert.Empty(await ListServableAsync(splits: false));
        Assert.Empty(await ListServableAsync(splits: true, "east", "north"));
        Assert.Equal([Order], await ListServableAsync(splits: true));
    }

    [Fact]
    public async Task An_order_is_servable_where_its_source_may_ship_from_and_nothing_binds_it_elsewhere()
    {
        var waits = Open(Order, 0) with { State = ReservationState.Waiting, Waiting = 3 };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 1, 0) with { Reservations = [waits] });
        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 0, 9, 0));
        await CommitWaitingAsync(Order, 3);
        Assert.Equal([Order], await ListServableAsync(splits: false));
        Assert.Empty(await ListServableAsync(splits: false, "east"));

        // A warehouse has one of its units: it stays there.
        await Storage.Stock.CommitAsync(Level(Shirt, 1, 1, 1) with
        {
            Reservations = [waits with { Quantity = 1, AtWarehouse = 1, Waiting = 2 }],
        });
        Assert.Empty(await ListServableAsync(splits: false));
        Assert.Equal([Order], await ListServableAsync(splits: true));
    }

    [Fact]
    public async Task An_order_on_hold_is_left_out_and_many_that_stay_hide_none_behind_them()
    {
        var orders = Enumerable.Range(0, 5).Select(at => new OrderKey("acme", $"{at}")).ToArray();
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 0, 0) with
        {
            Reservations = [.. orders.Select(key =>
                Open(key, 0) with { State = ReservationState.Waiting, Waiting = 1 })],
        });
        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 0, 9, 0));
        foreach (var key in orders)
            await CommitWaitingAsync(key, 1, key.OrderId == "1" ? OrderStatus.OnHold : OrderStatus.Backordered);

        var pages = new List<string>();
        SweepPlace? after = null;
        do
        {
            var page = await Storage.Orders.ListServableAsync(PlacesOf(false, "east", "west"), after, 2);
            pages.Add(string.Concat(page.Orders.Select(order => order.OrderId)));
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(["0", "23", "4"], pages);
    }

    [Theory]
    [InlineData(2, 0, 0, false)]
    [InlineData(1, 0, 0, true)]
    [InlineData(3, 0, 0, true)]
    [InlineData(2, 1, 0, true)]
    [InlineData(2, 0, 2, true)]
    public async Task An_order_that_counts_on_other_units_than_are_held_is_unsettled(
        int held, int waiting, int atWarehouse, bool unsettled)
    {
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 9, held) with
        {
            Reservations =
            [
                Open(Order, held) with
                {
                    State = waiting > 0 ? ReservationState.Waiting : ReservationState.Open,
                    Waiting = waiting,
                    AtWarehouse = atWarehouse,
                },
            ],
        });
        await Storage.Orders.CommitAsync(Placed(Order) with
        {
            Next = NewOrder(Order) with { Allocations = [new Allocation("1", Shirt.Sku, "east", 2, 0)] },
        });
        var empty = new OrderKey("acme", "empty");
        await Storage.Orders.CommitAsync(Placed(empty));

        var page = await Storage.Orders.ListUnsettledAsync(OrderStatus.Received, null, 10);
        Assert.Equal(unsettled ? [Order] : [], page.Orders);
        Assert.Null(page.Next);
        Assert.Empty((await Storage.Orders.ListUnsettledAsync(OrderStatus.Released, null, 10)).Orders);
    }

    [Fact]
    public async Task An_order_that_counts_on_units_of_which_there_is_no_reservation_is_unsettled()
    {
        await Storage.Orders.CommitAsync(Placed(Order) with
        {
            Next = NewOrder(Order) with { Allocations = [new Allocation("1", Shirt.Sku, "east", 2, 0)] },
        });
        var first = await Storage.Orders.ListUnsettledAsync(OrderStatus.Received, null, 1);
        Assert.Equal([Order], first.Orders);
        Assert.Empty((await Storage.Orders.ListUnsettledAsync(OrderStatus.Received, first.Next, 1)).Orders);
    }

    private Task<bool> CommitWaitingAsync(OrderKey key, int units, OrderStatus status = OrderStatus.Backordered) =>
        Storage.Orders.CommitAsync(Placed(key, status) with
        {
            Next = NewOrder(key, status) with { Allocations = [new Allocation("1", Shirt.Sku, "east", 0, units)] },
        });

    private async Task<IReadOnlyList<OrderKey>> ListServableAsync(bool splits, params string[] locations)
    {
        var places = PlacesOf(splits, locations.Length > 0 ? locations : ["east", "west"]);
        return (await Storage.Orders.ListServableAsync(places, null, 10)).Orders;
    }

    /// <summary>Another source may use all of it: that is nothing to the orders of this one.</summary>
    private static ShippingPlace[] PlacesOf(bool splits, params string[] locations) =>
    [
        .. locations.Select(location => new ShippingPlace("acme", location, splits)),
        new("other", "east", true), new("other", "west", true),
    ];

    [Fact]
    public async Task The_timeline_is_in_order_and_keeps_the_newest()
    {
        for (var at = 0; at < 5; at++)
        {
            await Storage.Orders.CommitAsync(new OrderCommit
            {
                Key = Order,
                Timeline =
                [
                    new TimelineEntry(Now, TimelineKind.ReceiptDuplicate, $"{at}a"),
                    new TimelineEntry(Now, TimelineKind.LineExcess, $"{at}b"),
                ],
                At = Now,
            });
        }

        Assert.Equal(
            ["3b", "4a", "4b"],
            (await Storage.Orders.ListTimelineAsync(Order, 3)).Select(entry => entry.Summary), StringComparer.Ordinal);
    }
}
