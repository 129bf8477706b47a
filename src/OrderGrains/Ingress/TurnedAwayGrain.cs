namespace OrderGrains.Ingress;

/// <summary>
/// What all processes turned away, in memory: one for the cluster, with key 0. When its silo ends it begins anew.
/// </summary>
[Alias("OrderGrains.ITurnedAwayGrain")]
public interface ITurnedAwayGrain : IGrainWithIntegerKey
{
    /// <summary>A process tells what it turned away since it last told.</summary>
    [Alias("NoteAsync")]
    Task NoteAsync(IReadOnlyList<TurnedAway> turnedAway);

    /// <summary>All that is known, the latest first.</summary>
    [Alias("ListAsync")]
    Task<IReadOnlyList<TurnedAway>> ListAsync();
}

/// <inheritdoc cref="ITurnedAwayGrain"/>
[KeepAlive]
internal sealed class TurnedAwayGrain : Grain, ITurnedAwayGrain
{
    private readonly Dictionary<(string Source, string Rule), TurnedAway> all = [];

    public Task NoteAsync(IReadOnlyList<TurnedAway> turnedAway)
    {
        foreach (var one in turnedAway)
            TurnedAwayBook.Add(all, one);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<TurnedAway>> ListAsync() =>
        Task.FromResult<IReadOnlyList<TurnedAway>>([.. all.Values.OrderByDescending(one => one.LastAt)]);
}

/// <summary>Tells the cluster every few seconds what this process turned away: an agent.</summary>
internal sealed class TurnedAwayAgent(TurnedAwayBook book, IGrainFactory grains, TimeProvider time) : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var news = book.Take();
            if (news.Count == 0)
                continue;
            try
            {
                await grains.GetGrain<ITurnedAwayGrain>(0).NoteAsync(news);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // No silo answers: it is told next time.
                book.GiveBack(news);
            }
        }
    }
}
