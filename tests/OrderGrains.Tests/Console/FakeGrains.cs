using System.Reflection;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

/// <summary>
/// What the console asks of grains, answered from the fakes' memory. Reached through <see cref="FakeGrainFactory"/>.
/// </summary>
internal sealed class FakeGrains(FakeOrders orders, FakeStock stock)
{
    public List<(string Key, OrderAct Act, string Actor)> Acts { get; } = [];
    public List<(string Key, string Parcel, string Actor)> TakenBack { get; } = [];
    public List<(string Key, string Actor)> Redacted { get; } = [];
    public List<string> Nudged { get; } = [];
    public List<(string OrderKey, Guid MessageId, string Actor)> Discarded { get; } = [];
    public string? Refusal { get; set; }
    public Dictionary<string, DestinationStatus?> Destinations { get; } = [];

    public FrontNews Front { get; set; } = FrontNews.None;

    public object Get(Type grain, string key) =>
        grain == typeof(IOrderGrain) ? new OrderGrain(this, orders, key)
        : grain == typeof(IInventoryGrain) ? new InventoryGrain(stock, key)
        : grain == typeof(IAnswerReceiver) ? new OrderGrain(this, orders, key)
        : grain == typeof(IDestinationGrain) ? new DestinationGrain(this, key)
        : grain == typeof(IFrontGrain) ? new FrontGrain(this)
        : grain == typeof(IRetryGrain) ? new RetryGrain(this, key)
        : throw new NotSupportedException(grain.Name);

    private sealed class FrontGrain(FakeGrains grains) : IFrontGrain
    {
        public Task NoteAsync(FrontNews news) => throw new NotSupportedException();

        public Task<FrontNews> GetAsync() => Task.FromResult(grains.Front);
    }

    private sealed class OrderGrain(FakeGrains grains, FakeOrders orders, string key) : IOrderGrain
    {
        public Task<ActAnswer> ActAsync(OrderAct act, string actor, string? reason)
        {
            grains.Acts.Add((key, act, actor));
            if (!orders.Stored.TryGetValue(OrderKey.Parse(key), out var stored))
                return Task.FromResult(new ActAnswer(false, null));
            if (grains.Refusal is null)
            {
                var status = act switch
                {
                    OrderAct.Hold => OrderStatus.OnHold,
                    OrderAct.Resume => OrderStatus.Allocated,
                    _ => OrderStatus.Cancelled,
                };
                orders.Add(
                    stored.Order with
                    {
                        Status = status,
                        HoldReason = act == OrderAct.Hold
                            ? new HoldReason(HeldBy.Operator, $"By {actor}", reason) : null,
                    },
                    orders.Timelines[stored.Order.Key]);
            }

            return Task.FromResult(new ActAnswer(true, grains.Refusal));
        }

        public Task<ActAnswer> TakeBackAsync(string reference, string shipmentId, string actor)
        {
            grains.TakenBack.Add((key, $"{reference}/{shipmentId}", actor));
            return Task.FromResult(new ActAnswer(orders.Stored.ContainsKey(OrderKey.Parse(key)), grains.Refusal));
        }

        public Task<RedactAnswer> RedactAsync(string actor)
        {
            grains.Redacted.Add((key, actor));
            return Task.FromResult(
                !orders.Stored.TryGetValue(OrderKey.Parse(key), out var stored) ? RedactAnswer.Unknown
                : OrderStatusRules.IsOver(stored.Order.Status) ? RedactAnswer.Done : RedactAnswer.WhenOver);
        }

        public Task<ReceiptOutcome> ApplyAsync(OrderChange change, ReceiptRef receipt) =>
            throw new NotSupportedException();

        public Task DiscardedAsync(Guid messageId, string actor)
        {
            grains.Discarded.Add((key, messageId, actor));
            return Task.CompletedTask;
        }

        public Task<MessageContent?> GetContentAsync(Guid messageId) => throw new NotSupportedException();

        public Task<ShipTo?> GetShipToAsync() => throw new NotSupportedException();

        public Task<bool> ReviewAsync() => throw new NotSupportedException();

        public Task AnswerAsync(DeliveredMessage message, Answer answer) => throw new NotSupportedException();

        public Task StockChangedAsync() => throw new NotSupportedException();

        public Task StockShortAsync(StockKey stock, int units) => throw new NotSupportedException();
    }

    private sealed class InventoryGrain(FakeStock stock, string key) : IInventoryGrain
    {
        public Task<StockAnswer> SetAsync(int onHand, string actor)
        {
            var stockKey = StockKey.Parse(key);
            var level = stock.Rows.GetValueOrDefault(stockKey)?.Level ?? default;
            if (onHand < level.Reserved)
                return Task.FromResult(new StockAnswer(StockOutcome.BelowReserved, level.OnHand, level.Reserved));
            stock.Add(stockKey.Location, stockKey.Sku, onHand, level.Reserved, 0, level.AsOf);
            return Task.FromResult(new StockAnswer(StockOutcome.Applied, onHand, level.Reserved));
        }

        public Task<ReservationAnswer> ReserveAsync(ReservationRequest request) => throw new NotSupportedException();

        public Task<StockAnswer> CountAsync(int onHand, DateTimeOffset asOf, string movementId, bool once = false) =>
            throw new NotSupportedException();

        public Task<StockAnswer> AdjustAsync(int delta, string reason, DateTimeOffset at, string movementId) =>
            throw new NotSupportedException();
    }

    private sealed class RetryGrain(FakeGrains grains, string key) : IRetryGrain
    {
        public Task RestAsync(DateTimeOffset until) => ScheduleAsync(until);

        public Task ScheduleAsync(DateTimeOffset dueAt)
        {
            grains.Nudged.Add(key);
            return Task.CompletedTask;
        }
    }

    private sealed class DestinationGrain(FakeGrains grains, string key) : IDestinationGrain
    {
        public Task NudgeAsync(DateTimeOffset since = default, string source = "")
        {
            grains.Nudged.Add(key);
            return Task.CompletedTask;
        }

        public Task<DestinationStatus> GetStatusAsync() =>
            grains.Destinations.GetValueOrDefault(key, new DestinationStatus(0, 0, null)) is { } status
                ? Task.FromResult(status)
                : Task.FromException<DestinationStatus>(new TimeoutException());

        public Task PauseAsync(string actor, string reason)
        {
            grains.Destinations[key] =
                new DestinationStatus(0, 0, null, Pause: new Pause(actor, reason, DateTimeOffset.UnixEpoch));
            return Task.CompletedTask;
        }

        public Task<bool> ResumeAsync() => Task.FromResult(grains.Destinations.Remove(key));

        public Task<IReadOnlyList<int>?> CompareStockAsync(IReadOnlyList<StockContent> ours) =>
            Task.FromResult<IReadOnlyList<int>?>(null);
    }
}

/// <summary>Orleans' factory has sixteen members; the console uses one.</summary>
public class FakeGrainFactory : DispatchProxy
{
    private FakeGrains _grains = null!;

    internal static IGrainFactory Over(FakeGrains grains)
    {
        var factory = Create<IGrainFactory, FakeGrainFactory>();
        ((FakeGrainFactory)factory)._grains = grains;
        return factory;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) =>
        targetMethod is { IsGenericMethod: true } && args?[0] is string or long
            ? _grains.Get(targetMethod.GetGenericArguments()[0], $"{args[0]}")
            : throw new NotSupportedException(targetMethod?.Name);
}
