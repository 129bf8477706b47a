using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Storage;
using OrderGrains.Storage.Postgres;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

public sealed class PostgresPartitionTests(SharedPostgres server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Wednesday = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Wednesday);
    private PostgresTestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await PostgresTestStorage.OpenAsync(server);

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
            await _storage.DisposeAsync();
    }

    [Fact]
    public async Task A_receipt_lies_in_the_week_of_its_arrival()
    {
        await Agent().KeepAsync();

        var receipt = await AppendAsync();

        Assert.Equal("receipt_20261123", await PartitionOfAsync(receipt));
    }

    [Fact]
    public async Task Many_processes_make_the_partitions_at_once()
    {
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Agent().KeepAsync()));

        Assert.Equal(
            ["20261123", "20261130", "20261207", "20261214", "20261221", "other"], await PartitionsAsync("timeline"));
    }

    [Fact]
    public async Task An_old_partition_is_dropped_once_nothing_in_it_waits()
    {
        await Agent().KeepAsync();
        var (settled, parked) = (await AppendAsync(), await AppendAsync());
        await _storage.Inbox.SettleAsync(
            new ReceiptSettlement(settled.Id, ReceiptOutcome.Applied, null, null, Wednesday));
        await _storage.Inbox.SettleAsync(
            new ReceiptSettlement(parked.Id, ReceiptOutcome.Parked, "odd", null, Wednesday));
        _time.Advance(TimeSpan.FromDays(100));

        await Agent().KeepAsync();
        Assert.NotNull(await _storage.Inbox.FindAsync(settled.Id));

        await _storage.Inbox.DiscardAsync(parked.Id, "a test order", _time.GetUtcNow());
        await Agent().KeepAsync();
        Assert.Null(await _storage.Inbox.FindAsync(settled.Id));
        Assert.Contains("20261130", await PartitionsAsync("timeline"), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_timeline_is_dropped_by_its_age_alone()
    {
        await Agent().KeepAsync();
        var order = new OrderKey("acme", "1");
        await _storage.Orders.CommitAsync(new OrderCommit
        {
            Key = order,
            Timeline = [new TimelineEntry(Wednesday, TimelineKind.OrderReceived, "received")],
            At = Wednesday,
        });
        _time.Advance(TimeSpan.FromDays(404));

        await Agent().KeepAsync();
        Assert.Single(await _storage.Orders.ListTimelineAsync(order, 10));

        _time.Advance(TimeSpan.FromDays(2));
        await Agent().KeepAsync();
        Assert.Empty(await _storage.Orders.ListTimelineAsync(order, 10));
    }

    [Fact]
    public async Task Weeks_of_receipts_that_came_while_no_agent_ran_move_into_their_weeks()
    {
        var all = new List<Receipt>();
        for (var day = 0; day < 24; day++)
        {
            all.Add(await AppendAsync());
            await CommitAsync(all[^1]);
            _time.Advance(TimeSpan.FromDays(1));
        }

        await Agent(movedMax: 3).KeepAsync();

        foreach (var receipt in all)
        {
            var monday = receipt.ReceivedAt.AddDays(-(((int)receipt.ReceivedAt.DayOfWeek + 6) % 7));
            Assert.StartsWith(
                $"receipt_{monday:yyyyMMdd}", await PartitionOfAsync(receipt), StringComparison.Ordinal);
            Assert.Single(await _storage.Orders.ListTimelineAsync(new OrderKey("acme", $"{receipt.Id}"), 10));
        }

        Assert.Empty(await _storage.CountRowsAsync("receipt_other", "outcome"));
        Assert.Empty(await _storage.CountRowsAsync("timeline_other", "order_key"));
        Assert.Equal(24, (await _storage.Inbox.AuditAsync(_time.GetUtcNow())).Received);
        var after = await PartitionsAsync("receipt");
        Assert.Contains("20261130_1", after, StringComparer.Ordinal);

        await Agent(movedMax: 3).KeepAsync();
        Assert.Equal(after, await PartitionsAsync("receipt"));
    }

    [Fact]
    public async Task What_is_claimed_and_settled_while_rows_move_is_neither_lost_nor_done_twice()
    {
        for (var count = 0; count < 200; count++)
        {
            await AppendAsync(held: false);
            _time.Advance(TimeSpan.FromHours(1));
        }

        var moving = Agent(movedMax: 5).KeepAsync();
        var claimed = new List<Guid>();
        while (claimed.Count < 200)
        {
            var some = await _storage.Inbox.ClaimAsync(new(7));
            claimed.AddRange(some.Select(receipt => receipt.Id));
            await Task.WhenAll(some.Select(receipt => _storage.Inbox.SettleAsync(
                new ReceiptSettlement(receipt.Id, ReceiptOutcome.Applied, null, null, _time.GetUtcNow()))));
        }

        await moving;
        Assert.Equal(200, claimed.Distinct().Count());
        Assert.Equal(200, (await _storage.CountRowsAsync("receipt", "outcome"))["applied"]);
        Assert.Empty(await _storage.CountRowsAsync("receipt_other", "outcome"));
        Assert.Equal(200, (await _storage.Inbox.AuditAsync(_time.GetUtcNow())).Applied);
    }

    [Fact]
    public async Task Dropped_receipts_are_not_counted_any_more()
    {
        await Agent().KeepAsync();
        var receipt = await AppendAsync();
        await _storage.Inbox.SettleAsync(
            new ReceiptSettlement(receipt.Id, ReceiptOutcome.Applied, null, null, Wednesday));
        _time.Advance(TimeSpan.FromDays(100));
        await Agent().KeepAsync();
        await AppendAsync();

        Assert.Equal(
            new InboxAudit(1, 0, 0, 0, 0, 0, 1, 0), await _storage.Inbox.AuditAsync(_time.GetUtcNow()));
    }

    [Fact]
    public async Task Folding_changes_no_count_and_leaves_little_to_read()
    {
        for (var count = 0; count < 20; count++)
            await AppendAsync();
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => new PostgresTally(
            _storage.Database, _time, NullLogger<PostgresTally>.Instance).FoldAsync()));

        Assert.Equal(20, (await _storage.Inbox.AuditAsync(_time.GetUtcNow())).Pending);
        Assert.Empty(await _storage.CountRowsAsync("tally_change", "item"));
    }

    private PostgresPartitions Agent(int movedMax = 10_000) => new(
        _storage.Database, new StorageOptions(), _time, NullLogger<PostgresPartitions>.Instance, movedMax);

    private async Task CommitAsync(Receipt receipt) => Assert.True(await _storage.Orders.CommitAsync(new OrderCommit
    {
        Key = new OrderKey("acme", $"{receipt.Id}"),
        Timeline = [new TimelineEntry(receipt.ReceivedAt, TimelineKind.OrderReceived, "received")],
        At = receipt.ReceivedAt,
    }));

    private async Task<Receipt> AppendAsync(bool held = true)
    {
        var receipt = new Receipt
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Source = "acme",
            Topic = "orders/create",
            Body = new byte[] { 1 },
            ReceivedAt = _time.GetUtcNow(),
        };
        Assert.True(await _storage.Inbox.AppendAsync(receipt, held));
        return receipt;
    }

    private Task<string?> PartitionOfAsync(Receipt receipt) => _storage.Database.FindAsync(
        "select tableoid::regclass::text from receipt where id = @id", row => row.GetString(0), ("@id", receipt.Id));

    private async Task<IReadOnlyList<string>> PartitionsAsync(string table) => await _storage.Database.ListAsync(
        "select substr(inhrelid::regclass::text, length(@table) + 2) from pg_inherits "
        + "where inhparent = @table::regclass order by 1",
        row => row.GetString(0), ("@table", table));
}
