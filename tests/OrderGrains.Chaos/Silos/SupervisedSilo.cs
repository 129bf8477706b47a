namespace OrderGrains.Chaos.Silos;

/// <summary>
/// One silo and its supervisor: a process that ended, by itself or killed, is started anew after a moment, on the same
/// ports and addresses, until it is told to stop.
/// </summary>
/// <param name="at">Which, from 0.</param>
/// <param name="launch">Starts the process and tells it whom to write to.</param>
/// <param name="file">What all its processes write is added there.</param>
/// <param name="door">Where senders reach it.</param>
/// <param name="ledger">Told of each end of a process.</param>
/// <param name="probe">Asks for readiness, past every proxy.</param>
/// <param name="time">Times the pause before a new start.</param>
internal sealed class SupervisedSilo(
    int at, Func<SiloStart, ProductProcess> launch, string file, Uri door, Ledger ledger, ReadyProbe probe,
    TimeProvider time)
    : IAsyncDisposable
{
    private static readonly TimeSpan RestartAfter = TimeSpan.FromSeconds(1);

    /// <summary>One act on its process at a time.</summary>
    private readonly SemaphoreSlim _act = new(1, 1);

    private volatile ProductProcess? _process;
    private volatile TaskCompletionSource? _stopped;
    private volatile string? _asked;
    private Task _supervising = Task.CompletedTask;
    private volatile string _lastOutput = "";
    private volatile int _lastCode;
    private bool _frozen;

    public int At => at;

    public Uri Door => door;

    /// <summary>Whether its supervisor keeps it running.</summary>
    public bool IsWanted => _stopped is { Task.IsCompleted: false };

    /// <summary>Null while it is down.</summary>
    public int? ProcessId => _process is { HasExited: false } process ? process.ProcessId : null;

    public string LastOutput => _process?.LastOutput ?? _lastOutput;

    /// <summary>Whether it answers now that it is ready; asked past the proxies.</summary>
    public Task<bool> IsReadyAsync(CancellationToken cancellation) =>
        ProcessId is null ? Task.FromResult(false) : probe.IsReadyAsync(at, cancellation);

    /// <summary>Starts it, and waits for nothing.</summary>
    public void Start(Clock clock = Clock.Right)
    {
        if (IsWanted) return;
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _stopped = stopped;
        _supervising = Task.Run(() => SuperviseAsync(clock, stopped.Task));
    }

    /// <summary><c>kill -9</c>; the supervisor starts it anew.</summary>
    public async Task KillAsync()
    {
        try
        {
            if (_process is not { HasExited: false } process) return;
            _asked = "SIGKILL";
            await process.KillAsync();
        }
        catch (InvalidOperationException)
        {
            // Its supervisor has put it away meanwhile.
        }
    }

    /// <summary>SIGSTOP. <see cref="ThawAsync"/> must follow.</summary>
    public async Task FreezeAsync()
    {
        await _act.WaitAsync();
        _frozen = true;
        if (_process is { } process) await process.FreezeAsync();
    }

    public async Task ThawAsync()
    {
        if (!_frozen) return;
        if (_process is { } process) await process.ThawAsync();
        _frozen = false;
        _act.Release();
    }

    /// <summary>SIGTERM, and no new start. The exit code; null when it did not end in time.</summary>
    public async Task<int?> StopAsync()
    {
        await _act.WaitAsync();
        try
        {
            return await EndAsync();
        }
        finally
        {
            _act.Release();
        }
    }

    /// <summary>SIGTERM, and a new start. The exit code; null when it did not end in time.</summary>
    public async Task<int?> RestartAsync(Clock clock = Clock.Right)
    {
        await _act.WaitAsync();
        try
        {
            var code = await EndAsync();
            Start(clock);
            return code;
        }
        finally
        {
            _act.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _stopped?.TrySetResult();
        // SIGKILL ends a frozen process too.
        await KillAsync();
        await _supervising;
        _act.Dispose();
    }

    private async Task<int?> EndAsync()
    {
        if (!IsWanted) return 0;
        _stopped!.SetResult();
        int? code = 0;
        try
        {
            if (_process is { HasExited: false } process)
            {
                _asked = "SIGTERM";
                code = await process.StopAsync(time);
            }

            await _supervising;
        }
        catch (InvalidOperationException)
        {
            // It has ended, and its supervisor was faster to put it away.
            await _supervising;
            code = _lastCode;
        }

        return code;
    }

    private async Task SuperviseAsync(Clock clock, Task stopped)
    {
        while (!stopped.IsCompleted)
        {
            var log = new SiloLog(file);
            await using var process = launch(new SiloStart(at, clock, log.Hear));
            _process = process;
            // Whoever said stop just now did not see this process.
            if (stopped.IsCompleted) await process.KillAsync();
            await process.ExitedAsync(CancellationToken.None);
            (_lastOutput, _lastCode) = (process.LastOutput, process.ExitCode);
            ledger.Note(new SiloExit(at, process.ExitCode, time.GetUtcNow(), _asked, log.Bytes, process.LastOutput));
            (_process, _asked) = (null, null);
            await Task.WhenAny(stopped, Task.Delay(RestartAfter, time));
        }
    }
}

/// <summary>What a start of a silo's process is told.</summary>
/// <param name="At">Which silo.</param>
/// <param name="Clock">The time of day that it sees.</param>
/// <param name="Hear">Told each line that it writes.</param>
internal sealed record SiloStart(int At, Clock Clock, Action<string> Hear);
