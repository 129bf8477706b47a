using System.Diagnostics;
using OrderGrains.Chaos;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>Classes that share one Tryton; they run one after the other.</summary>
[CollectionDefinition(nameof(TrytonServer))]
public sealed class TrytonServerShared : ICollectionFixture<TrytonServer>;

/// <summary>
/// A real Tryton on SQLite in a temporary folder, on a free loopback port, started when the first test asks. Where it
/// is not installed a test skips on a desk and fails on CI.
/// </summary>
public sealed class TrytonServer : IAsyncDisposable
{
    public const string Database = "ours";
    public const string User = "admin";
    public const string Password = "a-password-of-a-test";

    /// <summary>Another process may take the free port before the server does.</summary>
    private const int StartsMax = 5;

    private string? _folder;
    private System.Diagnostics.Process? _process;
    private Task<TrytonBook>? _book;

    public Uri BaseUrl { get; private set; } = null!;

    /// <summary>
    /// What a person would see and do there; each test begins with 50 MUG and 50 CAP and no shipments.
    /// </summary>
    internal async Task<TrytonBook> BookAsync()
    {
        // Once, be it that it fails: to start takes long.
        var book = await (_book ??= StartAsync());
        await book.ClearAsync();
        return book;
    }

    public async ValueTask DisposeAsync()
    {
        if (_book is { IsCompletedSuccessfully: true })
            (await _book).Dispose();
        if (_process is not null)
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
            _process.Dispose();
        }

        if (_folder is not null)
            Directory.Delete(_folder, recursive: true);
    }

    private async Task<TrytonBook> StartAsync()
    {
        var (server, admin) = (Find("trytond"), Find("trytond-admin"));
        Assert.SkipWhen(
            server is null && Environment.GetEnvironmentVariable("CI") != "true",
            "Needs Tryton (apt-get install tryton-modules-stock-package); on CI this fails.");
        Assert.True(server is not null && admin is not null, "trytond is missing on CI: see .ci/run");
        var folder = _folder = Directory.CreateTempSubdirectory("ordergrains-tryton-").FullName;
        var configuration = Path.Combine(folder, "trytond.conf");
        // Its address stands in the file, so the port is chosen before.
        for (var start = 1; ; start++)
        {
            var port = LoopbackPort.Free();
            BaseUrl = new Uri($"http://127.0.0.1:{port}");
            await File.WriteAllTextAsync(configuration, $"""
                [database]
                uri = sqlite://
                path = {folder}
                [web]
                listen = 127.0.0.1:{port}
                """);
            if (start == 1)
                await MakeDatabaseAsync(admin, configuration);
            _process = Run(server, "-c", configuration, "-d", Database);
            await Eventually.TrueAsync(async () => _process.HasExited || await TrytonBook.AnswersAsync(BaseUrl));
            if (!_process.HasExited)
                return await TrytonBook.MakeAsync(BaseUrl);
            Assert.True(start < StartsMax, $"trytond has ended: {await SaidAsync()}");
            _process.Dispose();
        }
    }

    private async Task MakeDatabaseAsync(string admin, string configuration)
    {
        // It makes no file by itself.
        await File.WriteAllBytesAsync(Path.Combine(_folder!, $"{Database}.sqlite"), []);
        var password = Path.Combine(_folder!, "password");
        await File.WriteAllTextAsync(password, Password);
        using var process = Run(
            admin, "-c", configuration, "-d", Database, "--all", "--email", "admin@example.com",
            "-u", "stock_package", "--activate-dependencies");
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, $"trytond-admin ended with {process.ExitCode}: {await SaidAsync()}");
    }

    /// <summary>It writes to a file: a pipe would fill up.</summary>
    private System.Diagnostics.Process Run(string program, params string[] arguments)
    {
        var log = Path.Combine(_folder!, "log");
        var start = new ProcessStartInfo(
            "sh", ["-c", "exec \"$@\" >> \"$0\" 2>&1 < /dev/null", log, program, .. arguments])
        {
            UseShellExecute = false,
            WorkingDirectory = _folder!,
        };
        start.Environment["TRYTONPASSFILE"] = Path.Combine(_folder!, "password");
        return System.Diagnostics.Process.Start(start)!;
    }

    private async Task<string> SaidAsync() => string.Join(
        '\n', (await File.ReadAllLinesAsync(Path.Combine(_folder!, "log"))).TakeLast(20));

    private static string? Find(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Where(directory => directory.Length > 0).Select(directory => Path.Combine(directory, program))
        .FirstOrDefault(File.Exists);
}
