using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

/// <summary>When the database fails, or another activation was first.</summary>
public sealed class OrderRecoveryTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Theory]
    [InlineData(false, ReceiptOutcome.Applied)]
    [InlineData(true, ReceiptOutcome.Duplicate)]
    public async Task After_a_storage_failure_the_grain_forgets_and_the_retried_receipt_takes_effect_once(
        bool committed, ReceiptOutcome answer)
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 0, paid: false, lines: (sku, 2)));
        var loads = World.Faults.Loads(key);
        var receipt = await World.AppendAsync("paid");
        World.Faults.FailNext(key, committed ? Fault.AfterCommit : Fault.BeforeCommit);

        await Assert.ThrowsAsync<StorageException>(() =>
            World.Order(key).ApplyAsync(Stated(key, 1, lines: (sku, 2)), receipt));
        await World.WaitForDeactivationAsync(World.Order(key));
        Assert.Equal(answer, await World.Order(key).ApplyAsync(Stated(key, 1, lines: (sku, 2)), receipt));

        Assert.Equal(loads + 1, World.Faults.Loads(key));
        Assert.Equal(ReceiptOutcome.Applied, (await World.Inbox.FindAsync(receipt.Id))!.Outcome);
        Assert.Equal((10, 2, 0), await World.LevelAsync(sku));
        Assert.Single(await World.TimelineAsync(key), "release.requested");
        await World.Destination("east").NudgeAsync();
        await World.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task Who_loses_to_another_activation_reloads_and_builds_on_what_it_did()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 0, paid: false, lines: (sku, 2)));
        await CommitBehindAsync(key, order => order with
        {
            HoldReason = new HoldReason(HeldBy.Operator, "held elsewhere"),
        });

        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(Stated(key, 1, lines: (sku, 3))));
        var order = await World.LoadAsync(key);
        Assert.Equal(("held elsewhere", OrderStatus.OnHold), (order.HoldReason?.What, order.Status));
        Assert.Equal(3, Assert.Single(order.Storefront!.Lines).Quantity);
        Assert.Empty(order.Releases);
        Assert.Equal(2, (await World.TimelineAsync(key)).Count(kind => kind == "receipt.applied"));
    }

    [Fact]
    public async Task What_a_turn_reserved_that_lost_to_another_activation_is_given_back_by_the_next()
    {
        var (key, mug, cap) = (World.NewOrder(), await World.NewSkuAsync(10), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 1, lines: (mug, 2)));
        await World.ReachesAsync(key, OrderStatus.Released);
        await World.DeliverAsync(Stated(key, 2, lines: (mug, 2)));
        await CommitBehindAsync(key, order => order with { Storefront = Stated(key, 4, lines: (mug, 2)).Snapshot });

        Assert.Equal(ReceiptOutcome.Stale, await World.DeliverAsync(Stated(key, 3, lines: [(mug, 2), (cap, 1)])));
        Assert.Equal((10, 1, 0), await World.LevelAsync(cap));
        await World.DeliverAsync(Stated(key, 5, lines: (mug, 2)));
        Assert.Equal((10, 0, 0), await World.LevelAsync(cap));
        Assert.Single(await World.TimelineAsync(key), "reservation.orphan_released");
    }

    [Fact]
    public async Task What_another_activation_released_is_known_when_the_warehouse_speaks_of_it()
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        await World.DeliverAsync(Stated(key, 0, paid: false, lines: (sku, 2)));
        await CommitBehindAsync(key, order => order with
        {
            Releases =
            [
                new Release
                {
                    Number = 1,
                    Reference = ReleaseReference.Of(key, 1),
                    Warehouse = "east-wms",
                    Location = "east",
                    Status = ReleaseStatus.Accepted,
                    Lines = [new ReleaseLine("1", sku, 2)],
                },
            ],
        });

        var shipped = new ShipmentMade(key, new Shipment
        {
            ShipmentId = "S1",
            Reference = ReleaseReference.Of(key, 1),
            Lines = [new ShippedLine("1", 2)],
            ShippedAt = OrderWorld.Noon,
        });
        Assert.Equal(ReceiptOutcome.Applied, await World.DeliverAsync(shipped, null, "east-wms"));
        Assert.Equal(OrderStatus.Shipped, await World.StatusAsync(key));
    }

    private async Task CommitBehindAsync(OrderKey key, Func<Order, Order> change)
    {
        var stored = (await World.Orders.LoadAsync(key))!;
        Assert.True(await World.Orders.CommitAsync(new OrderCommit
        {
            Key = key,
            Next = change(stored.Order),
            ExpectedVersion = stored.Version,
            At = OrderWorld.Noon,
        }));
    }
}
