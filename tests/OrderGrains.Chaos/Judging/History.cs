using System.Text;
using OrderGrains.Chaos.Faults;

namespace OrderGrains.Chaos.Judging;

/// <summary>One thing that happened, or stands.</summary>
internal sealed record HistoryEntry(DateTimeOffset At, string What);

/// <summary>Writes what befell a subject, from all sides, in order of time. Pure.</summary>
internal static class History
{
    private const int LinesMax = 60;
    private const int LineCharsMax = 200;
    private const string FaultMark = "-- ";

    /// <summary>A fault is of interest when it was under way this close to what happened.</summary>
    private static readonly TimeSpan Around = TimeSpan.FromSeconds(5);

    public static string Write(
        string subject, IReadOnlyList<HistoryEntry> entries, IReadOnlyCollection<FaultDone> faults)
    {
        if (entries.Count == 0) return $"{subject}: nothing is known of it";
        var (first, last) = (entries.Min(each => each.At) - Around, entries.Max(each => each.At) + Around);
        var lines = entries.Concat(faults
                .Where(fault => fault.Skipped is null && fault.From <= last && fault.To >= first).SelectMany(Tell))
            .OrderBy(each => each.At).Select(each => Cut($"{each.At:HH:mm:ss.fff}  {each.What}")).ToList();
        var text = new StringBuilder(subject).Append(':').AppendLine();
        foreach (var line in lines) text.Append("  ").AppendLine(line);
        return text.ToString().TrimEnd();
    }

    /// <summary>Short enough to read: the faults go first, and then the middle.</summary>
    public static string Shorten(string history)
    {
        var lines = history.Split('\n');
        var kept = lines.Length <= LinesMax ? lines
            : [.. lines.Where(line => !line.Contains("  " + FaultMark, StringComparison.Ordinal))];
        if (kept.Length <= LinesMax) return string.Join('\n', kept);
        var head = LinesMax * 2 / 3;
        var tail = LinesMax - head - 1;
        return string.Join('\n', [
            .. kept.Take(head), $"  … {kept.Length - head - tail} more …", .. kept.TakeLast(tail)]);
    }

    /// <summary>All tries of one webhook in a line: <c>3 tries 503, then 200 by silo 1</c>.</summary>
    public static string Collapse(IReadOnlyList<WebhookTry> tries)
    {
        var parts = new List<string>();
        for (var at = 0; at < tries.Count;)
        {
            var run = tries.Skip(at).TakeWhile(each => each.Status == tries[at].Status).ToList();
            var answer = tries[at].Status is { } status ? ((int)status).ToString() : "unanswered";
            var silos = string.Join(", ", run.Select(each => each.Silo).Distinct().Order());
            parts.Add(run.Count == 1 ? $"{answer} by silo {silos}" : $"{run.Count} tries {answer} by silo {silos}");
            at += run.Count;
        }

        return string.Join(", then ", parts);
    }

    private static IEnumerable<HistoryEntry> Tell(FaultDone fault)
    {
        yield return new HistoryEntry(fault.From, $"{FaultMark}{Name(fault.Act)} begins");
        if (fault.To > fault.From) yield return new HistoryEntry(fault.To, $"{FaultMark}{Name(fault.Act)} is healed");
    }

    private static string Name(FaultAct act) => $"{act.Kind} {act.Target}";

    private static string Cut(string line) => line.Length <= LineCharsMax ? line : line[..LineCharsMax] + "…";
}
