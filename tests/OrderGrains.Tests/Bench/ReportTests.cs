using System.Xml.Linq;
using OrderGrains.Bench.Reports;
using Xunit;

namespace OrderGrains.Tests.Bench;

public sealed class ReportTests
{
    private static readonly TimeSpan Quick = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Slow = TimeSpan.FromMilliseconds(40);

    [Fact]
    public void A_table_has_the_median_of_each_measure_with_its_spread()
    {
        var report = new Report();
        foreach (var value in (double[])[1200, 1000, 1100]) report.Add("order", "ours", "rate", Unit.PerSecond, value);
        report.Add("order", "rows", "rate", Unit.PerSecond, 400);

        Assert.Equal(
            """
            ## Orders

            | | ours | rows |
            | --- | ---: | ---: |
            | rate | 1,100/s (1,000/s – 1,200/s) | 400/s |


            """.ReplaceLineEndings("\n"), report.Section("order", "Orders"));
    }

    [Fact]
    public void A_run_that_is_not_audited_clean_has_no_figures()
    {
        var report = new Report();
        report.Add("order", "rows", "rate", Unit.PerSecond, 400);
        report.Fail("order", "rows", "3 orders are lost");

        var section = report.Section("order", "Orders");
        Assert.Contains("**failed**", section, StringComparison.Ordinal);
        Assert.DoesNotContain("400", section, StringComparison.Ordinal);
        Assert.Equal(["order, rows: 3 orders are lost"], report.Failures);
    }

    [Fact]
    public void A_plot_has_two_lines_and_a_name_for_each_subject()
    {
        var svg = LatencyPlot.Draw("Latency", [
            new("order", "ours", 100, Quick, Slow), new("order", "ours", 1000, Quick, Slow),
            new("order", "rows", 100, Slow, Slow),
        ]);

        var plot = XDocument.Parse(Assert.IsType<string>(svg));
        XNamespace space = "http://www.w3.org/2000/svg";
        Assert.Equal(4, plot.Descendants(space + "path").Count());
        var texts = plot.Descendants(space + "text").Select(text => text.Value)
            .ToHashSet(StringComparer.Ordinal);
        Assert.Equal(3, plot.Descendants(space + "circle").Count());
        Assert.Superset(new HashSet<string>(["ours", "rows", "1,000"], StringComparer.Ordinal), texts);
        Assert.Contains("prefers-color-scheme: dark", plot.Descendants(space + "style").Single().Value,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Runs_at_the_same_load_are_one_point()
    {
        var svg = LatencyPlot.Draw("Latency", [
            new("order", "ours", 100, Quick, Quick), new("order", "ours", 102, Quick, Slow),
            new("order", "ours", 100, Quick, Slow), new("order", "ours", 300, Quick, Slow),
        ]);

        var line = XDocument.Parse(svg!).Descendants().First(each => each.Attribute("class")?.Value == "line c0");
        Assert.Single(line.Attribute("d")!.Value.Split(" L")[1..]);
    }

    [Fact]
    public void Without_points_there_is_no_plot() => Assert.Null(LatencyPlot.Draw("Latency", []));
}
