using Microsoft.Extensions.Time.Testing;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Judging;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>The smallest run that still fails, found with few runs.</summary>
public sealed class ShrinkerTests
{
    private readonly FakeTimeProvider _time = new();
    private int _runs;

    private static FaultSchedule Schedule(int acts) => new([.. Enumerable.Range(0, acts).Select(at =>
        new FaultAct(TimeSpan.FromSeconds(at), FaultKind.KillSilo, TimeSpan.Zero, Target: at))]);

    [Fact]
    public async Task A_planted_pair_of_acts_is_found()
    {
        var smallest = await ShrinkAsync(Schedule(8), orders: 4, triesMax: 60,
            options => Has(options, 2) && Has(options, 5));
        Assert.Equal([2, 5], smallest.Schedule.Acts.Select(act => act.Target));
    }

    [Fact]
    public async Task A_planted_order_is_found()
    {
        var smallest = await ShrinkAsync(Schedule(2), orders: 16, triesMax: 60,
            options => Has(options, 1) && options.Orders?.Contains(11) != false);
        Assert.Equal([1], smallest.Schedule.Acts.Select(act => act.Target));
        Assert.Equal([11], smallest.Options.Orders!);
    }

    [Fact]
    public async Task What_fails_otherwise_does_not_count()
    {
        var smallest = await ShrinkAsync(Schedule(4), orders: 1, triesMax: 60,
            options => options.Schedule!.Acts.Count == 4, otherwise: "another");
        Assert.Equal(4, smallest.Schedule.Acts.Count);
    }

    [Fact]
    public async Task What_fails_every_other_time_is_found_all_the_same()
    {
        var smallest = await ShrinkAsync(
            Schedule(4), orders: 1, triesMax: 60, options => Has(options, 3) && _runs % 2 == 0);
        Assert.Equal([3], smallest.Schedule.Acts.Select(act => act.Target));
    }

    [Fact]
    public async Task It_ends_when_its_tries_or_its_time_are_spent()
    {
        await ShrinkAsync(Schedule(32), orders: 64, triesMax: 5, _ => false);
        Assert.Equal(5, _runs);
        _runs = 0;
        await ShrinkAsync(Schedule(32), orders: 64, triesMax: 60, _ =>
        {
            _time.Advance(TimeSpan.FromMinutes(6));
            return false;
        });
        Assert.Equal(4, _runs);
    }

    private async Task<ChaosReport> ShrinkAsync(
        FaultSchedule schedule, int orders, int triesMax, Func<ChaosOptions, bool> fails, string? otherwise = null)
    {
        var options = new ChaosOptions { Orders = Enumerable.Range(0, orders).ToHashSet() };
        var shrinker = new Shrinker(
            (tried, _) =>
            {
                _runs++;
                return Task.FromResult(Report(tried, fails(tried) ? "planted" : otherwise));
            },
            _time)
        {
            TriesMax = triesMax,
        };
        return await shrinker.ShrinkAsync(
            Report(options with { Schedule = schedule }, "planted"), TestContext.Current.CancellationToken);
    }

    private static bool Has(ChaosOptions options, int target) =>
        options.Schedule!.Acts.Any(act => act.Target == target);

    private static ChaosReport Report(ChaosOptions options, string? kind) => new()
    {
        Options = options,
        Schedule = options.Schedule!,
        Violations = kind is null ? [] : [new Violation("#1001", "It is wrong.", kind)],
        Histories = [],
        Ledger = new Ledger(),
        Began = JudgedRun.Start,
        HealedAt = JudgedRun.Start,
        Elapsed = TimeSpan.Zero,
        LastOutput = "",
    };
}
