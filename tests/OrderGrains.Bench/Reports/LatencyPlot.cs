using System.Globalization;
using System.Text;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Reports;

/// <summary>
/// Latency over offered load as an SVG, both on scales by powers of ten: the p99 as a line, the median as a thin one.
/// It takes its colours from the reader's light or dark, and names each line at its end.
/// </summary>
internal static class LatencyPlot
{
    public const string Acknowledgement = "acknowledgement";
    public const string Order = "order";

    private const double Width = 860;
    private const double Height = 480;
    private const double Left = 70;
    private const double Right = 740;
    private const double Top = 50;
    private const double Bottom = 420;
    private const double LabelGap = 15;

    private const string Style = """
        <style>
        text { font: 13px system-ui, sans-serif; fill: #24292f }
        .title { font-size: 15px; font-weight: 600 }
        .grid { stroke: #d0d7de; stroke-width: 1 }
        .line { fill: none; stroke: currentColor; stroke-width: 2.5 }
        .thin { fill: none; stroke: currentColor; stroke-width: 1; stroke-dasharray: 4 3 }
        .dot, .name { fill: currentColor }
        .c0 { color: #0969da } .c1 { color: #57606a } .c2 { color: #7d5600 } .c3 { color: #bc4c00 }
        .c4 { color: #1a7f37 } .c5 { color: #8250df } .c6 { color: #bf3989 } .c7 { color: #cf222e }
        @media (prefers-color-scheme: dark) {
        text { fill: #e6edf3 } .grid { stroke: #30363d } .dot, .name { fill: currentColor }
        .c0 { color: #58a6ff } .c1 { color: #9ea7b3 } .c2 { color: #d4a72c } .c3 { color: #f0883e }
        .c4 { color: #3fb950 } .c5 { color: #bc8cff } .c6 { color: #ff7bc0 } .c7 { color: #ff7b72 } }
        </style>
        """;

    /// <summary>Each keeps its colour from plot to plot; whoever is not among them has the last.</summary>
    private static readonly string[] Coloured =
    [
        Subject.Ours.Name, Subject.FloorName, Subject.InsertName, Subject.RowsName, Subject.HangfireName,
        Subject.RebusName, Subject.AdoNetName,
    ];

    /// <summary>Null when there are no points to draw.</summary>
    public static string? Draw(string title, IEnumerable<LoadPoint> points)
    {
        var lines = points.GroupBy(point => point.Subject, StringComparer.Ordinal)
            .Select(line => (Name: line.Key, Points: Merge(line))).ToList();
        if (lines.Count == 0) return null;
        var all = lines.SelectMany(line => line.Points).ToList();
        var x = Scale.Around(all.Select(point => point.PerSecond), Left, Right);
        var y = Scale.Around(
            all.SelectMany(point => (double[])[Milliseconds(point.Median), Milliseconds(point.P99)]), Bottom, Top);

        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Height}" role="img">""");
        svg.AppendLine(Style);
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text class="title" x="{Left}" y="24">{title}</text>""");
        Grid(svg, x, y);
        var labels = new List<(double At, double X, string Name)>();
        foreach (var (name, drawn) in lines)
        {
            Line("line", point => point.P99);
            Line("thin", point => point.Median);
            foreach (var point in drawn)
            {
                var (left, top) = (x.At(point.PerSecond), y.At(Milliseconds(point.P99)));
                svg.AppendLine(CultureInfo.InvariantCulture,
                    $"""<circle class="dot {Colour(name)}" cx="{left:0.#}" cy="{top:0.#}" r="3"/>""");
            }
            labels.Add((y.At(Milliseconds(drawn[^1].P99)), x.At(drawn[^1].PerSecond), name));

            void Line(string style, Func<LoadPoint, TimeSpan> latency) => svg.AppendLine(Path(
                $"{style} {Colour(name)}",
                drawn.Select(point => (x.At(point.PerSecond), y.At(Milliseconds(latency(point)))))));
        }
        Label(svg, labels);
        return svg.AppendLine("</svg>").ToString().ReplaceLineEndings("\n");
    }

    /// <summary>Runs at the same load become one point; loads within 5 % are the same.</summary>
    private static List<LoadPoint> Merge(IEnumerable<LoadPoint> points)
    {
        var groups = new List<List<LoadPoint>>();
        foreach (var point in points.OrderBy(point => point.PerSecond))
        {
            if (groups.Count > 0 && point.PerSecond < groups[^1][0].PerSecond * 1.05) groups[^1].Add(point);
            else groups.Add([point]);
        }
        return [.. groups.Select(same => same[0] with
        {
            Median = same.Select(point => point.Median).Order().ElementAt(same.Count / 2),
            P99 = same.Select(point => point.P99).Order().ElementAt(same.Count / 2),
        })];
    }

    private static void Grid(StringBuilder svg, Scale x, Scale y)
    {
        foreach (var value in x.Tens)
        {
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<line class="grid" x1="{x.At(value):0.#}" y1="{Top}" x2="{x.At(value):0.#}" y2="{Bottom}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<text x="{x.At(value):0.#}" y="{Bottom + 20}" text-anchor="middle">{value:#,0}</text>""");
        }
        foreach (var value in y.Tens)
        {
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<line class="grid" x1="{Left}" y1="{y.At(value):0.#}" x2="{Right}" y2="{y.At(value):0.#}"/>""");
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<text x="{Left - 8}" y="{y.At(value) + 4:0.#}" text-anchor="end">{value:#,0.###} ms</text>""");
        }
        svg.AppendLine(CultureInfo.InvariantCulture,
            $"""<text x="{(Left + Right) / 2}" y="{Height - 14}" text-anchor="middle">webhooks a second</text>""");
    }

    /// <summary>From the top down, pushed apart where lines end close to each other.</summary>
    private static void Label(StringBuilder svg, IEnumerable<(double At, double X, string Name)> labels)
    {
        var free = double.MinValue;
        foreach (var (at, x, name) in labels.OrderBy(label => label.At))
        {
            free = Math.Max(at + 4, free + LabelGap);
            svg.AppendLine(CultureInfo.InvariantCulture,
                $"""<text class="name {Colour(name)}" x="{x + 8:0.#}" y="{free:0.#}">{name}</text>""");
        }
    }

    private static string Colour(string subject) =>
        Array.IndexOf(Coloured, subject) is >= 0 and var at ? $"c{at}" : "c7";

    private static string Path(string style, IEnumerable<(double X, double Y)> points) =>
        $"""<path class="{style}" d="M{string.Join(" L", points.Select(Place))}"/>""";

    private static string Place((double X, double Y) point) =>
        string.Create(CultureInfo.InvariantCulture, $"{point.X:0.#} {point.Y:0.#}");

    private static double Milliseconds(TimeSpan time) => Math.Max(time.TotalMilliseconds, 0.001);

    /// <summary>Powers of ten over a stretch of the picture.</summary>
    private sealed record Scale(double Low, double High, double From, double To)
    {
        public IEnumerable<double> Tens =>
            Enumerable.Range((int)Low, (int)(High - Low) + 1).Select(power => Math.Pow(10, power));

        public static Scale Around(IEnumerable<double> values, double from, double to)
        {
            var powers = values.Select(Math.Log10).ToList();
            var low = Math.Floor(powers.Min());
            return new Scale(low, Math.Max(low + 1, Math.Ceiling(powers.Max())), from, to);
        }

        public double At(double value) => From + ((Math.Log10(value) - Low) / (High - Low) * (To - From));
    }
}
