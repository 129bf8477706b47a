using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

public sealed class OrderGrainTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task Five_deliveries_of_one_event_take_effect_once()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        var change = Stated(key, 1, lines: (sku, 2));
        var outcomes = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => World.DeliverAsync(change, "created")));

        Assert.Equal(4, outcomes.Count(o => o == ReceiptOutcome.Duplicate));
        Assert.Single(outcomes, ReceiptOutcome.Applied);
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        var timeline = await World.TimelineAsync(key);
        Assert.Single(timeline, "release.requested");
        Assert.Single(timeline, "receipt.applied");
        Assert.Equal(4, timeline.Count(kind => kind == "receipt.duplicate"));
        Assert.Equal("release", World.Warehouse("east").KindsOf(ReleaseReference.Of(key, 1)));
    }

    [Fact]
    public async Task The_same_content_under_another_event_key_is_a_duplicate()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)), "one"));
        Assert.Equal(ReceiptOutcome.Duplicate, await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)), "other"));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        Assert.Single(await World.TimelineAsync(key), "release.requested");
    }

    [Fact]
    public async Task Event_keys_survive_the_activation()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)), "created");
        await World.DeactivateAsync(World.Order(key));

        // Under the event's key even other content is known.
        var again = await World.AppendAsync("created");
        Assert.Equal(ReceiptOutcome.Duplicate, await World.Order(key)
            .ApplyAsync(Stated(key, 9, lines: (sku, 9)), again));
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        Assert.Equal("this event took effect before", (await World.Inbox.FindAsync(again.Id))!.Reason);
    }

    [Fact]
    public async Task Effect_timeline_message_and_outcome_are_there_together_or_not_at_all()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        var receipt = await World.AppendAsync("created");
        World.Faults.FailNext(key, Fault.BeforeCommit);
        await Assert.ThrowsAsync<StorageException>(() =>
            World.Order(key).ApplyAsync(Stated(key, 1, lines: (sku, 2)), receipt));
        Assert.Null(await World.Orders.LoadAsync(key));
        Assert.Empty(await World.TimelineAsync(key));
        Assert.Equal(ReceiptOutcome.Pending, (await World.Inbox.FindAsync(receipt.Id))!.Outcome);

        using (World.Warehouse("east").Hold())
        {
            await World.Order(key).ApplyAsync(Stated(key, 1, lines: (sku, 2)), receipt);
            var order = await World.LoadAsync(key);
            var messageId = Assert.Single(order.Releases).MessageId;
            var timeline = await World.Orders.ListTimelineAsync(key, 10);
            Assert.Equal("receipt.applied release.requested order.allocated",
                string.Join(' ', timeline.Select(t => TimelineKindName.Of(t.Kind))));
            Assert.All(timeline, t => Assert.Equal(receipt.Id, t.ReceiptId));
            Assert.Equal(messageId, timeline[1].MessageId);
            Assert.Contains(await World.Outbox.DueAsync("east-wms", World.Time.GetUtcNow(), 200), m =>
                m.Id == messageId);
            Assert.Equal(ReceiptOutcome.Applied, (await World.Inbox.FindAsync(receipt.Id))!.Outcome);
        }
    }

    [Fact]
    public async Task An_order_that_a_warehouse_has_leaves_the_memory()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await World.WaitForDeactivationAsync(World.Order(key));
        Assert.Equal(OrderStatus.Released, await World.StatusAsync(key));
    }

    [Fact]
    public async Task A_warehouse_speaks_of_its_own_releases_alone()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        var reference = ReleaseReference.Of(key, 1);
        var shipped = new ShipmentMade(key, new Shipment
        {
            ShipmentId = "S1",
            Reference = reference,
            Lines = [new ShippedLine("1", 2)],
            ShippedAt = OrderWorld.Noon,
        });

        var receipt = await World.AppendAsync("shipped", "west-wms");
        Assert.Equal(ReceiptOutcome.Parked, await World.Order(key).ApplyAsync(shipped, receipt));
        Assert.Equal($"release {reference} is at east-wms, not at west-wms",
            (await World.Inbox.FindAsync(receipt.Id))!.Reason);
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        Assert.Equal(ReceiptOutcome.Parked,
            await World.DeliverAsync(new ReleaseCancelled(key, reference), null, "west-wms"));
        Assert.Equal(OrderStatus.Released, await World.StatusAsync(key));

        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(shipped, null, "east-wms"));
        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
        Assert.Equal((8, 0, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task A_line_whose_SKU_changes_is_taken_from_the_new_stock_and_given_back_to_the_old()
    {
        var (key, old, other) = (World.NewOrder(), await World.NewSkuAsync(10), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (old, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);

        await World.DeliverAsync(Stated(key, 2, lines: (other, 2)));

        await Eventually.EqualAsync((10, 0, 0), () => World.LevelAsync(old));
        Assert.Equal((10, 2, 0), await World.LevelAsync(other));
        Assert.Equal(
            [new ReleaseRequestLine("1", other, 2)],
            World.Warehouse("east").Requests.Last(r => r.OrderId == key.OrderId).Lines);
    }
}
