namespace OrderGrains.Chaos.Silos;

/// <summary>
/// Which silo a sender's next try goes to, as a balancer before them has it: those in turn that were ready at the last
/// probe and have refused no connection since. When none is, those in turn that should be there.
/// </summary>
/// <param name="doors">Where senders reach each silo.</param>
/// <param name="isWanted">Whether a silo should be there.</param>
/// <param name="isReady">A probe.</param>
/// <param name="time">Times the probes.</param>
internal sealed class Doors(
    IReadOnlyList<Uri> doors, Func<int, bool> isWanted, Func<int, CancellationToken, Task<bool>> isReady,
    TimeProvider time)
{
    public static readonly TimeSpan ProbeEvery = TimeSpan.FromSeconds(1);

    private readonly bool[] _open = new bool[doors.Count];
    private int _turn;

    /// <summary>The base address for the next try.</summary>
    public Uri Next()
    {
        var turn = Interlocked.Increment(ref _turn) & int.MaxValue;
        var open = Places(silo => Volatile.Read(ref _open[silo]));
        if (open.Count == 0) open = Places(isWanted);
        if (open.Count == 0) open = [0];
        return doors[open[turn % open.Count]];
    }

    /// <summary>Which silo an address leads to; -1 for another's.</summary>
    public int Find(Uri address)
    {
        for (var silo = 0; silo < doors.Count; silo++)
        {
            if (doors[silo].Port == address.Port) return silo;
        }

        return -1;
    }

    /// <summary>It gets no more tries until it is ready at a probe.</summary>
    public void Drop(int silo) => Volatile.Write(ref _open[silo], false);

    /// <summary>Probes each silo once.</summary>
    public Task ProbeAsync(CancellationToken cancellation) => Task.WhenAll(Enumerable.Range(0, doors.Count)
        .Select(async silo =>
            Volatile.Write(ref _open[silo], isWanted(silo) && await isReady(silo, cancellation))));

    /// <summary>Probes until it is cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using var timer = new PeriodicTimer(ProbeEvery, time);
        try
        {
            do await ProbeAsync(cancellation);
            while (await timer.WaitForNextTickAsync(cancellation));
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The world ends.
        }
    }

    private List<int> Places(Func<int, bool> condition) =>
        [.. Enumerable.Range(0, doors.Count).Where(condition)];
}
