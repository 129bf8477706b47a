using System.Text.RegularExpressions;
using Xunit;

namespace OrderGrains.Tests.Tidy;

/// <summary>Sizes, names and words: what a reader meets in every file.</summary>
public sealed partial class TextTests
{
    private const int ColumnsMax = 120;
    private const int LinesMax = 500;
    private const int ProductLinesMax = 300;

    /// <summary>Files of the product over 300 lines, each with the reason why it is one.</summary>
    private static readonly Dictionary<string, string> LongForAReason = new(StringComparer.Ordinal);

    private static readonly string[] Unfinished =
        ["NotImplemented" + "Exception", "TO" + "DO", "FIX" + "ME", "HA" + "CK"];

    private static IEnumerable<SourceFile> Code =>
        SourceTree.Files("src", ".cs").Concat(SourceTree.Files("tests", ".cs"));

    [Fact]
    public void No_line_is_wider_than_120_columns() =>
        Assert.Empty(Code.SelectMany(file => file.Where(line => line.Length > ColumnsMax)));

    [Fact]
    public void No_file_is_longer_than_500_lines() => Assert.Empty(Code
        .Concat(SourceTree.Files("src", ".cshtml", ".js", ".css")).Concat(SourceTree.Files("sql", ".sql"))
        .Where(file => file.Lines.Count > LinesMax).Select(file => $"{file.Path}: {file.Lines.Count} lines"));

    [Fact]
    public void No_file_of_the_product_is_longer_than_300_lines_without_a_reason() => Assert.Equal(
        LongForAReason.Keys.Order(StringComparer.Ordinal),
        SourceTree.Files("src", ".cs").Where(file => file.Lines.Count > ProductLinesMax).Select(file => file.Path)
            .Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Fact]
    public void No_type_of_ours_has_a_name_that_says_nothing() =>
        Assert.Empty(SourceTree.Files("src", ".cs").SelectMany(file => file.Where(line => EmptyName().IsMatch(line))));

    [Fact]
    public void Nothing_is_left_unfinished() => Assert.Empty(Code
        .Concat(SourceTree.Files("src", ".cshtml", ".js", ".css")).Concat(SourceTree.Files("sql", ".sql"))
        .Concat(SourceTree.Files("docs", ".md"))
        .SelectMany(file =>
            file.Where(line => Unfinished.Any(word => line.Contains(word, StringComparison.Ordinal)))));

    [Fact]
    public void Every_skip_says_why() => Assert.Empty(SourceTree.Files("tests", ".cs")
        .SelectMany(file => file.Where(line => SilentSkip().IsMatch(line))));

    /// <summary>Whoever clones it has other folders, and other registries.</summary>
    [Fact]
    public void Nothing_names_the_machine_that_it_was_written_on() => Assert.Empty(
        SourceTree.Files("", ".cs", ".csproj", ".props", ".json", ".md", ".sql", ".yml", ".yaml", ".sh", ".config", "")
            .SelectMany(file => file.Where(line => MachinePath().IsMatch(line))));

    // A tag helper is ASP.NET's word for what it is.
    [GeneratedRegex(
        @"\b(class|record|struct|interface|enum)\s+(?!\w*TagHelper\b)\w+"
        + @"(Manager|Helper|Utils|Service|Base|Dto|Common)\b",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex EmptyName();

    [GeneratedRegex(@"\bSkip\s*=\s*""\s*""|\bAssert\.Skip\(\s*(""\s*"")?\s*\)|\bExplicit\s*=\s*true",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex SilentSkip();

    [GeneratedRegex(@"(?<![\w.])/(work|home|root|Users)/\w|(?<![\w.])/tmp/\w", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex MachinePath();
}
