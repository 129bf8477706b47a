using System.Globalization;
using System.Net;
using System.Text;
using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Judging;

namespace OrderGrains.Chaos;

/// <summary>What a chaos run did and found.</summary>
public sealed record ChaosReport
{
    private const int ViolationsShownMax = 40;

    public required ChaosOptions Options { get; init; }

    public required FaultSchedule Schedule { get; init; }

    /// <summary>Promises broken; empty is a pass.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>What befell the first subjects that are wrong.</summary>
    public required IReadOnlyList<string> Histories { get; init; }

    public required Ledger Ledger { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required DateTimeOffset HealedAt { get; init; }

    /// <summary>The whole run, starts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    public required string LastOutput { get; init; }

    /// <summary>Cases with several right ends, and for how many subjects each was met.</summary>
    public IReadOnlyDictionary<Leeway, int> Leeways { get; init; } = new Dictionary<Leeway, int>();

    /// <summary>The command line that does the same again.</summary>
    public string Command => CommandOf(Options, Schedule.ToString());

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine($"seed {Options.Seed}, {(Options.OnPostgres ? "PostgreSQL" : "SQLite")}, "
            + $"{(Options.OnPostgres ? "3 silos" : "1 process")} at the start, "
            + $"{Options.OrdersPerSecond:0} orders a second"
            + $"{(Options.IsSplit ? ", each silo a cluster by itself" : "")}; {Elapsed.TotalSeconds:0} s in all, "
            + $"{(HealedAt - Began).TotalSeconds:0} s until all was healed");
        text.AppendLine($"schedule: {Schedule}");
        text.AppendLine(Done());
        text.AppendLine(Faults());
        if (Leeways.Count > 0)
        {
            text.AppendLine("where several ends are right: " + string.Join(", ",
                Leeways.OrderBy(each => each.Key).Select(each => $"{each.Key} {each.Value}")));
        }

        text.Append(Found());
        if (Violations.Count > 0) text.AppendLine().AppendLine("again:").Append("  ").Append(Command);
        return text.ToString();
    }

    /// <summary>What was done, and how often.</summary>
    public string Done()
    {
        var webhooks = Ledger.Tries.GroupBy(each => (each.Source, each.WebhookId)).ToList();
        var orders = Ledger.Tries.Select(each => each.OrderId).OfType<long>().Distinct().Count();
        var refused = Ledger.Tries.Where(each => each.Status is not HttpStatusCode.OK).ToList();
        var answers = string.Join(", ", refused.GroupBy(each => each.Status is { } status
                ? ((int)status).ToString(CultureInfo.InvariantCulture) : "no answer", StringComparer.Ordinal)
            .OrderBy(same => same.Key, StringComparer.Ordinal).Select(same => $"{same.Count()} {same.Key}"));
        var calls = string.Join(", ", Ledger.Calls.GroupBy(call => call.What, StringComparer.Ordinal)
            .OrderByDescending(same => same.Count()).Select(same => $"{same.Count()} {same.Key}"));
        int Told(StockTold.Kinds kind) => Ledger.Stock.Where(each => each.Kind == kind)
            .Select(each => each.WebhookId).Distinct(StringComparer.Ordinal).Count();
        return
            $"{orders} orders; {webhooks.Count} webhooks in {Ledger.Tries.Count} tries, {refused.Count} without a 200"
            + (refused.Count > 0 ? $" ({answers})" : "")
            + $"; calls at warehouses: {(calls.Length > 0 ? calls : "none")}; "
            + $"{Told(StockTold.Kinds.Counted)} counts, {Told(StockTold.Kinds.Adjusted)} adjustments, "
            + $"{Told(StockTold.Kinds.Shipped)} shipments; {Ledger.Backlog.Count} looks at the tables while it ran";
    }

    /// <summary>What broke, how long it was felt, and what could not be broken here.</summary>
    public string Faults()
    {
        var done = Ledger.Faults.Where(fault => fault.Skipped is null).ToList();
        var text = new StringBuilder();
        text.Append(done.Count == 0 ? "nothing was broken" : FaultRecovery.Table(FaultRecovery.Of(Ledger)));
        foreach (var skipped in Ledger.Faults.Where(fault => fault.Skipped is not null)
            .GroupBy(fault => (fault.Act.Kind, fault.Skipped)))
        {
            text.AppendLine().Append(
                $"  skipped: {skipped.Count()} {skipped.Key.Kind}: {skipped.Key.Skipped}");
        }

        return text.ToString();
    }

    /// <summary>What is wrong, and what befell it.</summary>
    public string Found()
    {
        if (Violations.Count == 0) return "no violations";
        var text = new StringBuilder();
        text.Append($"{Violations.Count} VIOLATIONS: ").AppendLine(string.Join(", ",
            Violations.GroupBy(each => each.Kind, StringComparer.Ordinal).OrderByDescending(kind => kind.Count())
                .Select(kind => $"{kind.Count()} {kind.Key}")));
        foreach (var violation in Violations.Take(ViolationsShownMax))
            text.Append("  ").AppendLine(violation.What);
        if (Violations.Count > ViolationsShownMax)
            text.AppendLine($"  … {Violations.Count - ViolationsShownMax} more");
        foreach (var history in Histories) text.AppendLine().AppendLine(history);
        if (LastOutput.Length > 0) text.AppendLine().AppendLine("the silos wrote last:").AppendLine(LastOutput);
        return text.ToString().TrimEnd();
    }

    /// <summary>The command line of a run.</summary>
    /// <param name="options">What it was.</param>
    /// <param name="schedule">Its faults, as text.</param>
    public static string CommandOf(ChaosOptions options, string schedule)
    {
        var text = new StringBuilder("dotnet run -c Release --project tests/OrderGrains.Chaos --");
        text.Append(CultureInfo.InvariantCulture, $" --seed {options.Seed}");
        text.Append(CultureInfo.InvariantCulture, $" --seconds {options.Duration.TotalSeconds:0}");
        text.Append(CultureInfo.InvariantCulture, $" --rate {options.OrdersPerSecond:0}");
        text.Append(options.OnPostgres ? " --storage Postgres" : " --storage Sqlite");
        text.Append(CultureInfo.InvariantCulture, $" --schedule \"{schedule}\"");
        if (options.Orders is { } orders) text.Append(" --orders ").AppendJoin(',', orders.Order());
        if (options.QuietMax != new ChaosOptions().QuietMax)
            text.Append(CultureInfo.InvariantCulture, $" --quiet {options.QuietMax.TotalSeconds:0}");
        if (options.IsSplit) text.Append(" --split yes");
        if (options.Product is { } product) text.Append(CultureInfo.InvariantCulture, $" --product \"{product}\"");
        if (options.Planted is { } planted) text.Append(" --planted ").Append(planted);
        return text.ToString();
    }
}
