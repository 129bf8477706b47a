using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Storage;
using OrderGrains.Storage.Sqlite;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Sqlite;

public sealed class SqlitePurgeTests : IAsyncDisposable
{
    private static readonly DateTimeOffset Begin = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private readonly FakeTimeProvider _time = new(Begin);
    private readonly SqliteTestStorage _storage = new();

    public ValueTask DisposeAsync() => _storage.DisposeAsync();

    [Fact]
    public async Task Receipts_go_by_their_age_unless_they_wait()
    {
        // More than one page of each, and what must stay lies before what goes.
        for (var count = 0; count < 300; count++)
            await AppendAsync(ReceiptOutcome.Parked);
        for (var count = 0; count < 600; count++)
            await AppendAsync(ReceiptOutcome.Applied);
        var pending = await AppendAsync(null);
        _time.Advance(TimeSpan.FromDays(2));
        var young = await AppendAsync(ReceiptOutcome.Applied);
        _time.Advance(TimeSpan.FromDays(89));

        await PurgeAsync();

        Assert.Equal(new InboxAudit(302, 1, 0, 0, 0, 300, 1, 91 * 86_400), await AuditAsync());
        Assert.NotNull(await _storage.Inbox.FindAsync(pending.Id));
        Assert.NotNull(await _storage.Inbox.FindAsync(young.Id));
        Assert.Equal(302, (await _storage.CountRowsAsync("receipt", "outcome")).Values.Sum());
    }

    [Fact]
    public async Task A_timeline_goes_by_its_age()
    {
        var order = new OrderKey("acme", "1");
        for (var count = 0; count < 600; count++)
            await TellAsync(order);
        _time.Advance(TimeSpan.FromDays(2));
        await TellAsync(order);
        _time.Advance(TimeSpan.FromDays(399));

        await PurgeAsync();

        Assert.Equal(Begin.AddDays(2), Assert.Single(await _storage.Orders.ListTimelineAsync(order, 1_000)).At);
    }

    private Task PurgeAsync() => new SqlitePurge(
        _storage.Database, new StorageOptions(), _time, NullLogger<SqlitePurge>.Instance)
        .PurgeAsync(TestContext.Current.CancellationToken);

    private Task<InboxAudit> AuditAsync() => _storage.Inbox.AuditAsync(_time.GetUtcNow());

    private Task<bool> TellAsync(OrderKey order) => _storage.Orders.CommitAsync(new OrderCommit
    {
        Key = order,
        Timeline = [new TimelineEntry(_time.GetUtcNow(), TimelineKind.OrderReceived, "received")],
        At = _time.GetUtcNow(),
    });

    private async Task<Receipt> AppendAsync(ReceiptOutcome? outcome)
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
        if (outcome is { } settled)
        {
            await _storage.Inbox.SettleAsync(
                new ReceiptSettlement(receipt.Id, settled, "odd", null, _time.GetUtcNow()));
        }

        return receipt;
    }
}
