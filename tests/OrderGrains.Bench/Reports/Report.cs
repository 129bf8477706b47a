using System.Text;
using OrderGrains.Bench.Measuring;

namespace OrderGrains.Bench.Reports;

/// <summary>What the bench has found: a table for each scenario, its measures down, its subjects across.</summary>
internal sealed class Report
{
    private readonly List<Entry> _entries = [];
    private readonly Dictionary<string, string> _pages = new(StringComparer.Ordinal);
    private readonly List<string> _failures = [];
    private readonly List<LoadPoint> _points = [];

    public IReadOnlyList<string> Failures => _failures;

    public IReadOnlyList<LoadPoint> Points => _points;

    public void Add(string scenario, string subject, string measure, Unit unit, double value) =>
        _entries.Add(new Entry(scenario, subject, measure, unit, value));

    /// <summary>A latency at an offered load, for the plots.</summary>
    public void Add(LoadPoint point) => _points.Add(point);

    /// <summary>Text too long for the tables, in files of their own; of a name the last counts.</summary>
    public IReadOnlyDictionary<string, string> Pages => _pages;

    public void AddPage(string file, string text) => _pages[file] = text;

    /// <summary>A run that is not audited clean has no figures.</summary>
    public void Fail(string scenario, string subject, string fault)
    {
        _failures.Add($"{scenario}, {subject}: {fault}");
        _entries.RemoveAll(entry => entry.Scenario == scenario && entry.Subject == subject);
        _entries.Add(new Entry(scenario, subject, "audit", Unit.Count, double.NaN));
    }

    public bool HasFailed(string scenario, string subject) => _entries.Exists(entry =>
        entry.Scenario == scenario && entry.Subject == subject && double.IsNaN(entry.Value));

    /// <summary>One scenario's section; empty when it has no figures.</summary>
    public string Section(string scenario, string title)
    {
        var entries = _entries.Where(entry => entry.Scenario == scenario).ToList();
        if (entries.Count == 0) return "";
        var subjects = entries.Select(entry => entry.Subject).Distinct(StringComparer.Ordinal).ToList();
        var text = new StringBuilder($"## {title}\n\n");
        text.AppendLine($"| | {string.Join(" | ", subjects)} |");
        text.AppendLine($"| --- |{string.Concat(subjects.Select(_ => " ---: |"))}");
        foreach (var row in entries.GroupBy(entry => entry.Measure, StringComparer.Ordinal))
        {
            var cells = subjects.Select(subject =>
                Cell([.. row.Where(entry => string.Equals(entry.Subject, subject, StringComparison.Ordinal))]));
            text.AppendLine($"| {row.Key} | {string.Join(" | ", cells)} |");
        }
        return text.AppendLine().ToString().ReplaceLineEndings("\n");
    }

    private static string Cell(IReadOnlyList<Entry> entries)
    {
        if (entries.Count == 0) return "";
        if (entries.Any(entry => double.IsNaN(entry.Value))) return "**failed**";
        var (unit, sample) = (entries[0].Unit, Sample.Of(entries.Select(entry => entry.Value)));
        return sample.Runs == 1
            ? unit.Write(sample.Median)
            : $"{unit.Write(sample.Median)} ({unit.Write(sample.Min)} – {unit.Write(sample.Max)})";
    }

    private sealed record Entry(string Scenario, string Subject, string Measure, Unit Unit, double Value);
}

/// <summary>A latency at an offered load.</summary>
/// <param name="Plot">Which plot it belongs to.</param>
/// <param name="Subject">Whose it is.</param>
/// <param name="PerSecond">Webhooks offered a second.</param>
/// <param name="Median">Of the run.</param>
/// <param name="P99">Of the run.</param>
internal sealed record LoadPoint(string Plot, string Subject, double PerSecond, TimeSpan Median, TimeSpan P99);
