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
    private readonly Lock sync = new();
    private readonly Dictionary<string, Queue<(SendResult? Answer, bool Reaches)>> scripts = new(
        StringComparer.Ordinal);
    private readonly HashSet<string> taken = new(StringComparer.Ordinal);
    private readonly HashSet<string> busy = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<WarehouseCall> calls = new();
    private readonly ConcurrentQueue<ReleaseRequest> requests = new();
    private TaskCompletionSource? gate;

    /// <summary>Whatever the reference.</summary>
    public const string Any = "*";

    public IReadOnlyList<WarehouseCall> Calls => [.. calls];

    /// <summary>What was asked for, in turn, whatever it answered.</summary>
    public IReadOnlyList<ReleaseRequest> Requests => [.. requests];

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
        lock (sync)
            return taken.Contains(reference);
    }

    /// <summary>The next answers about a reference, in turn; after them it acts by itself again.</summary>
    /// <param name="reaches">True: it did what was asked, whatever it answers.</param>
    public void Answer(string reference, SendResult? answer, bool reaches = false, int times = 1)
    {
        lock (sync)
        {
            if (!scripts.TryGetValue(reference, out var script))
                scripts[reference] = script = new();
            for (var i = 0; i < times; i++)
                script.Enqueue((answer, reaches));
        }
    }

    /// <summary>Calls are received and not answered until the answer is disposed.</summary>
    public IDisposable Hold()
    {
        var mine = gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return new Opening(() =>
        {
            gate = null;
            mine.TrySetResult();
        });
    }

    public Task<SendResult> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken)
    {
        requests.Enqueue(request);
        return CallAsync("release", request.Reference, () =>
        {
            taken.Add(request.Reference);
            return Said(new WarehouseAnswer.Taken($"W-{request.Reference}"));
        });
    }

    public Task<SendResult> FindAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync("find", reference, () => Said(taken.Contains(reference)
            ? new WarehouseAnswer.Taken($"W-{reference}") : new WarehouseAnswer.NotFound()));

    public Task<SendResult> CancelAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync("cancel", reference, () => Said(taken.Remove(reference)
            ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.NotFound()));

    /// <summary>A final answer.</summary>
    public static SendResult Said(WarehouseAnswer answer) => new SendResult.Delivered(answer);

    private async Task<SendResult> CallAsync(string kind, string reference, Func<SendResult> act)
    {
        bool alone;
        lock (sync)
        {
            InFlightMax = Math.Max(InFlightMax, ++InFlight);
            alone = busy.Add(reference);
            Overlaps += alone ? 0 : 1;
        }

        calls.Enqueue(new WarehouseCall(kind, reference, time.GetUtcNow()));
        if (gate is { } closed)
            await closed.Task;
        if (Latency > TimeSpan.Zero && Away is null)
            await Task.Delay(Latency, time);
        lock (sync)
        {
            InFlight--;
            if (alone)
                busy.Remove(reference);
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
        return (scripts.TryGetValue(reference, out var script) && script.TryDequeue(out scripted))
            || (scripts.TryGetValue(Any, out script) && script.TryDequeue(out scripted));
    }

    private sealed class Opening(Action open) : IDisposable
    {
        public void Dispose() => open();
    }
}
