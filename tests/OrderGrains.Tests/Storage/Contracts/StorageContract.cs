using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>What the contract suites share: a fresh database for each test, and things to put into it.</summary>
public abstract class StorageContract : IAsyncLifetime
{
    protected static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    protected static readonly PageRequest FirstPage = new(50, null);
    protected static readonly OrderKey Order = new("acme", "5678901234567890123");
    protected static readonly StockKey Shirt = new("east", "SHIRT/M");

    protected ITestStorage Storage { get; private set; } = null!;

    public async ValueTask InitializeAsync() => Storage = await OpenAsync();

    public async ValueTask DisposeAsync()
    {
        if (Storage is not null)
            await Storage.DisposeAsync();
    }

    protected abstract Task<ITestStorage> OpenAsync();

    protected static Guid NewId(int milliseconds = 0) => Guid.CreateVersion7(Now.AddMilliseconds(milliseconds));

    protected static Receipt ReceiptAt(int milliseconds, string source = "acme") => new()
    {
        Id = NewId(milliseconds),
        Source = source,
        Topic = "orders/create",
        DeliveryId = $"delivery-{milliseconds}",
        Body = new byte[] { 1, 2, 3 },
        ReceivedAt = Now.AddMilliseconds(milliseconds),
        TriggeredAt = Now.AddMilliseconds(-7),
        TraceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    };

    protected async Task<Receipt> AppendAsync(int milliseconds = 0, string source = "acme", bool held = true)
    {
        var receipt = ReceiptAt(milliseconds, source);
        Assert.True(await Storage.Inbox.AppendAsync(receipt, held));
        return receipt;
    }

    protected static ReceiptSettlement Settled(Receipt receipt, ReceiptOutcome outcome, string? reason = null) =>
        new(receipt.Id, outcome, reason, Order, Now.AddSeconds(1));

    protected static Order NewOrder(
        OrderKey key, OrderStatus status = OrderStatus.Received, string number = "#1001") => new()
        {
            Key = key,
            Status = status,
            ReceivedAt = Now,
            Storefront = new OrderSnapshot { Number = number, PlacedAt = Now, UpdatedAt = Now, Lines = [] },
        };

    protected static OrderCommit Placed(
        OrderKey key, OrderStatus status = OrderStatus.Received, string number = "#1001") => new()
        {
            Key = key,
            Next = NewOrder(key, status, number),
            At = Now,
        };

    protected static OutboundMessage MessageTo(
        string destination, OrderKey order, int milliseconds = 0, int release = 1) => new()
        {
            Id = NewId(milliseconds),
            Destination = destination,
            Kind = MessageKind.Release,
            Subject = Subject.Of(order),
            SequenceKey = ReleaseReference.Of(order, release),
            CoalescingKey = ReleaseReference.Of(order, release),
            CreatedAt = Now.AddMilliseconds(milliseconds),
            NextAttemptAt = Now.AddMilliseconds(milliseconds),
            CausedAt = Now,
            TraceParent = "00-trace",
        };

    protected static Reservation Open(OrderKey order, int quantity) => new()
    {
        Order = order,
        LineId = "1",
        State = ReservationState.Open,
        Quantity = quantity,
        Waiting = 0,
        Consumed = 0,
        PlacedAt = Now,
    };

    protected static StockCommit Level(StockKey key, long expected, int onHand, int reserved) => new()
    {
        Key = key,
        ExpectedVersion = expected,
        Level = new StockLevel(onHand, reserved, expected + 1, Now),
        At = Now,
    };
}
