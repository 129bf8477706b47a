using System.Collections.Concurrent;

namespace OrderGrains.Tests.Silos;

/// <summary>When a store's commit breaks.</summary>
internal enum Fault
{
    BeforeCommit,

    /// <summary>It is written, and the caller is not told.</summary>
    AfterCommit,
}

/// <summary>What a test does to the stores, and what it counts, by the text of an order's or a stock's key.</summary>
internal sealed class Faults
{
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> coming = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>The next commits under this key fail, one for each fault.</summary>
    public void FailNext(object key, params ReadOnlySpan<Fault> faults)
    {
        foreach (var fault in faults)
            coming.GetOrAdd(key.ToString()!, _ => new()).Enqueue(fault);
    }

    /// <summary>Commits under this key wait until the answer is disposed.</summary>
    public IDisposable HoldCommits(object key) => Hold(key);

    /// <summary>
    /// A destination's due messages are read, and what was read is not handed over until the answer is disposed.
    /// </summary>
    public IDisposable HoldReads(string destination) => Hold($"read {destination}");

    /// <summary>Reads of a destination's due messages.</summary>
    public int Reads(string destination) => counts.GetValueOrDefault($"read {destination}");

    /// <summary>How often somebody asked when a destination's next message is due.</summary>
    public int Asks(string destination) => counts.GetValueOrDefault($"ask {destination}");

    public void Asking(string destination) => Add($"ask {destination}");

    private Release Hold(object key)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        held[key.ToString()!] = gate;
        return new Release(() =>
        {
            held.TryRemove(key.ToString()!, out _);
            gate.TrySetResult();
        });
    }

    public int Commits(object key) => counts.GetValueOrDefault($"commit {key}");

    /// <summary>Loads by the grain: one for each activation.</summary>
    public int Loads(object key) => counts.GetValueOrDefault($"load {key}");

    /// <summary>Calls that a grain with this key has begun.</summary>
    public int Calls(object key) => counts.GetValueOrDefault($"call {key}");

    public void Loading(object key) => Add($"load {key}");

    /// <summary>Looks into what a line has shipped.</summary>
    public int LookUps(object key) => counts.GetValueOrDefault($"look {key}");

    public void LookingUp(object key) => Add($"look {key}");

    public Task Count(IIncomingGrainCallContext context)
    {
        Add($"call {context.TargetId.Key}");
        return context.Invoke();
    }

    public async Task<bool> CommitAsync(object key, Func<Task<bool>> commit)
    {
        Add($"commit {key}");
        if (held.TryGetValue(key.ToString()!, out var gate))
            await gate.Task;
        if (!coming.TryGetValue(key.ToString()!, out var faults) || !faults.TryDequeue(out var fault))
            return await commit();
        if (fault == Fault.AfterCommit)
            await commit();
        throw new StorageException($"A fault of the test's: {fault}.");
    }

    public async Task ReadAsync(string destination)
    {
        Add($"read {destination}");
        if (held.TryGetValue($"read {destination}", out var gate))
            await gate.Task;
    }

    private void Add(string what) => counts.AddOrUpdate(what, 1, static (_, count) => count + 1);

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
