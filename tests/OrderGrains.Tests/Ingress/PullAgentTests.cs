using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Ingress;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Contracts;
using OrderGrains.Tests.Storage.Postgres;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Sources that are asked: durable here before it is acknowledged there, and one process at a time.</summary>
public sealed class PullAgentTests(SharedPostgres server)
{
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 11, 30, 12, 0, 0, TimeSpan.Zero));
    private readonly Queue _queue = new();
    private readonly Lines _log = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_comes_is_durable_before_it_is_acknowledged_and_the_mark_goes_on_from_there()
    {
        await using var storage = new SqliteTestStorage();
        _queue.Acknowledging = async item =>
            Assert.Contains(item, await BodiesAsync(storage), StringComparer.Ordinal);
        _queue.Put("first", "second");
        using var agent = Agent(storage);

        await agent.StartAsync(Cancellation);
        await AdvancingUntil(() => _queue.Acknowledged is ["first", "second"]);
        _queue.Put("third");
        await AdvancingUntil(() => _queue.Acknowledged.Count == 3);
        await agent.StopAsync(Cancellation);

        Assert.Equal(
            ["first", "second", "third"],
            (await BodiesAsync(storage)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal((null, "2"), (_queue.Cursors.First(), _queue.Cursors.Last(cursor => cursor != "3")));
        Assert.True(agent.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task A_source_that_cannot_be_asked_is_asked_later_each_time_and_told_of_once()
    {
        await using var storage = new SqliteTestStorage();
        _queue.Failure = new PullException("the queue says 503");
        using var agent = Agent(storage);

        await agent.StartAsync(Cancellation);
        await AdvancingUntil(() => _queue.AskedAt.Count == 9, TimeSpan.FromMilliseconds(500));
        _queue.Failure = null;
        _queue.Put("first");
        await AdvancingUntil(() => _queue.Acknowledged is ["first"]);
        await agent.StopAsync(Cancellation);

        var pauses = _queue.AskedAt.Zip(_queue.AskedAt.Skip(1), (one, next) => (next - one).TotalSeconds).Take(8);
        Assert.All(pauses.Zip([2.0, 4, 8, 16, 32, 60, 60, 60]), pair => Assert.True(pair.First >= pair.Second));
        Assert.Equal(
            [
                "queue could not be asked for its news (the queue says 503); again soon",
                "queue can be asked for its news again",
            ],
            _log.Written, StringComparer.Ordinal);
    }

    [Fact]
    public async Task While_too_much_waits_for_its_effect_nothing_is_fetched()
    {
        await using var storage = new SqliteTestStorage();
        _queue.Put("first");
        using (var agent = Agent(storage, pendingMax: 1))
        {
            await agent.StartAsync(Cancellation);
            await AdvancingUntil(() => _queue.Acknowledged.Count == 1);
            _queue.Put("second");
            var asked = _queue.AskedAt.Count;
            for (var second = 0; second < 60; second++)
                await AdvanceAsync(TimeSpan.FromSeconds(1));
            Assert.Equal(asked, _queue.AskedAt.Count);

            var first = Assert.Single(await storage.Inbox.ClaimAsync(new(1)));
            await storage.Inbox.SettleAsync(
                new ReceiptSettlement(first.Id, ReceiptOutcome.Ignored, "a test", null, _time.GetUtcNow()));
            await AdvancingUntil(() => _queue.Acknowledged.Count == 2);
            await agent.StopAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Who_lost_the_turn_acknowledges_nothing_and_another_goes_on()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        var other = new PostgresPulls(storage.Database, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        _queue.Hold();
        _queue.Put("first");
        using var agent = Agent(storage);
        await agent.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => _queue.AskedAt.Count == 1);
        Assert.Null(await other.TakeAsync("queue", PullAgent.Lease));

        // As if this process had stood still for longer than its lease.
        await storage.Database.ExecuteAsync("update pull set held_until = clock_timestamp() - interval '1 s'");
        Assert.NotNull(await other.TakeAsync("queue", TimeSpan.FromHours(1)));
        _queue.Release();
        await _queue.Ended;
        Assert.Empty(_queue.Acknowledged);
        Assert.Empty(await BodiesAsync(storage));
        Assert.Empty(_log.Written);

        await other.LetGoAsync("queue");
        await AdvancingUntil(() => _queue.Acknowledged is ["first"]);
        await agent.StopAsync(Cancellation);
    }

    [Fact]
    public async Task Who_stops_leaves_the_turn_to_others_at_once()
    {
        await using var storage = await PostgresTestStorage.OpenAsync(server);
        var other = new PostgresPulls(storage.Database, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));
        using var agent = Agent(storage);
        await agent.StartAsync(Cancellation);
        await Eventually.TrueAsync(() => !_queue.AskedAt.IsEmpty);
        Assert.Null(await other.TakeAsync("queue", PullAgent.Lease));

        await agent.StopAsync(Cancellation);

        Assert.NotNull(await other.TakeAsync("queue", PullAgent.Lease));
    }

    private PullAgent Agent(ITestStorage storage, int pendingMax = PullAgent.PendingMax)
    {
        _queue.Time = _time;
        var sources = new Sources(new Dictionary<string, Source>(StringComparer.Ordinal)
        {
            ["queue"] = new("queue", _queue, []),
        });
        return new PullAgent(
            sources, storage.Pulls, storage.Inbox, new Waker(),
            new CallTools(new HttpClient(), _time, new GuardedHttp()), _time, _log, pendingMax);
    }

    private static async Task<List<string>> BodiesAsync(ITestStorage storage)
    {
        var bodies = new List<string>();
        var page = await storage.Inbox.ListAsync(new ReceiptFilter("queue"), new PageRequest(50, null));
        foreach (var row in page.Items)
            bodies.Add(System.Text.Encoding.UTF8.GetString((await storage.Inbox.FindBodyAsync(row.Id))!));
        return bodies;
    }

    private Task AdvancingUntil(Func<bool> condition, TimeSpan? step = null) => Eventually.TrueAsync(async () =>
    {
        await AdvanceAsync(step ?? TimeSpan.FromSeconds(1));
        return condition();
    });

    /// <summary>What a step has woken gets a moment to act.</summary>
    private async Task AdvanceAsync(TimeSpan step)
    {
        _time.Advance(step);
        for (var turn = 0; turn < 20; turn++)
            await Task.Yield();
    }

    private sealed class Lines : ILogger<PullAgent>
    {
        public ConcurrentQueue<string> Written { get; } = new();

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Enqueue(formatter(state, exception));
    }

    private sealed class Waker : IInboxWaker
    {
        public void Wake() { }
    }

    /// <summary>A queue elsewhere: what is not acknowledged is given again.</summary>
    private sealed class Queue : IPulledSource
    {
        private readonly ConcurrentQueue<string> _items = new();
        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private TaskCompletionSource? _held;
        private int _read;

        public TimeProvider Time { get; set; } = TimeProvider.System;
        public Func<string, Task> Acknowledging { get; set; } = _ => Task.CompletedTask;
        public Exception? Failure { get; set; }
        public ConcurrentQueue<DateTimeOffset> AskedAt { get; } = new();
        public ConcurrentQueue<string?> Cursors { get; } = new();
        public List<string> Acknowledged { get; } = [];
        public Task Ended => _ended.Task;

        public void Put(params ReadOnlySpan<string> put)
        {
            foreach (var item in put)
                _items.Enqueue(item);
        }

        public void Hold() => _held = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Release() => _held!.SetResult();

        public Reading Read(Receipt receipt) => new Reading.Ignored("a test");

        public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
        {
            AskedAt.Enqueue(Time.GetUtcNow());
            Cursors.Enqueue(intake.Cursor);
            if (Failure is not null)
                throw Failure;
            if (_held is not null)
                await _held.Task;
            var there = _items.ToArray();
            try
            {
                if (there.Length > 0)
                {
                    await intake.AppendAsync(
                        [.. there.Select(item => new PulledItem(System.Text.Encoding.UTF8.GetBytes(item)))],
                        $"{_read + there.Length}");
                }
            }
            finally
            {
                _ended.TrySetResult();
            }

            _read += there.Length;
            foreach (var item in there)
            {
                _items.TryDequeue(out _);
                await Acknowledging(item);
                Acknowledged.Add(item);
            }

            return TimeSpan.Zero;
        }
    }
}
