using System.Net;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Cluster;
using Xunit;

namespace OrderGrains.Tests.Process;

/// <summary>
/// Three real processes behind nginx on one PostgreSQL. One after the other: each takes the whole machine.
/// </summary>
public sealed class ClusterTests
{
    public ClusterTests() => Assert.SkipWhen(
        (PostgresServer.FindPrograms() is null || NginxServer.FindProgram() is null)
            && Environment.GetEnvironmentVariable("CI") != "true",
        "Needs the programs of a PostgreSQL server and nginx.");

    [Fact]
    public async Task A_silo_is_killed_and_the_database_restarts_in_the_middle_of_3000_orders_and_no_promise_breaks()
    {
        var report = await ClusterRun.KillAsync(3_000, seed: 1, Say, TestContext.Current.CancellationToken);

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Equal(3_000, report.Acknowledged);
    }

    [Fact]
    public async Task All_silos_are_replaced_under_200_webhooks_a_second_and_none_fails()
    {
        var report = await ClusterRun.RollAsync(200, seed: 2, Say, TestContext.Current.CancellationToken);

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Equal(0, report.Refused);
    }

    [Fact]
    public async Task Of_2000_orders_for_500_units_those_placed_first_are_served_when_300_arrive_and_100_come_back()
    {
        var report = await ClusterRun.SellOutAsync(seed: 3, Say, TestContext.Current.CancellationToken);

        Assert.True(report.Violations.Count == 0, report.ToString());
    }

    [Fact]
    public async Task A_killed_silo_is_noticed_within_10_seconds_and_a_pause_of_2_is_not()
    {
        var (mistaken, noticed) = await ClusterRun.WatchAsync(TestContext.Current.CancellationToken);

        Say($"noticed after {noticed.TotalSeconds:0.0} s");
        Assert.Equal(0, mistaken);
        Assert.True(noticed <= ClusterRun.NoticedMax, $"noticed after {noticed}");
    }

    [Fact]
    public async Task A_silo_that_stood_still_and_was_declared_dead_ends_with_code_1_in_5_seconds_and_loses_nothing()
    {
        var seen = await ClusterRun.StandStillAsync(
            TimeSpan.FromSeconds(15), perSecond: 60, seed: 4, Say, TestContext.Current.CancellationToken);

        Assert.True(seen.Report.Violations.Count == 0, seen.Report.ToString());
        Assert.Equal((1, 1, 0), (seen.DeadSilos, seen.ExitCode, seen.Parked));
        Assert.True(seen.EndedAfter < TimeSpan.FromSeconds(5), $"ended {seen.EndedAfter} after it woke");
        Assert.All(seen.Answers, answer => Assert.Equal(HttpStatusCode.ServiceUnavailable, answer));
        Assert.Contains("This process is no member of its cluster any more", seen.Output, StringComparison.Ordinal);
        Assert.True(seen.Written < 50_000, $"wrote {seen.Written} characters:\n{seen.Output}");
    }

    private static void Say(string line) => TestContext.Current.TestOutputHelper?.WriteLine(line);
}
