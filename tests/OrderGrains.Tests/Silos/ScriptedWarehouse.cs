using System.Collections.Concurrent;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>A call that a warehouse received.</summary>
internal sealed record WarehouseCall(string Kind, string Reference, DateTimeOffset At);

/// <summary>
/// A warehouse that takes what it is asked, unless a test has written its next answers. It watches for what must never
/// be: two calls about one reference at once.
/// </summary>
internal sealed class ScriptedWarehouse(TimeProvider time) : IWarehouse
{
    private readonly Lock _sync = new();
    private readonly Dictionary<string, Queue<(SendResult? Answer, bool Reaches)>> _scripts = new(
        StringComparer.Ordinal);
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> _busy = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<WarehouseCall> _calls = new();
    private readonly ConcurrentQueue<ReleaseRequest> _requests = new();
    private TaskCompletionSource? _gate;

    /// <summary>Whatever the reference.</summary>
    public const string Any = "*";

    public IReadOnlyList<WarehouseCall> Calls => [.. _calls];

    /// <summary>What was asked for, in turn, whatever it answered.</summary>
    public IReadOnlyList<ReleaseRequest> Requests => [.. _requests];

    /// <summary>What every call is answered while the warehouse is away; nothing reaches it.</summary>
    public SendResult? Away { get; set; }

    /// <summary>How long each call takes that it answers.</summary>
    public TimeSpan Latency { get; set; }

    public int InFlight { get; private set; }
    public int InFlightMax { get; private set; }

    /// <summary>Calls that began while another about the same reference was under way.</summary>
    public int Overlaps { get; private set; }

    /// <summary>What was asked about a reference, in turn.</summary>
    public string KindsOf(string reference) =>
        string.Join(' ', Calls.Where(c => c.Reference == reference).Select(c => c.Kind));

    public bool Has(string reference)
    {
        lock (_sync)
            return _taken.Contains(reference);
    }

    /// <summary>The next answers about a reference, in turn; after them it acts by itself again.</summary>
    /// <param name="reaches">True: it did what was asked, whatever it answers.</param>
    public void Answer(string reference, SendResult? answer, bool reaches = false, int times = 1)
    {
        lock (_sync)
        {
            if (!_scripts.TryGetValue(reference, out var script))
                _scripts[reference] = script = new();
            for (var i = 0; i < times; i++)
                script.Enqueue((answer, reaches));
        }
    }

    /// <summary>Calls are received and not answered until the answer is disposed.</summary>
    public IDisposable Hold()
    {
        var mine = _gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Opening(() =>
        {
            _gate = null;
            mine.TrySetResult();
        });
    }

    public Task<SendResult> ReleaseAsync(ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        _requests.Enqueue(request);
        return CallAsync("release", request.Reference, () =>
        {
            _taken.Add(request.Reference);
            return Said(new WarehouseAnswer.Taken($"W-{request.Reference}"));
        });
    }

    public Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
        CallAsync("find", reference, () => Said(_taken.Contains(reference)
            ? new WarehouseAnswer.Taken($"W-{reference}") : new WarehouseAnswer.NotFound()));

    public Task<SendResult> CancelAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
        CallAsync("cancel", reference, () => Said(_taken.Remove(reference)
            ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.NotFound()));

    /// <summary>A final answer.</summary>
    public static SendResult Said(WarehouseAnswer answer) => new SendResult.Delivered(answer);

    private async Task<SendResult> CallAsync(string kind, string reference, Func<SendResult> act)
    {
        bool alone;
        lock (_sync)
        {
            InFlightMax = Math.Max(InFlightMax, ++InFlight);
            alone = _busy.Add(reference);
            Overlaps += alone ? 0 : 1;
        }

        _calls.Enqueue(new WarehouseCall(kind, reference, time.GetUtcNow()));
        if (_gate is { } closed)
            await closed.Task;
        if (Latency > TimeSpan.Zero && Away is null)
            await Task.Delay(Latency, time);
        lock (_sync)
        {
            InFlight--;
            if (alone)
                _busy.Remove(reference);
            if (Away is { } away)
                return away;
            if (!Next(reference, out var scripted))
                return act();
            if (scripted.Reaches)
                act();
            return scripted.Answer ?? throw new InvalidOperationException("The warehouse's client broke.");
        }
    }

    private bool Next(string reference, out (SendResult? Answer, bool Reaches) scripted)
    {
        scripted = default;
        return (_scripts.TryGetValue(reference, out var script) && script.TryDequeue(out scripted))
            || (_scripts.TryGetValue(Any, out script) && script.TryDequeue(out scripted));
    }

    private sealed class Opening(Action open) : IDisposable
    {
        public void Dispose() => open();
    }
}
