using System.Text.RegularExpressions;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Deployment;

/// <summary>Alarms stand on what the product measures and logs, and the manual says what to do about each.</summary>
public sealed partial class AlarmTests
{
    /// <summary>What Prometheus' exporter puts behind a name: units, and what a counter or a histogram has.</summary>
    private static readonly string[] Endings =
        ["", "_seconds", "_seconds_bucket", "_seconds_count", "_seconds_sum", "_total"];

    private static readonly string Manual =
        File.ReadAllText(Path.Combine(SourceTree.Root, "docs", "operations.md"));

    private static readonly IReadOnlyList<(string Name, string Expression)> Alarms =
        [.. Yaml.Read("deploy/prometheus/alerts.yml")[0].Get("groups", "0", "rules").Items()
            .Select(rule => (rule.Text("alert"), rule.Text("expr")))];

    private static string Code => string.Join(
        '\n', SourceTree.Files("src/OrderGrains", ".cs").SelectMany(file => file.Lines));

    [Fact]
    public void Every_metric_of_an_alarm_is_one_of_the_products()
    {
        var measured = Measured().Matches(Code)
            .Select(m => m.Groups["name"].Value.Replace('.', '_'))
            .SelectMany(name => Endings.Select(ending => name + ending)).ToHashSet(StringComparer.Ordinal);
        var named = Alarms.SelectMany(a => Named().Matches(a.Expression).Select(m => m.Value)).ToList();

        Assert.NotEmpty(named);
        Assert.All(named, metric => Assert.Contains(metric, measured));
    }

    [Fact]
    public void Every_alarm_has_its_paragraph_in_the_manual() => Assert.All(Alarms, alarm =>
        Assert.Contains($"\n### {alarm.Name}\n", Manual, StringComparison.Ordinal));

    [Fact]
    public void Every_warning_that_the_product_logs_is_in_the_manual()
    {
        var warnings = Warnings().Matches(Code).Select(m => m.Groups["name"].Value).ToList();

        Assert.NotEmpty(warnings);
        Assert.All(warnings, name => Assert.Contains($"| `{name}` |", Manual, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"""(?<name>ordergrains\.[a-z.]+)""", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Measured();

    [GeneratedRegex(@"\bordergrains_[a-z_]+", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Named();

    [GeneratedRegex(@"LogLevel\.(Warning|Error|Critical),[^]]*?EventName = ""(?<name>[\w.]+)""",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Warnings();
}
