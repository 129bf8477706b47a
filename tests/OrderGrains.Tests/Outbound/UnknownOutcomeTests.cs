using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Outbound;

/// <summary>One release, one order at the warehouse, whatever is lost on the way.</summary>
public sealed class UnknownOutcomeTests(OutboundSilo silo)
    : OutboundTests(silo.World, Interlocked.Increment(ref Places)), IClassFixture<OutboundSilo>
{
    private static int Places = -1;

    [Fact]
    public async Task After_an_unknown_outcome_the_warehouse_is_asked_and_not_sent_to_again()
    {
        var (key, reference) = await ReleaseAsync(
            r => Warehouse.Answer(r, new SendResult.Unknown("no answer within 10 s"), reaches: true));
        await FailedAsync(1);
        World.Time.Advance(FirstDelay);
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release find", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task After_a_client_that_broke_the_warehouse_is_asked_first()
    {
        var (key, reference) = await ReleaseAsync(r => Warehouse.Answer(r, null, reaches: true));
        await Eventually.EqualAsync(0, async () => (await Destination.GetStatusAsync()).InFlight);
        await AdvanceUntilAsync(key, OrderStatus.Released);
        Assert.Equal("release find", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task After_an_answer_that_could_not_be_written_down_the_warehouse_is_asked_first()
    {
        using var answers = Warehouse.Hold();
        var (key, reference) = await ReleaseAsync();
        await Eventually.TrueAsync(() => Warehouse.InFlight == 1);
        World.Faults.FailNext(key, Fault.BeforeCommit);
        answers.Dispose();
        await Eventually.EqualAsync(0, async () => (await Destination.GetStatusAsync()).InFlight);
        await AdvanceUntilAsync(key, OrderStatus.Released);
        Assert.Equal("release find", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task A_message_that_was_delivered_while_the_outbox_was_read_is_not_sent_again()
    {
        var destination = $"{Place}-wms";
        var (key, reference) = await ReleaseAsync();
        await World.ReachesAsync(key, OrderStatus.Released);
        await Eventually.EqualAsync(0, async () => (await Destination.GetStatusAsync()).InFlight);
        using var answer = Warehouse.Hold();
        var (second, other) = await ReleaseAsync();
        await Eventually.TrueAsync(() => Warehouse.InFlight == 1);
        using (World.Faults.HoldReads(destination))
        {
            var reads = World.Faults.Reads(destination);
            await Destination.NudgeAsync();
            await Eventually.TrueAsync(() => World.Faults.Reads(destination) > reads);
            answer.Dispose();
            await World.ReachesAsync(second, OrderStatus.Released);
            await Eventually.EqualAsync(0, async () => (await Destination.GetStatusAsync()).InFlight);
        }

        // One more round through the grain: what the late read brought has been looked at.
        await CancelAsync(key);
        await World.ReachesAsync(key, OrderStatus.Cancelled);
        Assert.Equal("release", Warehouse.KindsOf(other));
        Assert.Equal("release cancel", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task A_resumed_message_is_looked_up_first()
    {
        var (key, reference) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("not yet")));
        var parked = await ParkedAsync();
        World.Time.Advance(TimeSpan.FromSeconds(1));
        await World.Outbox.ResumeAsync(parked.Id, "ops", World.Time.GetUtcNow());
        await Destination.NudgeAsync();
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release find release", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task A_message_from_before_the_activation_is_looked_up_first()
    {
        var (key, sku) = (World.NewOrder($"shop{Place}"), await World.NewSkuAsync(5, Place));
        await World.DeliverAsync(SiloActs.Stated(key, 1, paid: false, lines: (sku, 2)));
        var stored = (await World.Orders.LoadAsync(key))!;
        var message = new OutboundMessage
        {
            Id = Guid.CreateVersion7(World.Time.GetUtcNow()),
            Destination = $"{Place}-wms",
            Kind = MessageKind.Release,
            Subject = Subject.Of(key),
            SequenceKey = ReleaseReference.Of(key, 1),
            CoalescingKey = ReleaseReference.Of(key, 1),
            CreatedAt = World.Time.GetUtcNow(),
            NextAttemptAt = World.Time.GetUtcNow(),
        };
        await World.Orders.CommitAsync(new OrderCommit
        {
            Key = key,
            Next = stored.Order with
            {
                Releases =
                [
                    new Release
                    {
                        Number = 1,
                        Reference = message.SequenceKey,
                        Warehouse = message.Destination,
                        Location = Place,
                        Status = ReleaseStatus.Requested,
                        Lines = [new ReleaseLine("1", sku, 2)],
                        MessageId = message.Id,
                    },
                ],
            },
            ExpectedVersion = stored.Version,
            Messages = [message],
            At = World.Time.GetUtcNow(),
        });
        World.Time.Advance(TimeSpan.FromSeconds(1));
        await World.DeactivateAsync(Destination);
        await Destination.NudgeAsync();
        await Eventually.EqualAsync(null, () => World.Outbox.NextDueAtAsync($"{Place}-wms"));
        Assert.StartsWith("find release", Warehouse.KindsOf(message.SequenceKey), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancel_waits_for_the_release_that_it_stops()
    {
        OrderKey key;
        string reference;
        using (Warehouse.Hold())
        {
            (key, reference) = await ReleaseAsync();
            await Eventually.TrueAsync(() => Warehouse.InFlight == 1);
            await CancelAsync(key);
            Assert.Equal(MessageKind.Cancel, (await NextAsync())!.Kind);
            await Destination.NudgeAsync();
            Assert.Equal(1, (await Destination.GetStatusAsync()).InFlight);
            Assert.Equal("release", Warehouse.KindsOf(reference));
        }

        await World.ReachesAsync(key, OrderStatus.Cancelled);
        Assert.Equal("release cancel", Warehouse.KindsOf(reference));
        Assert.False(Warehouse.Has(reference));
        Assert.Equal(0, Warehouse.Overlaps);
    }

    private async Task AdvanceUntilAsync(OrderKey key, OrderStatus status) => await Eventually.TrueAsync(async () =>
    {
        World.Time.Advance(TimeSpan.FromSeconds(1));
        return await World.StatusAsync(key) == status;
    });
}
