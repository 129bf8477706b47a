using System.Diagnostics;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Connectors;

/// <summary>A folder in which a script of ours runs others' npm packages, at the versions of its lock.</summary>
internal sealed class NodeFolder : IDisposable
{
    private readonly TempDirectory _folder = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    /// <summary>Copies a folder of the project and installs what it names; skips where there is no Node.</summary>
    public async Task InstallAsync(string from)
    {
        Directory.CreateDirectory(_folder.Path);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(SourceTree.Root, from)))
            File.Copy(file, Path.Combine(_folder.Path, Path.GetFileName(file)));
        var npm = Find("npm");
        Assert.SkipWhen(
            npm is null && Environment.GetEnvironmentVariable("CI") != "true",
            "Needs Node and npm (apt-get install nodejs npm); on CI this fails.");
        Assert.True(npm is not null, "npm is missing on CI: apt-get install nodejs npm");
        await StartAsync(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund");
    }

    /// <summary>What a script prints when it is given a file with this text.</summary>
    public async Task<string> RunAsync(string script, string input)
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "requests.json"), input, Cancelled);
        return await StartAsync(Find("node")!, script, "requests.json");
    }

    private async Task<string> StartAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = _folder.Path,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = System.Diagnostics.Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync(Cancelled);
        var said = await process.StandardOutput.ReadToEndAsync(Cancelled);
        await process.WaitForExitAsync(Cancelled);
        Assert.True(process.ExitCode == 0, $"{arguments[0]} ended with {process.ExitCode}: {await errors}");
        return said.Trim();
    }

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(directory => directory.Length > 0)
        .SelectMany(directory => (string[])
            [Path.Combine(directory, program), Path.Combine(directory, $"{program}.cmd"),
                Path.Combine(directory, $"{program}.exe")])
        .FirstOrDefault(path => File.Exists(path)
            && (!OperatingSystem.IsWindows() || Path.GetExtension(path).Length > 0));
}
