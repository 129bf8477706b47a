using System.Runtime.CompilerServices;

namespace OrderGrains.Tests.Tidy;

/// <summary>The project's own files, as they lie beside this one.</summary>
internal static class SourceTree
{
    private static readonly string[] Made = ["bin", "obj", ".git", ".vs", "TestResults", "data", "artifacts"];

    public static string Root { get; } = FindRoot();

    /// <summary>
    /// Files under a folder of the root with one of these endings, by paths from the root with slashes.
    /// </summary>
    public static IReadOnlyList<SourceFile> Files(string folder, params string[] endings)
    {
        var top = new DirectoryInfo(Path.Combine(Root, folder));
        return top.Exists ? [.. Walk(top).Where(file => endings.Contains(file.Extension, StringComparer.Ordinal))
            .Select(file => new SourceFile(
                Path.GetRelativePath(Root, file.FullName).Replace('\\', '/'), File.ReadAllLines(file.FullName)))] : [];
    }

    private static IEnumerable<FileInfo> Walk(DirectoryInfo directory) => directory.EnumerateFiles().Concat(
        directory.EnumerateDirectories().Where(child => !Made.Contains(child.Name, StringComparer.Ordinal))
            .SelectMany(Walk));

    private static string FindRoot([CallerFilePath] string here = "")
    {
        var at = new DirectoryInfo(Path.GetDirectoryName(here)!);
        while (!File.Exists(Path.Combine(at.FullName, "OrderGrains.sln")))
            at = at.Parent ?? throw new InvalidOperationException($"There is no OrderGrains.sln above {here}.");
        return at.FullName;
    }
}

/// <summary>One file of the tree.</summary>
/// <param name="Path">From the root, with slashes.</param>
/// <param name="Lines">Its text.</param>
internal sealed record SourceFile(string Path, IReadOnlyList<string> Lines)
{
    /// <summary>Each line that breaks a rule, as a place that an editor opens.</summary>
    public IEnumerable<string> Where(Func<string, bool> broken) =>
        Lines.Select((line, at) => (line, at)).Where(each => broken(each.line)).Select(each => $"{Path}:{each.at + 1}");
}
