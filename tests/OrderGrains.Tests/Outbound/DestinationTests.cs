using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Outbound;

/// <summary>How much a destination is asked at once, and what it does when it must not ask.</summary>
public sealed class DestinationTests(OutboundSilo silo)
    : OutboundTests(silo.World, Interlocked.Increment(ref Places)), IClassFixture<OutboundSilo>
{
    private static int Places = -1;

    [Fact]
    public async Task No_more_calls_are_under_way_at_once_than_the_destination_may_have()
    {
        // It has seen that nothing was left from before it.
        await Destination.NudgeAsync();
        using (Warehouse.Hold())
        {
            for (var i = 0; i < OutboundSilo.CallsAtOnceMax + 3; i++)
            {
                // Calls begun in one second are bounded too; this is about the other bound.
                World.Time.Advance(TimeSpan.FromSeconds(1));
                await ReleaseAsync();
                await Destination.NudgeAsync();
            }

            await Eventually.TrueAsync(() => Warehouse.InFlight == OutboundSilo.CallsAtOnceMax);
            Assert.Equal(OutboundSilo.CallsAtOnceMax, (await Destination.GetStatusAsync()).InFlight);
        }

        await Eventually.EqualAsync(null, () => World.Outbox.NextDueAtAsync($"{Place}-wms"));
        Assert.Equal(OutboundSilo.CallsAtOnceMax, Warehouse.InFlightMax);
        Assert.Equal(OutboundSilo.CallsAtOnceMax + 3, Warehouse.Calls.Count);
    }

    [Fact]
    public async Task Calls_begin_evenly_a_tenth_of_what_a_second_may_have_in_each_tenth()
    {
        const int atOnce = OutboundSilo.CallsPerSecondMax / 10;
        for (var i = 0; i < 13; i++)
            await ReleaseAsync();
        for (var tenth = 1; tenth <= 3; tenth++)
        {
            await Eventually.EqualAsync(Math.Max(0, 13 - (tenth * atOnce)), DueAsync);
            Assert.Equal(Math.Min(13, tenth * atOnce), Warehouse.Calls.Count);
            World.Time.Advance(TimeSpan.FromSeconds(0.1));
        }

        Assert.Equal("5 5 3", string.Join(' ', Warehouse.Calls.GroupBy(c => c.At).Select(g => g.Count())));
    }

    [Fact]
    public async Task Messages_that_are_resumed_at_a_rate_go_out_at_it()
    {
        const int count = 5;
        for (var i = 0; i < count; i++)
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("no such SKU")));
        await Eventually.EqualAsync(count, async () => (await World.Outbox.ListParkedAsync(
            new($"{Place}-wms"), new PageRequest(10, null))).Items.Count);
        World.Time.Advance(TimeSpan.FromSeconds(1));
        var now = World.Time.GetUtcNow();
        Assert.Equal(count, await World.Outbox.ResumeManyAsync(new($"{Place}-wms"), "ops", now, 2, 100));
        await World.Grains.GetGrain<IRetryGrain>($"{Place}-wms").ScheduleAsync(now);

        for (var sent = 1; sent <= count; sent++)
        {
            await Eventually.EqualAsync(count - sent, DueAsync);
            World.Time.Advance(TimeSpan.FromSeconds(0.5));
        }
    }

    [Fact]
    public async Task A_destination_that_refuses_our_credentials_is_left_alone_for_a_minute_even_over_a_restart()
    {
        var (first, _) =
            await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unauthorized("401 wrong key")));
        await FailedAsync(1);
        var (second, _) = await ReleaseAsync();
        await AskAsync();
        Assert.Equal("401 wrong key", (await Destination.GetStatusAsync()).BlockedReason);
        await World.DeactivateAsync(Destination);
        World.Time.Advance(TimeSpan.FromSeconds(59));
        await AskAsync();
        Assert.Equal("401 wrong key", (await Destination.GetStatusAsync()).BlockedReason);
        Assert.Single(Warehouse.Calls);

        World.Time.Advance(TimeSpan.FromSeconds(1));
        await World.ReachesAsync(first, OrderStatus.Released);
        await World.ReachesAsync(second, OrderStatus.Released);
        await World.DeactivateAsync(Destination);
        Assert.Null((await Destination.GetStatusAsync()).BlockedReason);
    }

    [Fact]
    public async Task Calls_that_are_refused_together_block_once_and_each_is_written_down()
    {
        using (Warehouse.Hold())
        {
            for (var i = 0; i < 3; i++)
                await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unauthorized("403 forbidden")));
            await Eventually.TrueAsync(() => Warehouse.InFlight == 3);
        }

        await Eventually.EqualAsync("1 1 1", async () => string.Join(' ', (await World.Outbox.DueAsync(
            $"{Place}-wms", World.Time.GetUtcNow().AddHours(1), 10)).Select(m => m.Attempts)));
        World.Time.Advance(TimeSpan.FromMinutes(1));
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(0.1));
            return await DueAsync() == 0;
        });
    }

    [Fact]
    public async Task A_nudge_reads_from_the_time_that_it_means_and_what_is_older_is_found_soon()
    {
        var (key, reference) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("no")));
        var parked = await ParkedAsync();
        await World.Outbox.ResumeAsync(parked.Id, "ops", World.Time.GetUtcNow().AddMinutes(-1));
        await AskAsync(World.Time.GetUtcNow());
        Assert.Equal("release", Warehouse.KindsOf(reference));

        World.Time.Advance(TimeSpan.FromSeconds(5));
        await Destination.NudgeAsync(World.Time.GetUtcNow());
        await World.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task What_another_silos_clock_calls_due_is_due()
    {
        var (key, _) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Refused("no")));
        var parked = await ParkedAsync();
        var ahead = World.Time.GetUtcNow().AddSeconds(1);
        await World.Outbox.ResumeAsync(parked.Id, "ops", ahead);
        await Destination.NudgeAsync(ahead);
        await World.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task A_reminder_stands_while_something_is_due_and_no_longer()
    {
        var (key, _) = await ReleaseAsync(r => Warehouse.Answer(r, new SendResult.Unknown("503")));
        await FailedAsync(1);
        await Eventually.EqualAsync(1, RemindersAsync);
        World.Time.Advance(FirstDelay);
        await World.ReachesAsync(key, OrderStatus.Released);
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            return await RemindersAsync() == 0;
        });
    }

    private async Task<int> RemindersAsync()
    {
        var retry = World.Grains.GetGrain<IRetryGrain>($"{Place}-wms").GetGrainId();
        return (await World.Services.GetRequiredService<IReminderTable>().ReadRows(retry)).Reminders.Count;
    }

    private async Task<int> DueAsync() =>
        (await World.Outbox.DueAsync($"{Place}-wms", World.Time.GetUtcNow().AddHours(1), 100)).Count;

    /// <summary>Nudged, and what that began is to be seen.</summary>
    private async Task AskAsync(DateTimeOffset since = default)
    {
        await Destination.NudgeAsync(since);
        Assert.Equal(0, (await Destination.GetStatusAsync()).InFlight);
    }
}
