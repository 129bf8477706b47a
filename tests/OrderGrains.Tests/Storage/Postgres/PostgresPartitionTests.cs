using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
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
    public async Task What_came_while_no_agent_ran_stays_among_the_others_and_stops_nothing()
    {
        var early = await AppendAsync();

        await Agent().KeepAsync();

        Assert.Equal("receipt_other", await PartitionOfAsync(early));
        Assert.Contains("20261130", await PartitionsAsync("receipt"), StringComparer.Ordinal);
    }

    private PostgresPartitions Agent() => new(
        _storage.Database, new StorageOptions(), _time, NullLogger<PostgresPartitions>.Instance);

    private async Task<Receipt> AppendAsync()
    {
        var receipt = new Receipt
        {
            Id = Guid.CreateVersion7(_time.GetUtcNow()),
            Source = "acme",
            Topic = "orders/create",
            Body = new byte[] { 1 },
            ReceivedAt = _time.GetUtcNow(),
        };
        Assert.True(await _storage.Inbox.AppendAsync(receipt, held: true));
        return receipt;
    }

    private Task<string?> PartitionOfAsync(Receipt receipt) => _storage.Database.FindAsync(
        "select tableoid::regclass::text from receipt where id = @id", row => row.GetString(0), ("@id", receipt.Id));

    private async Task<IReadOnlyList<string>> PartitionsAsync(string table) => await _storage.Database.ListAsync(
        "select substr(inhrelid::regclass::text, length(@table) + 2) from pg_inherits "
        + "where inhparent = @table::regclass order by 1",
        row => row.GetString(0), ("@table", table));
}
