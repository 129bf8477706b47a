using CsCheck;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Faults;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>The faults of a chaos run, as the seed draws them and as people write them.</summary>
public sealed class FaultScheduleTests
{
    private static readonly Gen<ChaosOptions> Runs =
        from seed in Gen.Int[0, 1_000_000]
        from seconds in Gen.Int[10, 600]
        from onPostgres in Gen.Bool
        select new ChaosOptions { Seed = seed, Duration = TimeSpan.FromSeconds(seconds), OnPostgres = onPostgres };

    [Fact]
    public void The_same_seed_draws_the_same_faults() => Runs.Sample(options =>
        Assert.Equal(FaultSchedule.Draw(options).Acts, FaultSchedule.Draw(options with { OrdersPerSecond = 3 }).Acts));

    [Fact]
    public void A_schedule_is_read_as_it_is_written() => Runs.Sample(options =>
    {
        var drawn = FaultSchedule.Draw(options);

        Assert.Equal(drawn.Acts, FaultSchedule.TryParse(drawn.ToString())?.Acts);
    });

    [Fact]
    public void Faults_begin_and_end_within_the_run_and_each_is_possible_there() => Runs.Sample(options =>
    {
        foreach (var act in FaultSchedule.Draw(options).Acts)
        {
            var rule = FaultRules.Of(act.Kind);
            Assert.True(act.At > TimeSpan.Zero && act.At + act.For <= options.Duration, $"{act}");
            Assert.True(act.For <= TimeSpan.FromSeconds(30), $"{act}");
            Assert.True(options.OnPostgres ? rule.OnPostgres : rule.OnSqlite, $"{act}");
            Assert.InRange(act.Target, 0, Math.Max(options.Silos, 2) - 1);
            Assert.InRange(act.Other, 0, options.Silos - 1);
            if (rule.Subject is FaultSubject.Pair or FaultSubject.Way) Assert.NotEqual(act.Target, act.Other);
        }
    });

    [Fact]
    public void No_two_faults_befall_the_same_at_once() => Runs.Sample(options =>
    {
        var acts = FaultSchedule.Draw(options).Acts;
        foreach (var (at, act) in acts.Index())
        {
            Assert.DoesNotContain(acts.Skip(at + 1),
                later => later.At < act.At + act.For && FaultRules.Collide(act, later));
        }
    });

    [Fact]
    public void A_minute_on_postgres_kills_a_silo_and_pauses_one_until_it_is_taken_for_dead() => Runs.Sample(options =>
    {
        if (!options.OnPostgres || options.Duration < TimeSpan.FromMinutes(1)) return;
        var acts = FaultSchedule.Draw(options).Acts;

        Assert.Contains(acts, act => act.Kind == FaultKind.KillSilo);
        Assert.Contains(acts, act => act.Kind == FaultKind.PauseSilo && act.For >= TimeSpan.FromSeconds(12)
            && act.For <= TimeSpan.FromSeconds(20));
    });

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Every_kind_is_drawn_where_it_is_possible(bool onPostgres)
    {
        var drawn = Enumerable.Range(0, 100).SelectMany(seed => FaultSchedule.Draw(new ChaosOptions
        {
            Seed = seed,
            Duration = TimeSpan.FromMinutes(2),
            OnPostgres = onPostgres,
        }).Acts).Select(act => act.Kind).ToHashSet();

        Assert.Equal(
            Enum.GetValues<FaultKind>().Where(kind =>
                onPostgres ? FaultRules.Of(kind).OnPostgres : FaultRules.Of(kind).OnSqlite),
            drawn.Order());
    }

    [Fact]
    public void People_write_faults_in_few_words() => Assert.Equal(
        [
            new FaultAct(TimeSpan.FromSeconds(12.5), FaultKind.KillSilo, TimeSpan.Zero, 1),
            new FaultAct(TimeSpan.FromSeconds(20), FaultKind.PauseSilo, TimeSpan.FromSeconds(15), 2),
            new FaultAct(TimeSpan.FromSeconds(31), FaultKind.CutSilosOneWay, TimeSpan.FromSeconds(8), 0, 2),
            new FaultAct(TimeSpan.FromSeconds(40), FaultKind.CrashDatabase, TimeSpan.FromSeconds(3)),
        ],
        FaultSchedule.TryParse("12.5s KillSilo 1; 40s CrashDatabase for 3s; 20s PauseSilo 2 for 15s; "
            + "31s CutSilosOneWay 0>2 for 8s")?.Acts);

    [Theory]
    [InlineData("soon KillSilo 1")]
    [InlineData("12s KillSilo")]
    [InlineData("12s BurnSilo 1")]
    [InlineData("12s CutSilos 0")]
    [InlineData("12s CutSilos 0>1 for 3s")]
    [InlineData("12s KillAllSilos 2")]
    [InlineData("12s 4 1")]
    public void What_is_no_fault_is_not_understood(string text) => Assert.Null(FaultSchedule.TryParse(text));
}
