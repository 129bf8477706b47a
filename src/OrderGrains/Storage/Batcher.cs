using System.Threading.Channels;

namespace OrderGrains.Storage;

/// <summary>
/// Gathers what many callers hand in and passes it on in batches. It takes what is waiting and never waits to fill a
/// batch: an idle database answers one item at once, a busy one gets large batches by itself.
/// </summary>
internal sealed class Batcher<TItem> : IAsyncDisposable
{
    private readonly Channel<TItem> waiting;
    private readonly Func<IReadOnlyList<TItem>, ValueTask> handle;
    private readonly int batchMax;
    private readonly int batchesMax;
    private readonly SemaphoreSlim places;
    private readonly Task loop;

    /// <param name="handle">Answers each item of a batch by itself; throws nothing.</param>
    /// <param name="waitingMax">Items that may wait; then callers are refused or wait.</param>
    /// <param name="batchMax">Items in one batch.</param>
    /// <param name="batchesMax">Batches under way at once.</param>
    /// <param name="scheduler">Where the loop runs; the thread pool when null.</param>
    public Batcher(
        Func<IReadOnlyList<TItem>, ValueTask> handle, int waitingMax, int batchMax, int batchesMax = 1,
        TaskScheduler? scheduler = null)
    {
        this.handle = handle;
        this.batchMax = batchMax;
        this.batchesMax = batchesMax;
        places = new SemaphoreSlim(batchesMax);
        waiting = Channel.CreateBounded<TItem>(new BoundedChannelOptions(waitingMax) { SingleReader = true });
        loop = Task.Factory.StartNew(
            RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default)
            .Unwrap();
    }

    /// <summary>False when <c>waitingMax</c> items wait already, or when it is closed.</summary>
    public bool TryAdd(TItem item) => waiting.Writer.TryWrite(item);

    /// <summary>Waits for room: for callers who cannot turn anybody away and are themselves bounded.</summary>
    public async ValueTask AddAsync(TItem item)
    {
        try
        {
            await waiting.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageException("The database is closed.", e);
        }
    }

    /// <summary>Ends once no batch is under way; none begins until <see cref="Resume"/>.</summary>
    public async Task PauseAsync()
    {
        for (var at = 0; at < batchesMax; at++)
            await places.WaitAsync();
    }

    public void Resume() => places.Release(batchesMax);

    /// <summary>Takes no more, handles what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        waiting.Writer.TryComplete();
        await loop;
        await PauseAsync();
    }

    private async Task RunAsync()
    {
        while (await waiting.Reader.WaitToReadAsync())
        {
            // First the place, then the batch: it takes all that came while others were under way.
            await places.WaitAsync();
            var batch = new List<TItem>();
            while (batch.Count < batchMax && waiting.Reader.TryRead(out var item))
                batch.Add(item);
            _ = HandleAsync(batch);
        }
    }

    private async Task HandleAsync(List<TItem> batch)
    {
        try
        {
            await handle(batch);
        }
        finally
        {
            places.Release();
        }
    }
}
