using System.Threading.Channels;

namespace OrderGrains.Storage;

/// <summary>
/// Gathers what many callers hand in and passes it on in batches. It takes what is waiting and never waits to fill a
/// batch: an idle database answers one item at once, a busy one gets large batches by itself. One batch is under way at
/// a time: a second would halve them, and cost the database as much again. Where nobody waits for the answer of each,
/// it rests after a batch of several, so that the next are larger still.
/// </summary>
internal sealed class Batcher<TItem> : IAsyncDisposable
{
    /// <summary>Milliseconds of the longest rest; it is one for each item but the first.</summary>
    private const int RestMax = 5;

    /// <summary>A batch of so many items is followed by none: it cost each of them little.</summary>
    private const int LargeFrom = 16;

    private readonly Channel<TItem> _waiting;
    private readonly Func<IReadOnlyList<TItem>, ValueTask> _handle;
    private readonly int _batchMax;
    private readonly bool _rests;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _place = new(1);
    private readonly Task _loop;

    /// <param name="handle">Answers each item of a batch by itself; throws nothing.</param>
    /// <param name="waitingMax">Items that may wait; then callers are refused or wait.</param>
    /// <param name="batchMax">Items in one batch.</param>
    /// <param name="scheduler">Where the loop runs; the thread pool when null.</param>
    /// <param name="rests">Rests after a batch of several that was smaller than it could be.</param>
    /// <param name="time">The clock of the rests.</param>
    public Batcher(
        Func<IReadOnlyList<TItem>, ValueTask> handle, int waitingMax, int batchMax,
        TaskScheduler? scheduler = null, bool rests = false, TimeProvider? time = null)
    {
        _handle = handle;
        _batchMax = batchMax;
        _rests = rests;
        _time = time ?? TimeProvider.System;
        _waiting = Channel.CreateBounded<TItem>(new BoundedChannelOptions(waitingMax) { SingleReader = true });
        _loop = Task.Factory.StartNew(
            RunAsync, CancellationToken.None, TaskCreationOptions.DenyChildAttach, scheduler ?? TaskScheduler.Default)
            .Unwrap();
    }

    /// <summary>False when <c>waitingMax</c> items wait already, or when it is closed.</summary>
    public bool TryAdd(TItem item) => _waiting.Writer.TryWrite(item);

    /// <summary>
    /// Waits for room, for callers who cannot turn anybody away and are themselves bounded, and then for what the batch
    /// answers. Where there is room that is the answer's own task: a grain would take a turn for each step between.
    /// </summary>
    public Task<T> AddAsync<T>(TItem item, Task<T> answer) => TryAdd(item) ? answer : AddLaterAsync(item, answer);

    /// <summary>Ends once no batch is under way; none begins until <see cref="Resume"/>.</summary>
    public Task PauseAsync() => _place.WaitAsync();

    public void Resume() => _place.Release();

    /// <summary>Takes no more, handles what waits, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        _waiting.Writer.TryComplete();
        await _loop;
        await PauseAsync();
    }

    private async Task<T> AddLaterAsync<T>(TItem item, Task<T> answer)
    {
        try
        {
            await _waiting.Writer.WriteAsync(item);
        }
        catch (ChannelClosedException e)
        {
            throw new StorageException("The database is closed.", e);
        }

        return await answer;
    }

    private async Task RunAsync()
    {
        while (await _waiting.Reader.WaitToReadAsync())
        {
            // First the place, then the batch: it takes all that came while another was under way.
            await _place.WaitAsync();
            var batch = new List<TItem>();
            while (batch.Count < _batchMax && _waiting.Reader.TryRead(out var item))
                batch.Add(item);
            _ = HandleAsync(batch);
        }
    }

    private async Task HandleAsync(List<TItem> batch)
    {
        try
        {
            await _handle(batch);
            if (_rests && batch.Count is > 1 and < LargeFrom)
                await Task.Delay(TimeSpan.FromMilliseconds(Math.Min(batch.Count - 1, RestMax)), _time);
        }
        finally
        {
            _place.Release();
        }
    }
}
