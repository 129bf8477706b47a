using OrderGrains.Connectors;
using OrderGrains.Inventory;
using OrderGrains.Orders;
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
        Assert.Empty(await Storage.Orders.ListReservedUntilAsync(until.AddSeconds(-1), 10));
        Assert.Equal([Order], await Storage.Orders.ListReservedUntilAsync(until, 10));

        await Storage.Orders.CommitAsync(Placed(Order) with { ExpectedVersion = 1 });
        Assert.Empty(await Storage.Orders.ListReservedUntilAsync(until, 10));
    }

    [Fact]
    public async Task An_order_that_may_be_split_is_servable_when_all_places_together_have_it()
    {
        var waits = Open(Order, 0) with { State = ReservationState.Waiting, Waiting = 3 };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 1, 0) with { Reservations = [waits] });
        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 0, 1, 0));
        await Storage.Orders.CommitAsync(Placed(Order, OrderStatus.Backordered) with
        {
            Next = NewOrder(Order, OrderStatus.Backordered) with
            {
                Allocations = [new Allocation("1", Shirt.Sku, "east", 0, 3)],
            },
        });
        Assert.Empty(await Storage.Orders.ListServableAsync(["acme"], 10));

        await Storage.Stock.CommitAsync(Level(Shirt with { Location = "west" }, 1, 2, 0));
        Assert.Empty(await Storage.Orders.ListServableAsync(["other"], 10));
        Assert.Equal([Order], await Storage.Orders.ListServableAsync(["acme"], 10));
    }

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
