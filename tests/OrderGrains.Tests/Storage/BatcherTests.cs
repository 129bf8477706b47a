using System.Threading.Channels;
using OrderGrains.Storage;
using Xunit;

namespace OrderGrains.Tests.Storage;

public sealed class BatcherTests
{
    private readonly List<int[]> _batches = [];
    private readonly TaskCompletionSource _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Fact]
    public async Task An_idle_batcher_waits_for_no_second_item()
    {
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 10, batchMax: 10);
        _opened.SetResult();

        Assert.True(batcher.TryAdd(1));
        await _begun.Task;
        await batcher.DisposeAsync();

        Assert.Equal([1], Assert.Single(_batches));
    }

    [Fact]
    public async Task What_waited_goes_together_and_no_batch_is_over_its_limit()
    {
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 10, batchMax: 3);
        Assert.True(batcher.TryAdd(0));
        await _begun.Task;
        foreach (var item in Enumerable.Range(1, 7))
            Assert.True(batcher.TryAdd(item));

        _opened.SetResult();
        await batcher.DisposeAsync();

        Assert.Equal([[0], [1, 2, 3], [4, 5, 6], [7]], _batches);
    }

    [Fact]
    public async Task A_full_batcher_refuses_or_lets_the_caller_wait()
    {
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 2, batchMax: 10);
        Assert.True(batcher.TryAdd(0));
        await _begun.Task;
        Assert.True(batcher.TryAdd(1));
        Assert.True(batcher.TryAdd(2));

        Assert.False(batcher.TryAdd(3));
        var waiting = batcher.AddAsync(4, Task.FromResult("four"));
        Assert.False(waiting.IsCompleted);

        _opened.SetResult();
        Assert.Equal("four", await waiting);
        await batcher.DisposeAsync();
        Assert.Equal([0, 1, 2, 4], _batches.SelectMany(batch => batch));
    }

    [Fact]
    public async Task With_room_the_caller_waits_for_the_answer_alone()
    {
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 2, batchMax: 10);
        var answer = new TaskCompletionSource<bool>();
        Assert.Same(answer.Task, batcher.AddAsync(0, answer.Task));

        _opened.SetResult();
        await batcher.DisposeAsync();
    }

    [Fact]
    public async Task A_closed_batcher_takes_nothing()
    {
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 2, batchMax: 10);
        await batcher.DisposeAsync();

        Assert.False(batcher.TryAdd(1));
        await Assert.ThrowsAsync<StorageException>(() => batcher.AddAsync(1, Task.FromResult(true)));
    }

    [Fact]
    public async Task After_a_batch_of_several_it_rests_so_that_the_next_is_larger()
    {
        var clock = new HeldClock();
        var batcher = new Batcher<int>(HandleAsync, waitingMax: 100, batchMax: 100, rests: true, time: clock);
        Assert.True(batcher.TryAdd(0));
        await _begun.Task;
        foreach (var item in Enumerable.Range(1, 3))
            Assert.True(batcher.TryAdd(item));
        _opened.SetResult();

        // The first was alone: there was no rest after it.
        var (rest, end) = await clock.AskedAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(2), rest);
        foreach (var item in Enumerable.Range(4, 9))
            Assert.True(batcher.TryAdd(item));
        Assert.Equal(2, _batches.Count);
        end();

        (rest, end) = await clock.AskedAsync();
        Assert.Equal(TimeSpan.FromMilliseconds(5), rest);
        foreach (var item in Enumerable.Range(13, 16))
            Assert.True(batcher.TryAdd(item));
        end();

        // A large batch is followed by none, else this would wait for the clock.
        await batcher.DisposeAsync().AsTask().WaitAsync(
            TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        Assert.Equal([1, 3, 9, 16], _batches.Select(batch => batch.Length));
    }

    private async ValueTask HandleAsync(IReadOnlyList<int> batch)
    {
        _batches.Add([.. batch]);
        _begun.TrySetResult();
        await _opened.Task;
    }

    /// <summary>A clock that stands: what waits for it is told to the test, which ends it.</summary>
    private sealed class HeldClock : TimeProvider
    {
        private readonly Channel<(TimeSpan Wait, Action End)> _asked =
            Channel.CreateUnbounded<(TimeSpan Wait, Action End)>();

        public ValueTask<(TimeSpan Wait, Action End)> AskedAsync() =>
            _asked.Reader.ReadAsync(TestContext.Current.CancellationToken);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _asked.Writer.TryWrite((dueTime, () => callback(state)));
            return new Timer();
        }

        private sealed class Timer : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose()
            {
            }

            public ValueTask DisposeAsync() => default;
        }
    }
}
