using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Silos;

/// <summary>All silos of a world, those that may still join included.</summary>
/// <param name="silos">By their place.</param>
/// <param name="time">Times waiting.</param>
internal sealed class SiloGroup(IReadOnlyList<SupervisedSilo> silos, TimeProvider time) : IAsyncDisposable
{
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(100);

    public IReadOnlyList<SupervisedSilo> All => silos;

    public SupervisedSilo this[int at] => silos[at];

    /// <summary>Those that should be there now.</summary>
    public IReadOnlyList<SupervisedSilo> Wanted => [.. silos.Where(silo => silo.IsWanted)];

    /// <summary>Ends when each of these is ready; false at the deadline.</summary>
    public Task<bool> ReadyAsync(IEnumerable<SupervisedSilo> waited, TimeSpan deadline, CancellationToken cancellation)
    {
        var all = waited.ToList();
        return Until.TrueAsync(
            async token => (await Task.WhenAll(all.Select(silo => silo.IsReadyAsync(token)))).All(ready => ready),
            deadline, time, cancellation, AskEvery);
    }

    /// <summary>Those that should be there and are not ready.</summary>
    public async Task<IReadOnlyList<string>> ListUnreadyAsync(CancellationToken cancellation)
    {
        var asked = await Task.WhenAll(Wanted.Select(
            async silo => (silo.At, IsReady: await silo.IsReadyAsync(cancellation))));
        return [.. asked.Where(each => !each.IsReady).Select(each => $"silo {each.At}")];
    }

    /// <summary>SIGTERM to all at once; a sentence for each that did not end in time with code 0.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        var ends = await Task.WhenAll(Wanted.Select(async silo => (silo.At, Code: await silo.StopAsync())));
        return [.. ends.Where(end => end.Code != 0).Select(end => end.Code is { } code
            ? $"silo {end.At} ended with code {code} when it was asked to stop"
            : $"silo {end.At} did not end in time when it was asked to stop")];
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var silo in silos) await silo.DisposeAsync();
    }
}
