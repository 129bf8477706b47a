using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>How much is said of receipts that fail, and whose fault it is.</summary>
public sealed class FailureLogTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Lines _lines = new();

    [Fact]
    public void While_the_database_is_away_128_receipts_write_a_line_every_five_seconds_and_no_stack()
    {
        var log = new FailureLog(_time, _lines);
        var receipts = Enumerable.Range(1, 128).Select(Receipt).ToList();
        for (var second = 1; second <= 60; second++)
        {
            foreach (var receipt in receipts)
                log.Failed(receipt, new StorageException("The database did not answer: gone"), counts: false, 0);
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        log.SayIfDue();
        Assert.Equal(12, _lines.Written.Count);
        Assert.All(_lines.Written, line => Assert.Null(line.Exception));
        Assert.All(_lines.Written, line => Assert.Contains("gone", line.Text, StringComparison.Ordinal));
        Assert.StartsWith("640 tries to apply a receipt failed in 5 s with StorageException", _lines.Written[5].Text,
            StringComparison.Ordinal);
    }

    [Fact]
    public void What_counts_against_a_receipt_is_written_with_its_stack_once_for_each_sort_and_five_seconds()
    {
        var log = new FailureLog(_time, _lines);
        for (var i = 1; i <= 100; i++)
            log.Failed(Receipt(i), new InvalidOperationException("A bug."), counts: true, 1);
        log.Failed(Receipt(101), new NotSupportedException("Another."), counts: true, 1);
        Assert.Equal([typeof(InvalidOperationException), typeof(NotSupportedException)],
            _lines.Written.Select(line => line.Exception?.GetType()));

        _time.Advance(TimeSpan.FromSeconds(5));
        log.SayIfDue();
        Assert.StartsWith("99 tries", _lines.Written[2].Text, StringComparison.Ordinal);
        log.Failed(Receipt(1), new InvalidOperationException("A bug."), counts: true, 2);
        Assert.NotNull(_lines.Written[3].Exception);
    }

    [Fact]
    public void That_nothing_can_be_fetched_is_said_at_once_and_then_twice_a_minute()
    {
        var log = new FailureLog(_time, _lines);
        for (var i = 0; i < 30; i++)
        {
            log.ClaimFailed(new StorageException("gone"));
            _time.Advance(TimeSpan.FromSeconds(2));
        }

        Assert.Equal(2, _lines.Written.Count);
        log.Claimed();
        log.ClaimFailed(new StorageException("gone again"));
        Assert.Equal(3, _lines.Written.Count);
    }

    [Fact]
    public void That_webhooks_are_refused_is_said_at_once_and_then_how_many_twice_a_minute()
    {
        var log = new RefusalLog(_time, _lines);
        for (var second = 0; second < 40; second++)
        {
            log.Refused("it does not answer within 4 s");
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["1 webhooks", "30 webhooks"], _lines.Written.Select(line => line.Text[..line.Text.IndexOf(" were",
            StringComparison.Ordinal)]), StringComparer.Ordinal);
    }

    [Fact]
    public void A_failure_counts_the_first_time_and_then_only_when_another_of_the_kind_passed_since_the_last()
    {
        var (passes, held) = (new PassBook(), new HeldReceipt(Receipt(1), CancellationToken.None));
        bool Fails() => held.Fail(new InvalidOperationException("A bug."), passes.Count("acme", "orders/create"));
        Assert.True(Fails());
        Assert.False(Fails());
        passes.TookEffect("acme", "orders/updated");
        passes.TookEffect("other", "orders/create");
        Assert.False(Fails());
        passes.TookEffect("acme", "orders/create");
        Assert.True(Fails());
        Assert.False(Fails());
        Assert.Equal(2, held.Strikes);

        passes.TookEffect("acme", "orders/create");
        Assert.False(held.Fail(new OrleansException("It ends."), passes.Count("acme", "orders/create")));
        Assert.False(Fails());
    }

    [Fact]
    public void A_count_that_passes_proves_nothing_of_a_shipment_but_of_what_could_not_even_be_read()
    {
        var passes = new PassBook();
        passes.TookEffect("east-wms", "east-wms stock.counted");
        Assert.Equal((0, 1), (passes.Count("east-wms", "east-wms shipment.created"), passes.Count("east-wms", "")));
    }

    [Fact]
    public void The_next_try_comes_later_and_later_up_to_15_seconds()
    {
        var held = new HeldReceipt(Receipt(1), CancellationToken.None);
        var delays = Enumerable.Range(0, 12).Select(_ => held.TakeDelay().TotalMilliseconds).ToArray();
        Assert.Equal([50, 100, 200], delays[..3]);
        Assert.Equal([12_800, 15_000, 15_000, 15_000], delays[8..]);
    }

    private static Receipt Receipt(int id) => new()
    {
        Id = new Guid(id, 0, 0, new byte[8]),
        Source = "acme",
        Topic = "orders/create",
        Body = new byte[1],
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    private sealed class Lines : ILogger<InboxPump>, ILogger<WebhookEndpoint>
    {
        public List<(string Text, Exception? Exception)> Written { get; } = [];

        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception,
            Func<TState, Exception?, string> formatter) => Written.Add((formatter(state, exception), exception));
    }
}
