using System.Diagnostics;
using System.Net;

namespace OrderGrains.Bench.Subjects;

/// <summary>
/// The bench, started once more in another role. It ends with the one that started it: its standard input closes then.
/// </summary>
internal sealed class RoleProcess : IAsyncDisposable
{
    /// <summary>The first argument of a process in a role.</summary>
    public const string Role = "role";

    private const string ReadyLine = "ready at ";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Process _process;

    private RoleProcess(Process process, Uri address) => (_process, Address) = (process, address);

    public Uri Address { get; }

    public int ProcessId => _process.Id;

    /// <summary>Starts a process in a role and waits until it says where it listens.</summary>
    /// <param name="arguments">The role and what it needs to know.</param>
    /// <param name="asWebServer">With the garbage collector that web projects have by default.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="InvalidOperationException">It ended before that; why is on standard error.</exception>
    public static async Task<RoleProcess> StartAsync(
        IEnumerable<string> arguments, bool asWebServer, CancellationToken cancellation)
    {
        var process = Start(arguments, asWebServer);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(StartMax);
            while (await process.StandardOutput.ReadLineAsync(limit.Token) is { } line)
            {
                if (!line.StartsWith(ReadyLine, StringComparison.Ordinal)) continue;
                Drain(process.StandardOutput);
                return new RoleProcess(process, new Uri(line[ReadyLine.Length..]));
            }
            throw new InvalidOperationException($"The role {string.Join(' ', arguments)} ended at its start.");
        }
        catch
        {
            await EndAsync(process);
            throw;
        }
    }

    /// <summary>Starts a process in a role that ends by itself; all that it wrote.</summary>
    public static async Task<string> RunAsync(IEnumerable<string> arguments, CancellationToken cancellation)
    {
        var process = Start(arguments, asWebServer: true);
        try
        {
            var output = await process.StandardOutput.ReadToEndAsync(cancellation);
            await process.WaitForExitAsync(cancellation);
            return process.ExitCode == 0
                ? output
                : throw new InvalidOperationException($"The role {string.Join(' ', arguments)} failed.");
        }
        finally
        {
            await EndAsync(process);
        }
    }

    /// <summary>In the other process: serves on a free loopback port until the one that started it is gone.</summary>
    public static async Task<int> ServeAsync(RequestDelegate serve)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        await using var host = builder.Build();
        host.Run(serve);
        await host.StartAsync();
        await SayReadyAsync(new Uri(host.Urls.First()));
        return 0;
    }

    /// <summary>In the other process: says where it listens, and waits until the one that started it is gone.</summary>
    private static async Task SayReadyAsync(Uri address)
    {
        System.Console.WriteLine(ReadyLine + address);
        while (await System.Console.In.ReadLineAsync() is not null)
        {
        }
    }

    /// <summary>SIGKILL, as after a power cut.</summary>
    public async ValueTask DisposeAsync() => await EndAsync(_process);

    private static Process Start(IEnumerable<string> arguments, bool asWebServer)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var dll = Path.Combine(AppContext.BaseDirectory, "OrderGrains.Bench.dll");
        var start = new ProcessStartInfo(dotnet, ["exec", dll, Role, .. arguments])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        if (asWebServer) start.Environment["DOTNET_gcServer"] = "1";
        return Process.Start(start)!;
    }

    private static void Drain(StreamReader output) => _ = output.BaseStream.CopyToAsync(Stream.Null);

    private static async Task EndAsync(Process process)
    {
        if (!process.HasExited) process.Kill();
        await process.WaitForExitAsync(CancellationToken.None);
        process.Dispose();
    }
}
