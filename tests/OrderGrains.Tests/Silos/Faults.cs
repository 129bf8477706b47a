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
    private readonly ConcurrentDictionary<string, ConcurrentQueue<Fault>> _coming = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TaskCompletionSource> _held = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>The next commits under this key fail, one for each fault.</summary>
    public void FailNext(object key, params ReadOnlySpan<Fault> faults)
    {
        foreach (var fault in faults)
            _coming.GetOrAdd(key.ToString()!, _ => new()).Enqueue(fault);
    }

    /// <summary>Commits under this key wait until the answer is disposed.</summary>
    public IDisposable HoldCommits(object key) => Hold(key);

    /// <summary>
    /// A destination's due messages are read, and what was read is not handed over until the answer is disposed.
    /// </summary>
    public IDisposable HoldReads(string destination) => Hold($"read {destination}");

    /// <summary>Reads of a destination's due messages.</summary>
    public int Reads(string destination) => _counts.GetValueOrDefault($"read {destination}");

    /// <summary>How often somebody asked when a destination's next message is due.</summary>
    public int Asks(string destination) => _counts.GetValueOrDefault($"ask {destination}");

    public void Asking(string destination) => Add($"ask {destination}");

    private Release Hold(object key)
    {
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        _held[key.ToString()!] = gate;
        return new Release(() =>
        {
            _held.TryRemove(key.ToString()!, out _);
            gate.TrySetResult();
        });
    }

    public int Commits(object key) => _counts.GetValueOrDefault($"commit {key}");

    /// <summary>Loads by the grain: one for each activation.</summary>
    public int Loads(object key) => _counts.GetValueOrDefault($"load {key}");

    /// <summary>Calls that a grain with this key has begun.</summary>
    public int Calls(object key) => _counts.GetValueOrDefault($"call {key}");

    public void Loading(object key) => Add($"load {key}");

    /// <summary>Looks into what a line has shipped.</summary>
    public int LookUps(object key) => _counts.GetValueOrDefault($"look {key}");

    public void LookingUp(object key) => Add($"look {key}");

    public Task Count(IIncomingGrainCallContext context)
    {
        Add($"call {context.TargetId.Key}");
        return context.Invoke();
    }

    public async Task<bool> CommitAsync(object key, Func<Task<bool>> commit)
    {
        Add($"commit {key}");
        if (_held.TryGetValue(key.ToString()!, out var gate))
            await gate.Task;
        if (!_coming.TryGetValue(key.ToString()!, out var faults) || !faults.TryDequeue(out var fault))
            return await commit();
        if (fault == Fault.AfterCommit)
            await commit();
        throw new StorageException($"A fault of the test's: {fault}.");
    }

    public async Task ReadAsync(string destination)
    {
        Add($"read {destination}");
        if (_held.TryGetValue($"read {destination}", out var gate))
            await gate.Task;
    }

    private void Add(string what) => _counts.AddOrUpdate(what, 1, static (_, count) => count + 1);

    private sealed class Release(Action release) : IDisposable
    {
        public void Dispose() => release();
    }
}
