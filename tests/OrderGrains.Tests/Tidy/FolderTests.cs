using System.Text.RegularExpressions;
using Xunit;

namespace OrderGrains.Tests.Tidy;

/// <summary>A folder is a station of the flow, and knows only those to its right.</summary>
public sealed partial class FolderTests
{
    private static readonly string[] Stations =
    [
        "Console", "Storage", "Ingress", "Orders", "Inventory", "Outbound", "Connectors", "Wire", "Configuration",
        "Vocabulary",
    ];

    [Fact]
    public void A_station_knows_only_those_to_its_right()
    {
        var wrong = new List<string>();
        for (var at = 0; at < Stations.Length; at++)
        {
            var allowed = Stations[at..].Where(station => station != "Storage" || Stations[at] == "Storage")
                .ToArray();
            foreach (var file in SourceTree.Files($"src/OrderGrains/{Stations[at]}", ".cs", ".cshtml"))
                wrong.AddRange(file.Where(line => Used(line).Except(allowed, StringComparer.Ordinal).Any()));
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void Every_folder_of_the_product_is_a_station_or_wires_them() => Assert.Equal(
        Stations.Concat(["Telemetry", "Properties", "wwwroot"]).Order(StringComparer.Ordinal)
            .Where(folder => Directory.Exists(Path.Combine(SourceTree.Root, "src", "OrderGrains", folder))),
        Directory.EnumerateDirectories(Path.Combine(SourceTree.Root, "src", "OrderGrains"))
            .Select(path => Path.GetFileName(path)).Except(["bin", "obj"], StringComparer.Ordinal)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void The_judge_shares_no_code_with_the_product() => Assert.Empty(
        SourceTree.Files("tests/OrderGrains.Chaos", ".cs")
            .Concat(SourceTree.Files("src/OrderGrains.Sandbox/Warehouses", ".cs"))
            .Concat(SourceTree.Files("src/OrderGrains.Sandbox/Shops", ".cs"))
            .SelectMany(file => file.Where(line => Used(line).Any())));

    /// <summary>It measures the product from outside; one scenario drives a grain by itself.</summary>
    [Fact]
    public void The_bench_shares_no_code_with_the_product_but_for_the_grain_that_it_drives() => Assert.Empty(
        SourceTree.Files("tests/OrderGrains.Bench", ".cs")
            .Where(file => !file.Path.EndsWith("Scenarios/Reserve.cs", StringComparison.Ordinal))
            .SelectMany(file => file.Where(line => Used(line).Any())));

    /// <summary>Folders that a line of code names, by their namespace.</summary>
    private static IEnumerable<string> Used(string line) => line.TrimStart().StartsWith("//", StringComparison.Ordinal)
        ? []
        : Namespaces().Matches(line).Select(match => match.Groups["folder"].Value);

    [GeneratedRegex(
        @"(?<![\w.""])OrderGrains\.(?<folder>Console|Storage|Ingress|Orders|Inventory|Outbound|Connectors|Wire"
        + @"|Configuration|Vocabulary|Telemetry)\b(?!\.dll)",
        RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Namespaces();
}
