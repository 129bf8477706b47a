using System.Net;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Judging;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>What a person reads of a run.</summary>
public sealed class ReportTests
{
    private readonly Ledger _ledger = new();

    [Fact]
    public void A_fault_is_felt_until_the_first_200_the_first_release_and_the_first_empty_backlog()
    {
        Break(FaultKind.KillSilo, 10, 12);
        Break(FaultKind.KillSilo, 30, 31);
        Skip();
        foreach (var (from, to) in ((double, double)[])[(9, 11), (10.5, 11.5), (30, 33)])
            _ledger.Note(Try("id", from, to, HttpStatusCode.OK));
        _ledger.Note(new WarehouseDid(
            "east", "acme-1-1", "made", At(15), new Dictionary<string, int>(StringComparer.Ordinal)));
        _ledger.Note(new BacklogSample(At(12.5), 3, 0));
        _ledger.Note(new BacklogSample(At(14), 0, 0));

        var recoveries = FaultRecovery.Of(_ledger);
        Assert.Equal(
            [
                new(FaultKind.KillSilo, Seconds(1.5), Seconds(5), Seconds(2)),
                new(FaultKind.KillSilo, Seconds(3), null, null),
            ],
            recoveries);
        var table = FaultRecovery.Table(recoveries);
        Assert.Contains("3.0 / 3.0", table, StringComparison.Ordinal);
        Assert.Contains("2.0 / 2.0", table, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_done_is_counted()
    {
        _ledger.Note(Try("one", 1, 2, HttpStatusCode.ServiceUnavailable));
        _ledger.Note(Try("one", 2, 3, null));
        _ledger.Note(Try("one", 3, 4, HttpStatusCode.OK));
        Assert.Contains("1 orders; 1 webhooks in 3 tries, 2 without a 200 (1 503, 1 no answer)", Report().Done(),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_skipped_fault_is_named_with_its_reason()
    {
        Skip();
        Assert.Contains("skipped: 1 FullDisk: no disk", Report().Faults(), StringComparison.Ordinal);
    }

    [Fact]
    public void Violations_are_sentences_with_their_histories()
    {
        var found = (Report() with
        {
            Violations = [new Violation("#1", "It is wrong.", "status"), new Violation("#2", "It is too.", "status")],
            Histories = ["#1: long ago"],
        }).Found();
        Assert.StartsWith("2 VIOLATIONS: 2 status", found, StringComparison.Ordinal);
        Assert.Contains("#1: long ago", found, StringComparison.Ordinal);
        Assert.Equal("no violations", Report().Found());
    }

    [Fact]
    public void The_command_line_repeats_the_run() => Assert.Equal(
        "dotnet run -c Release --project tests/OrderGrains.Chaos -- --seed 7 --seconds 30 --rate 8 --storage Postgres "
        + "--schedule \"x\" --orders 1,5",
        ChaosReport.CommandOf(
            new ChaosOptions { Seed = 7, OnPostgres = true, Orders = new HashSet<int> { 5, 1 } }, "x"));

    [Fact]
    public void Tries_collapse_into_a_line() => Assert.Equal(
        "2 tries 503 by silo 0, then 200 by silo 0",
        History.Collapse([Try("a", 1, 2, HttpStatusCode.ServiceUnavailable), Try("a", 2, 3,
            HttpStatusCode.ServiceUnavailable), Try("a", 3, 4, HttpStatusCode.OK)]));

    [Fact]
    public void A_history_is_in_order_of_time_with_the_faults_around_it_and_can_be_made_short()
    {
        Break(FaultKind.KillSilo, 2, 3);
        Break(FaultKind.PauseSilo, 500, 510);
        HistoryEntry[] entries = [.. Enumerable.Range(0, 100).Select(at => new HistoryEntry(At(at), $"act {at}"))];
        var text = History.Write("#1", entries, _ledger.Faults);
        Assert.Contains("KillSilo 0 begins", text, StringComparison.Ordinal);
        Assert.DoesNotContain("PauseSilo", text, StringComparison.Ordinal);
        Assert.Equal(103, text.Split('\n').Length);

        var brief = History.Shorten(text);
        Assert.InRange(brief.Split('\n').Length, 59, 61);
        Assert.DoesNotContain("KillSilo", brief, StringComparison.Ordinal);
        Assert.Contains("act 99", brief, StringComparison.Ordinal);
        Assert.Equal(brief, History.Shorten(brief));
    }

    [Fact]
    public void An_order_is_told_from_all_sides()
    {
        var run = Well();
        string[] told = [.. WorldHistory.Of("#700", run.World(), _ledger).Select(entry => entry.What)];
        Assert.Contains(told, what =>
            what.StartsWith("acme sends orders/create create: 200 by silo 0", StringComparison.Ordinal));
        Assert.Contains(told, what => what.StartsWith("east made acme-700-1", StringComparison.Ordinal));
        Assert.Contains(told, what => what.StartsWith("== the shop: paid", StringComparison.Ordinal));
        Assert.NotEmpty(WorldHistory.Of("east/S1", run.World(), _ledger));
    }

    private void Break(FaultKind kind, double from, double to) =>
        _ledger.Note(new FaultDone(new FaultAct(TimeSpan.Zero, kind, TimeSpan.Zero), At(from), At(to)));

    private void Skip() => _ledger.Note(new FaultDone(
        new FaultAct(TimeSpan.Zero, FaultKind.FullDisk, TimeSpan.Zero), At(1), At(1), "no disk"));

    private static WebhookTry Try(string id, double from, double to, HttpStatusCode? status) =>
        new(0, "acme", id, 1, "orders/create", At(from), At(to), status);

    private static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);

    private ChaosReport Report() => new()
    {
        Options = new ChaosOptions(),
        Schedule = FaultSchedule.None,
        Violations = [],
        Histories = [],
        Ledger = _ledger,
        Began = Start,
        HealedAt = At(30),
        Elapsed = Seconds(60),
        LastOutput = "",
    };
}
