using System.Reflection;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Faults;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Process;

/// <summary>
/// The chaos run finds nothing in the product as it is; and in a product that makes one mistake on purpose it finds
/// that mistake, which is the proof that it would find it in earnest. One after the other: each takes the machine.
/// </summary>
public sealed class ChaosTests
{
    /// <summary>Long enough for what is under way to end: else what is only late would count as found.</summary>
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(15);

    /// <summary>For what is wrong for good at once.</summary>
    private static readonly TimeSpan ShortQuietMax = TimeSpan.FromSeconds(4);

    [Fact]
    public async Task A_kill_and_a_sick_warehouse_break_no_promise()
    {
        var report = await RunAsync(new ChaosOptions
        {
            Seed = 7,
            Duration = TimeSpan.FromSeconds(15),
            Schedule = Read("3s WarehouseSick 0 for 6s; 8s KillSilo 0"),
        });

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Equal(2, report.Ledger.Faults.Count(fault => fault.Skipped is null));
    }

    [Fact]
    public Task A_200_before_the_commit_is_found() =>
        FindAsync("AcknowledgesEarly", 1, "5s KillSilo 0; 9s KillSilo 0", ShortQuietMax, "receipt lost");

    [Fact]
    public Task An_event_that_takes_effect_twice_is_found() =>
        FindAsync("ForgetsEvent", 2, "4s SwallowAnswers 0 for 4s", ShortQuietMax, "applied twice");

    [Fact]
    public Task A_release_that_is_sent_again_without_a_question_is_found() =>
        FindAsync("SkipsLookUp", 3, "3s WarehouseSick 0 for 8s", ShortQuietMax, "not looked up");

    /// <summary>
    /// Dozens are refused, so that some are left of orders that nothing else befalls, by whatever clock.
    /// </summary>
    [Fact]
    public Task A_message_that_should_wait_for_a_person_and_is_gone_is_found() =>
        FindAsync("DropsParked", 4, "2s WarehouseSick 0 for 10s", ShortQuietMax, "not parked",
            new ChaosOptions { Duration = TimeSpan.FromSeconds(12), RefusedPercent = 50 });

    [Fact]
    public Task An_order_that_waits_while_its_stock_is_there_is_found() =>
        FindAsync("LosesNudge", 5, "3s PauseSilo 0 for 1s", QuietMax, "not released");

    [Fact]
    public Task Units_that_stay_reserved_for_nobody_are_found() =>
        FindAsync("KeepsUnits", 6, "3s PauseSilo 0 for 1s", QuietMax, "reserved for nothing");

    /// <summary>
    /// Silos that know nothing of each other, since two activations of one grain are seldom at work at once otherwise:
    /// a silo that stood still, or was cut off, ends before it has written over much.
    /// </summary>
    [Fact]
    public async Task A_write_over_a_newer_row_is_found()
    {
        Assert.SkipWhen(
            PostgresServer.FindPrograms() is null && Environment.GetEnvironmentVariable("CI") != "true",
            "Needs the programs of a PostgreSQL server.");

        await FindAsync("SkipsFence", 7, "", ShortQuietMax, "sum of reservations",
            new ChaosOptions { Duration = TimeSpan.FromSeconds(12), OnPostgres = true, IsSplit = true });
    }

    private static async Task FindAsync(
        string planted, int seed, string schedule, TimeSpan quietMax, string kind, ChaosOptions? like = null)
    {
        using var data = new TempDirectory();
        var report = await RunAsync((like ?? new ChaosOptions { Duration = TimeSpan.FromSeconds(12) }) with
        {
            Seed = seed,
            Schedule = Read(schedule),
            QuietMax = quietMax,
            // What it keeps for a person to look at is of use to nobody.
            DataDirectory = data.Path,
            Product = PlantedProduct,
            Planted = planted,
        });

        Assert.True(report.Violations.Any(violation => violation.Kind == kind), report.ToString());
    }

    private static FaultSchedule Read(string schedule) =>
        FaultSchedule.TryParse(schedule) ?? throw new FormatException(schedule);

    private static async Task<ChaosReport> RunAsync(ChaosOptions options)
    {
        // Other tests run beside it, so that a process may be slow to start.
        var patient = options with { StartMax = TimeSpan.FromMinutes(3) };
        var report = await ChaosRun.RunAsync(patient, TestContext.Current.CancellationToken);
        TestContext.Current.TestOutputHelper?.WriteLine(report.ToString());
        return report;
    }

    /// <summary>Built with these tests, in their configuration.</summary>
    private static string PlantedProduct => Path.Combine(SourceTree.Root, "src", "OrderGrains", "bin", "planted",
        typeof(ChaosTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration,
        "OrderGrains.dll");
}
