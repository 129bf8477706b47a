using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Outbound;

public sealed class RetryTests(OutboundSilo silo) : OutboundTests(silo.World, Interlocked.Increment(ref Places)),
    IClassFixture<OutboundSilo>
{
    private static int Places = -1;

    [Fact]
    public async Task A_failed_call_is_tried_again_when_it_is_due_and_delivered_once()
    {
        var (key, reference) =
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("503 busy")));
        var failed = await FailedAsync(1);
        Assert.Equal(World.Time.GetUtcNow() + FirstDelay, failed.NextAttemptAt);
        World.Time.Advance(FirstDelay - TimeSpan.FromMilliseconds(1));
        await Destination.NudgeAsync();
        await Destination.GetStatusAsync();
        Assert.Equal("release", Warehouse.KindsOf(reference));

        World.Time.Advance(TimeSpan.FromMilliseconds(1));
        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release find release", Warehouse.KindsOf(reference));
        var timeline = await World.Orders.ListTimelineAsync(key, 100);
        Assert.Contains("503 busy", Assert.Single(timeline, t => t.Kind == TimelineKind.AttemptFailed).Said,
            StringComparison.Ordinal);
        Assert.Equal(TimelineKind.ReleaseAccepted, timeline[^2].Kind);
    }

    [Fact]
    public async Task What_stays_due_is_asked_after_every_few_seconds_however_often_it_was_woken()
    {
        using var held = Warehouse.Hold();
        await ReleaseAsync();
        await Eventually.TrueAsync(() => Warehouse.InFlight == 1);
        var retry = World.Grains.GetGrain<IRetryGrain>($"{Place}-wms").AsReference<IRemindable>();
        var asked = World.Faults.Asks($"{Place}-wms");
        for (var second = 0; second < 9; second++)
        {
            await retry.ReceiveReminder("due", default, TestContext.Current.CancellationToken);
            World.Time.Advance(TimeSpan.FromSeconds(1));
        }

        // A timer is set for the fifth second, so the reminders need not ask.
        Assert.InRange(World.Faults.Asks($"{Place}-wms") - asked, 1, 2);
    }

    [Fact]
    public async Task Retry_After_is_obeyed()
    {
        var asked = TimeSpan.FromSeconds(40);
        var (key, _) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("429", asked)));
        Assert.Equal(World.Time.GetUtcNow() + asked, (await FailedAsync(1)).NextAttemptAt);
        World.Time.Advance(asked);
        await World.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task Each_of_two_messages_is_tried_again_at_its_own_time()
    {
        var later = TimeSpan.FromSeconds(2);
        var (first, _) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("503")));
        await FailedAsync(1);
        var (second, reference) =
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("503", later)));
        await Eventually.TrueAsync(async () =>
            (await World.TimelineAsync(second)).Contains("attempt.failed", StringComparer.Ordinal));
        World.Time.Advance(FirstDelay);
        await World.ReachesAsync(first, OrderStatus.Released);
        await Eventually.EqualAsync(0, async () => (await Destination.GetStatusAsync()).InFlight);
        World.Time.Advance(later - FirstDelay);
        await World.ReachesAsync(second, OrderStatus.Released);
        Assert.Equal("release find release", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task What_fails_too_often_is_parked_with_the_reason_and_delivered_once_resumed()
    {
        var (key, reference) =
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("500 broken"), times: 3));
        for (var attempt = 1; attempt < 3; attempt++)
        {
            await FailedAsync(attempt);
            World.Time.Advance(TimeSpan.FromMinutes(1));
        }

        var parked = await ParkedAsync();
        Assert.Equal(("gave up after 3 attempts", "500 broken", 3),
            (parked.Reason, parked.LastAnswer, parked.Attempts));
        Assert.Equal("message.parked", (await World.TimelineAsync(key))[^1]);
        Assert.Null(await World.Outbox.NextDueAtAsync($"{Place}-wms"));

        Assert.Equal($"{Place}-wms", await World.Outbox.ResumeAsync(parked.Id, "ops", World.Time.GetUtcNow()));
        await Destination.NudgeAsync();
        await World.ReachesAsync(key, OrderStatus.Released);

        // The failed calls, a look-up among them, and then once more a look-up before it is sent.
        Assert.Equal("release find find find release", Warehouse.KindsOf(reference));
    }

    [Fact]
    public async Task What_the_warehouse_refuses_is_parked_at_once_and_may_be_discarded()
    {
        var (key, reference) =
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("no such country")));
        var parked = await ParkedAsync();
        Assert.Equal(("refused by the destination", "no such country", 1),
            (parked.Reason, parked.LastAnswer, parked.Attempts));

        var superseded = (await World.Outbox.AuditAsync()).Superseded;
        Assert.True(await World.Outbox.DiscardAsync(parked.Id, "ops", "not worth it", World.Time.GetUtcNow()));
        Assert.Equal(superseded + 1, (await World.Outbox.AuditAsync()).Superseded);
        Assert.Null(await World.Outbox.FindParkedAsync(parked.Id));
        Assert.Equal("release", Warehouse.KindsOf(reference));
        Assert.Contains("message.discarded", await World.TimelineAsync(key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task An_order_does_not_wait_for_a_release_that_was_discarded()
    {
        var (key, _) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("no such country")));
        await World.Order(key).DiscardedAsync((await ParkedAsync()).Id, "ops");

        var order = await World.LoadAsync(key);
        Assert.Equal((OrderStatus.OnHold, "ops discarded the message to " + order.Releases[0].Warehouse),
            (order.Status, order.HoldReason?.What));
        Assert.Null(order.Releases[0].MessageId);
    }

    [Fact]
    public async Task A_stop_that_was_discarded_counts_as_too_late()
    {
        var (key, reference) = await ReleaseAsync(_ => { });
        await World.ReachesAsync(key, OrderStatus.Released);
        Warehouse.Answer(reference, new SendResult.Refused("ask by telephone"));
        Assert.Null((await World.Order(key).ActAsync(OrderAct.Cancel, "ops", null)).Refusal);
        await World.Order(key).DiscardedAsync((await ParkedAsync()).Id, "ops");

        var release = Assert.Single((await World.LoadAsync(key)).Releases);
        Assert.Equal((ReleaseStatus.Accepted, true, null), (release.Status, release.StopRefused, release.MessageId));
    }
}
