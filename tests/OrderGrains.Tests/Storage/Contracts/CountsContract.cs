using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>The counts that are kept as rows change are what counting the rows comes to.</summary>
public abstract class CountsContract : StorageContract
{
    private const int Acts = 400;
    private readonly Random _chance = new(20261201);
    private readonly List<Receipt> _receipts = [];
    private readonly List<OutboundMessage> _messages = [];
    private readonly List<(OrderKey Key, long Version)> _orders = [];

    [Fact]
    public async Task Whatever_is_done_the_counts_are_those_of_the_rows()
    {
        await AssertCountsAsync();
        for (var act = 1; act <= Acts; act++)
        {
            await ActAsync(act);
            if (act % 100 == 0)
                await AssertCountsAsync();
        }

        await Storage.ReopenAsync();
        await AssertCountsAsync();
    }

    [Fact]
    public async Task A_commit_that_loses_its_fence_counts_nothing()
    {
        Assert.True(await Storage.Orders.CommitAsync(Placed(Order)));
        Assert.False(await Storage.Orders.CommitAsync(Placed(Order, OrderStatus.Cancelled) with
        {
            ExpectedVersion = 7,
            Messages = [MessageTo("east-wms", Order)],
        }));

        await AssertCountsAsync();
        Assert.Equal(new OutboxAudit(0, 0, 0, 0, 0), await Storage.Outbox.AuditAsync());
    }

    private async Task ActAsync(int act)
    {
        switch (_chance.Next(8))
        {
            case 0 or 1:
                _receipts.Add(await AppendAsync(act));
                break;
            case 2 when Any(_receipts) is { } receipt:
                await Storage.Inbox.SettleAsync(Settled(receipt, Outcome(), "because"));
                break;
            case 3 when Any(_receipts) is { } receipt:
                if (_chance.Next(2) == 0)
                    await Storage.Inbox.ResumeAsync(receipt.Id);
                else
                    await Storage.Inbox.DiscardAsync(receipt.Id, "a test order", Now);
                break;
            case 4:
                await PlaceAsync(act);
                break;
            case 5 when _orders.Count > 0:
                await ChangeAsync(act);
                break;
            case 6 when Any(_messages) is { } message:
                await Storage.Outbox.ParkAsync(message.Id, new Attempt(Now, 1, "503"), "gave up");
                break;
            case 7 when Any(_messages) is { } message:
                if (_chance.Next(2) == 0)
                    await Storage.Outbox.ResumeAsync(message.Id, "ops", Now);
                else
                    await Storage.Outbox.DeliverAsync(message.Id, Now);
                break;
        }
    }

    private async Task PlaceAsync(int act)
    {
        var key = new OrderKey("acme", $"{act}");
        var message = MessageTo("east-wms", key, act);
        Assert.True(await Storage.Orders.CommitAsync(
            Placed(key, OrderStatus.Allocated, $"#{act}") with { Messages = [message] }));
        _messages.Add(message);
        _orders.Add((key, 1));
    }

    private async Task ChangeAsync(int act)
    {
        var at = _chance.Next(_orders.Count);
        var (key, version) = _orders[at];
        var receipt = Any(_receipts);
        var open = _messages.Where(message => message.Subject.Key == key.ToString()).ToList();
        var next = MessageTo("west-wms", key, 10_000 + act, 2 + act);
        Assert.True(await Storage.Orders.CommitAsync(Placed(key, Status()) with
        {
            ExpectedVersion = version,
            Superseded = [.. open.Select(message => message.Id)],
            Messages = [next],
            Receipt = receipt is null ? null : Settled(receipt, ReceiptOutcome.Applied),
        }));
        _messages.Add(next);
        _orders[at] = (key, version + 1);
    }

    private async Task AssertCountsAsync()
    {
        var receipts = await Storage.CountRowsAsync("receipt", "outcome");
        var inbox = await Storage.Inbox.AuditAsync(Now);
        Assert.Equal(
            new InboxAudit(
                receipts.Values.Sum(), receipts.GetValueOrDefault("applied"), receipts.GetValueOrDefault("duplicate"),
                receipts.GetValueOrDefault("stale"), receipts.GetValueOrDefault("ignored"),
                receipts.GetValueOrDefault("parked"), receipts.GetValueOrDefault("pending"),
                inbox.OldestPendingSeconds),
            inbox);
        var messages = await Storage.CountRowsAsync("message", "state");
        Assert.Equal(
            new OutboxAudit(
                messages.Values.Sum(), messages.GetValueOrDefault("delivered"),
                messages.GetValueOrDefault("superseded"), messages.GetValueOrDefault("parked"),
                messages.GetValueOrDefault("due")),
            await Storage.Outbox.AuditAsync());
        var orders = await Storage.CountRowsAsync("order_state", "status");
        Assert.Equal(
            orders.OrderBy(count => count.Key, StringComparer.Ordinal),
            (await Storage.Orders.CountByStatusAsync())
                .ToDictionary(
                    count => OrderGrains.Storage.StoredName.Of(count.Key), count => count.Value, StringComparer.Ordinal)
                .OrderBy(count => count.Key, StringComparer.Ordinal));
    }

    private T? Any<T>(List<T> of)
        where T : class => of.Count == 0 ? null : of[_chance.Next(of.Count)];

    private ReceiptOutcome Outcome() => Enum.GetValues<ReceiptOutcome>()
        .Where(outcome => outcome != ReceiptOutcome.Pending).ElementAt(_chance.Next(5));

    private OrderStatus Status() =>
        Enum.GetValues<OrderStatus>()[_chance.Next(Enum.GetValues<OrderStatus>().Length)];
}
