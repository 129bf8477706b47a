namespace OrderGrains.Ingress;

/// <summary>
/// What the fronts of all processes saw, in memory: one for the cluster, with key 0. When its silo ends it begins anew.
/// </summary>
[Alias("OrderGrains.IFrontGrain")]
public interface IFrontGrain : IGrainWithIntegerKey
{
    /// <summary>A process tells what it saw since it last told.</summary>
    [Alias("NoteAsync")]
    Task NoteAsync(FrontNews news);

    /// <summary>All that is known.</summary>
    [Alias("GetAsync")]
    Task<FrontNews> GetAsync();
}

/// <inheritdoc cref="IFrontGrain"/>
[KeepAlive]
internal sealed class FrontGrain : Grain, IFrontGrain
{
    private readonly FrontBook.Tally _all = new();

    public Task NoteAsync(FrontNews news)
    {
        _all.Add(news);
        return Task.CompletedTask;
    }

    public Task<FrontNews> GetAsync() => Task.FromResult(_all.Sum());
}

/// <summary>Tells the cluster every few seconds what this process saw: an agent.</summary>
internal sealed class FrontAgent(FrontBook book, IGrainFactory grains, TimeProvider time) : Agent
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(3);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            var news = book.Take();
            if (news.IsEmpty)
                continue;
            try
            {
                await grains.GetGrain<IFrontGrain>(0).NoteAsync(news);
            }
            catch (Exception) when (!stopping.IsCancellationRequested)
            {
                // No silo answers: it is told next time.
                book.GiveBack(news);
            }
        }
    }
}
