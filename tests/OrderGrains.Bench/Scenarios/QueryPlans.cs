using System.Text;
using System.Text.RegularExpressions;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// Has the server's <c>auto_explain</c> write the plan of every statement into its log for a while, and reads one of
/// each from there: the plans that really ran, parameters, prepared or not.
/// </summary>
internal sealed partial class QueryPlans
{
    private const string Marker = "plan:";
    private readonly Database _database;
    private readonly string _log;
    private readonly long _from;

    private QueryPlans(Database database, string log) =>
        (_database, _log, _from) = (database, log, new FileInfo(log).Length);

    /// <summary>Connections that are opened from now on are watched.</summary>
    public static async Task<QueryPlans> BeginAsync(Database database)
    {
        var data = await database.TextAsync("select current_setting('data_directory')");
        foreach (var setting in (string[])[
            "session_preload_libraries = 'auto_explain'", "auto_explain.log_min_duration = 0",
            "auto_explain.log_analyze = on", "auto_explain.log_timing = off", "auto_explain.log_buffers = on"])
            await database.ExecuteAsync($"alter database {database.Name} set {setting}");
        return new QueryPlans(database, Path.Combine(Path.GetDirectoryName(data)!, "log"));
    }

    /// <summary>One plan of each statement on the product's tables, in the order in which they first ran.</summary>
    public async Task<IReadOnlyList<string>> EndAsync()
    {
        await _database.ExecuteAsync($"alter database {_database.Name} reset all");
        var plans = new Dictionary<string, string>(StringComparer.Ordinal);
        await using var log = new FileStream(_log, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        log.Position = _from;
        using var reader = new StreamReader(log);
        StringBuilder? plan = null;
        while (await reader.ReadLineAsync() is { } line)
        {
            if (line.StartsWith('\t'))
            {
                plan?.AppendLine(line[1..]);
                continue;
            }
            Keep(plan, plans);
            plan = line.Contains(Marker, StringComparison.Ordinal) ? new StringBuilder() : null;
        }
        Keep(plan, plans);
        return [.. plans.Values];
    }

    /// <summary>The statement's text is before the first line of figures; one plan of each is enough.</summary>
    private static void Keep(StringBuilder? plan, Dictionary<string, string> plans)
    {
        if (plan is null) return;
        var text = plan.ToString();
        var figures = text.IndexOf("(cost=", StringComparison.Ordinal);
        if (figures > 0 && OurTables().IsMatch(text) && !text.Contains("pg_", StringComparison.Ordinal))
            plans.TryAdd(text[..(text.LastIndexOf('\n', figures) + 1)], text.TrimEnd());
    }

    [GeneratedRegex(
        @"\b(receipt|order_state|timeline|message|stock|reservation)\b", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex OurTables();
}
