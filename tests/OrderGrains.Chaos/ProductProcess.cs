using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using OrderGrains.Sandbox;

namespace OrderGrains.Chaos;

/// <summary>
/// The real product as a process of its own, so that it can really be killed. Its dll lies beside this one; it listens
/// on a free loopback port and is configured through its environment alone.
/// </summary>
public sealed partial class ProductProcess : IAsyncDisposable
{
    private const int OutputLinesMax = 200;
    private static readonly TimeSpan ReadyBeat = TimeSpan.FromMilliseconds(50);

    /// <summary>CONTRACT section 6 gives a stop 30 s; a little more tells "late" from "never".</summary>
    private static readonly TimeSpan StopMax = TimeSpan.FromSeconds(40);

    private readonly Process _process;
    private readonly Lock _lock = new();
    private readonly Queue<string> _output = new();
    private bool _started;
    private readonly TaskCompletionSource<Uri> _listening = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly Action<string>? _hear;

    private ProductProcess(Process process, Action<string>? hear) => (_process, _hear) = (process, hear);

    /// <summary>Known once started.</summary>
    public Uri Address { get; private set; } = null!;

    public int ProcessId => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>Once it has exited.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>The last lines it wrote, for a failure's message.</summary>
    public string LastOutput
    {
        get
        {
            lock (_lock) return string.Join('\n', _output);
        }
    }

    /// <summary>Starts the product and waits until <c>/health/ready</c> answers 200.</summary>
    /// <exception cref="InvalidOperationException">
    /// It ended, or was not ready in time; the message has its last lines.
    /// </exception>
    public static async Task<ProductProcess> StartAsync(
        ProductSettings settings, string workingDirectory, TimeSpan startMax, HttpClient http, TimeProvider time,
        CancellationToken cancellation, ProductLaunch? launch = null)
    {
        var product = Create(settings, workingDirectory, launch);
        try
        {
            product.Launch();
            var ready = await Until.TrueAsync(
                token => product.IsReadyAsync(http, token), startMax, time, cancellation, ReadyBeat);
            if (!ready) throw new InvalidOperationException($"Not ready after {startMax}.\n{product.LastOutput}");
            return product;
        }
        catch
        {
            await product.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the product, and waits for nothing.</summary>
    public static ProductProcess Launch(ProductSettings settings, string workingDirectory, ProductLaunch? launch = null)
    {
        var product = Create(settings, workingDirectory, launch);
        product.Launch();
        return product;
    }

    /// <summary>Ends when the process has.</summary>
    public Task ExitedAsync(CancellationToken cancellation) => _process.WaitForExitAsync(cancellation);

    /// <summary>Starts the product and waits until it ends by itself; it is killed at the deadline.</summary>
    /// <returns>The exit code, null when it had to be killed, and all that it wrote last.</returns>
    public static async Task<(int? ExitCode, string Output)> RunAsync(
        ProductSettings settings, string workingDirectory, TimeSpan endMax, TimeProvider time,
        ProductLaunch? launch = null)
    {
        await using var product = Create(settings, workingDirectory, launch);
        product.Launch();
        using var limit = new CancellationTokenSource(endMax, time);
        try
        {
            await product._process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            return (null, product.LastOutput);
        }
        return (product._process.ExitCode, product.LastOutput);
    }

    /// <summary>SIGKILL: no handler runs, nothing is flushed.</summary>
    public async Task KillAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync(CancellationToken.None);
    }

    /// <summary>SIGSTOP, and SIGCONT after a while: as long as a garbage collection that stops the world.</summary>
    public async Task PauseAsync(TimeSpan pause, TimeProvider time)
    {
        await FreezeAsync();
        await Task.Delay(pause, time);
        await ThawAsync();
    }

    /// <summary>SIGSTOP: no thread of it runs.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT; nothing for one that runs.</summary>
    public Task ThawAsync() => SignalAsync("CONT");

    /// <summary>SIGTERM. The exit code; null when it did not end in time and had to be killed.</summary>
    public async Task<int?> StopAsync(TimeProvider time)
    {
        if (!_process.HasExited)
        {
            await SignalAsync("TERM");
            using var limit = new CancellationTokenSource(StopMax, time);
            try
            {
                await _process.WaitForExitAsync(limit.Token);
            }
            catch (OperationCanceledException)
            {
                await KillAsync();
                return null;
            }
        }
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (_started) await KillAsync();
        _started = false;
        _process.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        if (_process.HasExited) return;
        using var kill = Process.Start("kill", [$"-{signal}", _process.Id.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(CancellationToken.None);
    }

    private void Launch()
    {
        _process.OutputDataReceived += (_, line) => Read(line.Data);
        _process.ErrorDataReceived += (_, line) => Read(line.Data);
        _started = _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private async Task<bool> IsReadyAsync(HttpClient http, CancellationToken cancellation)
    {
        if (_process.HasExited)
            throw new InvalidOperationException($"The product ended with code {_process.ExitCode}.\n{LastOutput}");
        if (!_listening.Task.IsCompletedSuccessfully) return false;
        Address = await _listening.Task;
        return await new ProductApi(() => Address, "", http).IsReadyAsync(cancellation);
    }

    private void Read(string? line)
    {
        if (line is null) return;
        _hear?.Invoke(line);
        lock (_lock)
        {
            if (_output.Count == OutputLinesMax) _output.Dequeue();
            _output.Enqueue(line);
        }
        if (ListeningLine().Match(line) is { Success: true } match)
            _listening.TrySetResult(new Uri(match.Groups["address"].Value));
    }

    private static ProductProcess Create(ProductSettings settings, string workingDirectory, ProductLaunch? launch)
    {
        launch ??= new ProductLaunch();
        return new ProductProcess(new Process { StartInfo = Describe(settings, workingDirectory, launch) },
            launch.Hear);
    }

    private static ProcessStartInfo Describe(ProductSettings settings, string workingDirectory, ProductLaunch launch)
    {
        var dll = launch.Product ?? Path.Combine(AppContext.BaseDirectory, "OrderGrains.dll");
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet";
        var start = new ProcessStartInfo(dotnet, ["exec", dll, .. launch.Arguments])
        {
            WorkingDirectory = workingDirectory,
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // The run's own settings alone: what the caller's shell has set for a product of its own must not leak in.
        foreach (var name in start.Environment.Keys.Where(IsProducts).ToList()) start.Environment.Remove(name);
        foreach (var (name, value) in settings.ToEnvironment()) start.Environment[name] = value;
        start.Environment["ASPNETCORE_URLS"] = "http://127.0.0.1:0";
        start.Environment["DOTNET_ENVIRONMENT"] = "Production";
        // A line per request would push what matters out of the last lines; the address is another category's line.
        start.Environment["Logging__LogLevel__Microsoft.AspNetCore"] = "Warning";
        foreach (var (name, value) in launch.Environment) start.Environment[name] = value;
        return start;
    }

    private static bool IsProducts(string name) =>
        name.StartsWith("OrderGrains", StringComparison.OrdinalIgnoreCase)
        || name.StartsWith("ASPNETCORE_", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(
        @"Now listening on: (?<address>http://127\.0\.0\.1:\d+)", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex ListeningLine();
}
