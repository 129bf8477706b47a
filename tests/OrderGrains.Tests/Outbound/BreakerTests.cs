using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Outbound;

/// <summary>A silo with a clock of its own, whose warehouses take fifty calls a second.</summary>
public sealed class BreakerSilo : IAsyncLifetime
{
    public const int CallsPerSecondMax = 100;
    public const int AttemptsMax = 6;

    internal SiloWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await SiloWorld.StartAsync(new SiloSetup
    {
        Places = [.. Enumerable.Range(0, 12).Select(i => $"place{i}x")],
        Limits = w => w.CallsPerSecondMax = CallsPerSecondMax,
        Retry = new RetryOptions { AttemptsMax = AttemptsMax },
    });

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

/// <summary>A destination that fails as a whole, and messages that fail by themselves.</summary>
public sealed class BreakerTests(BreakerSilo silo)
    : OutboundTests(silo.World, Interlocked.Increment(ref Places)), IClassFixture<BreakerSilo>
{
    private static readonly SendResult Refused = new SendResult.Again("ConnectionError: refused");
    private static readonly SendResult Unavailable = new SendResult.Unknown("503 Service Unavailable");
    private static readonly TimeSpan ProbeDelayMax = new RetryOptions().ProbeDelayMax;
    private static int Places = -1;

    [Fact]
    public async Task What_waited_through_an_outage_is_drained_at_the_destinations_rate_once_it_is_back()
    {
        const int count = 500;
        Warehouse.Away = Refused;
        for (var i = 0; i < count; i++)
            await ReleaseAsync();
        await OpenAsync();

        var before = Warehouse.Calls.Count;
        var opened = World.Time.GetUtcNow();
        Assert.InRange(before, FailureStreak.FailuresMax, 16);
        var probes = 0;
        for (; World.Time.GetUtcNow() < opened.AddMinutes(10); probes++)
            await ProbeAsync();
        Assert.Equal(before + probes, Warehouse.Calls.Count);
        Assert.Equal(count, await DueAsync());

        Warehouse.Away = null;
        var back = World.Time.GetUtcNow();
        World.Time.Advance(await NextProbeAsync() - back);
        const int rate = BreakerSilo.CallsPerSecondMax;
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(0.05));
            return await DueOnceNudgedAsync() == 0;
        });
        // Those that were tried are looked up first: two calls. And the clock goes on while a call is on its way.
        var drained = Warehouse.Calls.Where(call => call.At >= back).Select(call => call.At).ToList();
        Assert.InRange(drained.Count, count, count + 16 + probes);
        Assert.All(drained.Index(), call => Assert.InRange(
            drained.Skip(call.Index).TakeWhile(at => at < call.Item.AddSeconds(1)).Count(), 1, rate + 16));
        Assert.Empty((await World.Outbox.ListParkedAsync(new($"{Place}-wms"), new PageRequest(10, null))).Items);
        Assert.Equal(0, Warehouse.Overlaps);
    }

    [Fact]
    public async Task A_failed_probe_uses_up_no_attempt_and_parks_nothing()
    {
        Warehouse.Away = Refused;
        var (key, reference) = await ReleaseAsync();
        for (var attempt = 1; attempt < FailureStreak.FailuresMax; attempt++)
            await FailsAgainAsync(attempt);
        await OpenAsync();
        for (var probe = 0; probe < 3 * BreakerSilo.AttemptsMax; probe++)
            await ProbeAsync();
        Assert.Equal(FailureStreak.FailuresMax, (await NextAsync())!.Attempts);

        // It wakes by itself.
        Warehouse.Away = null;
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            return await World.StatusAsync(key) == OrderStatus.Released;
        });
        Assert.EndsWith("find find release", Warehouse.KindsOf(reference), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Probes_come_later_and_later_up_to_a_bound()
    {
        await FailAsync(Unavailable);
        var delays = new List<double>();
        for (var probe = 0; probe < 7; probe++)
        {
            delays.Add((await NextProbeAsync() - World.Time.GetUtcNow()).TotalSeconds);
            await ProbeAsync();
        }

        Assert.Equal([0.75, 1.5, 3, 6, 11.25, 11.25, 11.25], delays);
    }

    [Fact]
    public async Task Retry_After_is_obeyed_by_the_probe()
    {
        var asked = TimeSpan.FromMinutes(2);
        await FailAsync(new SendResult.Unknown("429 slow down", asked));
        Assert.Equal(World.Time.GetUtcNow() + asked, await NextProbeAsync());
        await ProbeAsync();
        Assert.Equal(World.Time.GetUtcNow() + asked, await NextProbeAsync());
    }

    [Fact]
    public async Task A_message_that_always_fails_alone_opens_the_breaker_and_is_parked_all_the_same()
    {
        await ReleaseAsync(r => Warehouse.Answer(r, Unavailable, times: 100));
        for (var attempt = 1; attempt < FailureStreak.FailuresMax; attempt++)
        {
            Assert.Null((await Destination.GetStatusAsync()).BlockedReason);
            await FailsAgainAsync(attempt);
        }

        await OpenAsync();
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            await Destination.NudgeAsync();
            return await DueAsync() == 0;
        });
        Assert.Equal("gave up after 6 attempts", (await ParkedAsync()).Reason);
    }

    [Fact]
    public async Task The_few_that_wait_for_a_quiet_destination_are_sent_as_soon_as_it_is_back()
    {
        Warehouse.Away = Unavailable;
        var waiting = new[] { await ReleaseAsync(), await ReleaseAsync() };
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(1));
            await Destination.NudgeAsync();
            return await Destination.GetStatusAsync() is { BlockedReason: not null, InFlight: 0 };
        });
        for (var probe = 0; probe < 10; probe++)
            await ProbeAsync();

        Warehouse.Away = null;
        await PassesAsync();
        foreach (var (key, _) in waiting)
            await World.ReachesAsync(key, OrderStatus.Released);
    }

    [Fact]
    public async Task A_message_that_always_fails_is_not_always_the_probe()
    {
        var (_, poison) = await ReleaseAsync(r => Warehouse.Answer(r, Unavailable, times: 100));
        await FailedAsync(1);
        World.Time.Advance(TimeSpan.FromMilliseconds(1));
        var others = await FailAsync(Unavailable, FailureStreak.FailuresMax - 1);
        Warehouse.Away = null;
        // The oldest goes first, and fails. Then another has its turn.
        await ProbeAsync();
        Assert.Equal(poison, Warehouse.Calls[^1].Reference);
        await PassesAsync();
        foreach (var (key, _) in others)
            await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Null((await Destination.GetStatusAsync()).BlockedReason);
        Assert.Equal(poison, (await NextAsync())!.SequenceKey);
    }

    [Fact]
    public async Task What_was_postponed_for_long_is_hastened_by_the_first_probe_that_passes()
    {
        var (late, _) = await ReleaseAsync(
            r => Warehouse.Answer(r, new SendResult.Unknown("503", TimeSpan.FromHours(1))));
        await FailedAsync(1);
        // The destination works as yet, so this is the message's own wait.
        var (passed, _) = await ReleaseAsync();
        await World.ReachesAsync(passed, OrderStatus.Released);
        await FailAsync(Unavailable);

        Warehouse.Away = null;
        await PassesAsync();
        await World.ReachesAsync(late, OrderStatus.Released);
        await Eventually.TrueAsync(async () =>
        {
            World.Time.Advance(TimeSpan.FromSeconds(0.1));
            return await DueAsync() == 0;
        });
    }

    [Fact]
    public async Task An_open_breaker_stays_open_over_a_new_activation()
    {
        await FailAsync(Unavailable);
        var status = await Destination.GetStatusAsync();
        Assert.Equal(("503 from the destination", World.Time.GetUtcNow()), (status.BlockedReason, status.OpenSince));
        await ProbeAsync();
        var calls = Warehouse.Calls.Count;
        status = await Destination.GetStatusAsync();

        await World.DeactivateAsync(Destination);
        World.Time.Advance(status.NextProbeAt!.Value - World.Time.GetUtcNow() - TimeSpan.FromMilliseconds(1));
        await Destination.NudgeAsync();
        var again = await Destination.GetStatusAsync();
        Assert.Equal((status.BlockedReason, status.OpenSince, status.NextProbeAt),
            (again.BlockedReason, again.OpenSince, again.NextProbeAt));
        Assert.Equal(calls, Warehouse.Calls.Count);
        await ProbeAsync();
    }

    /// <summary>So many orders fail that the breaker opens.</summary>
    private async Task<List<(OrderKey Key, string Reference)>> FailAsync(
        SendResult answer, int count = FailureStreak.FailuresMax)
    {
        Warehouse.Away = answer;
        var orders = new List<(OrderKey, string)>();
        for (var i = 0; i < count; i++)
            orders.Add(await ReleaseAsync());
        await OpenAsync();
        return orders;
    }

    /// <summary>The breaker is open, it is stored, and nothing is under way.</summary>
    private Task OpenAsync() => Eventually.TrueAsync(async () => await Destination.GetStatusAsync() is
    { BlockedReason: not null, InFlight: 0 });

    /// <summary>The clock moves to the next probe; it is one call, and it fails.</summary>
    private async Task ProbeAsync()
    {
        // One that is due already comes by itself, and is not the one that is counted.
        await Eventually.TrueAsync(async () =>
        {
            await Destination.NudgeAsync();
            return await NextProbeAsync() > World.Time.GetUtcNow();
        });
        await OpenAsync();
        var calls = Warehouse.Calls.Count;
        var at = await NextProbeAsync();
        World.Time.Advance(at - World.Time.GetUtcNow());
        await Eventually.TrueAsync(async () =>
        {
            await Destination.NudgeAsync();
            return await NextProbeAsync() > at;
        });
        await OpenAsync();
        Assert.Equal(calls + 1, Warehouse.Calls.Count);
    }

    /// <summary>The clock moves to the next probe, which passes, and the breaker closes.</summary>
    private async Task PassesAsync()
    {
        if (await NextProbeAsync() is var at && at > World.Time.GetUtcNow())
            World.Time.Advance(at - World.Time.GetUtcNow());
        await Eventually.TrueAsync(async () =>
        {
            await Destination.NudgeAsync();
            return (await Destination.GetStatusAsync()).BlockedReason is null;
        });
    }

    /// <summary>The one message that waits has failed so often; the clock moves until it is tried again.</summary>
    private async Task FailsAgainAsync(int attempt)
    {
        var failed = await FailedAsync(attempt);
        var calls = Warehouse.Calls.Count;
        World.Time.Advance(failed.NextAttemptAt - World.Time.GetUtcNow());
        await Eventually.TrueAsync(async () =>
        {
            await Destination.NudgeAsync();
            return Warehouse.Calls.Count > calls;
        });
    }

    private async Task<int> DueOnceNudgedAsync()
    {
        await Destination.NudgeAsync();
        return await DueAsync();
    }

    private async Task<DateTimeOffset> NextProbeAsync() => (await Destination.GetStatusAsync()).NextProbeAt!.Value;

    private async Task<int> DueAsync() =>
        (await World.Outbox.DueAsync($"{Place}-wms", World.Time.GetUtcNow().AddHours(2), 1000)).Count;
}
