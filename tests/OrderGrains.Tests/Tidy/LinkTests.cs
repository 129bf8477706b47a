using System.Text.RegularExpressions;
using Xunit;

namespace OrderGrains.Tests.Tidy;

/// <summary>Links in the README and in docs/ lead somewhere.</summary>
public sealed partial class LinkTests
{
    private static IEnumerable<SourceFile> Pages => SourceTree.Files("", ".md").Where(page =>
        !page.Path.Contains('/', StringComparison.Ordinal) || page.Path.StartsWith("docs/", StringComparison.Ordinal));

    [Fact]
    public void Every_link_to_a_file_of_the_project_resolves()
    {
        var broken = new List<string>();
        foreach (var page in Pages)
        {
            foreach (var link in Links().Matches(string.Join('\n', page.Lines))
                .Select(match => match.Groups["to"].Value))
            {
                if (!Resolves(page, link))
                    broken.Add($"{page.Path}: {link}");
            }
        }

        Assert.Empty(broken);
    }

    [Fact]
    public void Every_path_that_is_named_in_code_marks_exists() => Assert.Empty(Pages.SelectMany(page =>
        Paths().Matches(string.Join('\n', page.Lines)).Select(match => match.Groups["path"].Value)
            .Where(path => !Exists(Path.Combine(SourceTree.Root, path)))
            .Select(path => $"{page.Path}: {path}")));

    private static bool Resolves(SourceFile page, string link)
    {
        if (Uri.TryCreate(link, UriKind.Absolute, out var uri) && !uri.IsFile)
            return true;
        var (file, anchor) = link.Split('#') is [var path, var name, ..] ? (path, name) : (link, null);
        var full = file.Length == 0
            ? Path.Combine(SourceTree.Root, page.Path)
            : Path.GetFullPath(Path.Combine(SourceTree.Root, Path.GetDirectoryName(page.Path)!, file));
        return Exists(full) && (anchor is null || !full.EndsWith(".md", StringComparison.Ordinal)
            || File.ReadLines(full).Where(line => line.StartsWith('#')).Any(heading => Slug(heading) == anchor));
    }

    private static bool Exists(string path) => File.Exists(path) || Directory.Exists(path);

    /// <summary>As GitHub makes the anchor of a heading.</summary>
    private static string Slug(string heading) => string.Concat(heading.TrimStart('#').Trim().ToLowerInvariant()
        .Where(letter => char.IsLetterOrDigit(letter) || letter is ' ' or '-' or '_')).Replace(' ', '-');

    [GeneratedRegex(@"(?<!!)\[[^\]]*\]\((?<to>[^)\s]+)\)", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Links();

    [GeneratedRegex(@"`(?<path>(src|tests|docs|sql)/[\w./-]*[\w/])`", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Paths();
}
