using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Orleans.Concurrency;

namespace OrderGrains.Inventory;

/// <inheritdoc cref="IInventoryGrain"/>
[Reentrant]
[CollectionAgeLimit(Hours = 2)]
internal sealed partial class InventoryGrain(
    IStockStore store, Subscriptions subscriptions, Shops shops, OperatorEvents events, TimeProvider time,
    ILogger<InventoryGrain> log)
    : Grain, IInventoryGrain, IContentSource
{
    /// <summary>Orders that are told of one shortfall: the newest that a warehouse has.</summary>
    private const int ToldOfShortMax = 100;

    private StockKey _key;
    private StockKeeper _keeper = null!;

    /// <summary>Who hears of changes is woken then at the latest.</summary>
    private DateTimeOffset _wokenAt;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        _key = StockKey.Parse(this.GetPrimaryKeyString());
        _keeper = new StockKeeper(_key, await store.LoadAsync(_key), store, time)
        {
            Broken = DeactivateOnIdle,
            Nudge = order => Planted.Is(PlantedFault.LosesNudge) ? Task.CompletedTask
                : GrainFactory.Find<IStockWaiter>(order.ToString()).StockChangedAsync(),
            SayShort = SayShortAsync,
            News = Tell,
            Told = Nudge,
        };
    }

    public Task<ReservationAnswer> ReserveAsync(ReservationRequest request) => _keeper.ReserveAsync(request);

    public Task<StockAnswer> CountAsync(int onHand, DateTimeOffset asOf, string movementId, bool once = false) =>
        _keeper.CountAsync(onHand, asOf, movementId, once);

    public Task<StockAnswer> AdjustAsync(int delta, string reason, DateTimeOffset at, string movementId) =>
        _keeper.AdjustAsync(
            delta, reason, at, Planted.Is(PlantedFault.ForgetsEvent) ? $"{Guid.CreateVersion7()}" : movementId);

    public Task<StockAnswer> SetAsync(int onHand, string actor) => _keeper.SetAsync(onHand, actor);

    public Task<string> GetFactsAsync() => Task.FromResult(StockEvents.Facts(_key, _keeper.CommittedLevel));

    /// <summary>
    /// From the database: a message may be there before its commit has come back to us, or be another activation's.
    /// </summary>
    public async Task<StockUnits?> FindUnitsAsync() => (await store.FindAsync(_key))?.Level.Told;

    private IReadOnlyList<OutboundMessage> Tell(StockLevel before, StockLevel after)
    {
        var now = time.GetUtcNow();
        var messages = StockEvents.Messages(_key, before, after, subscriptions, now);
        if (messages.Count > 0 && now >= _wokenAt)
        {
            _wokenAt = now + StockEvents.Pause;
            // Before the commit: it only says when to look.
            foreach (var message in messages)
                GrainFactory.Find<IRetryGrain>(message.Destination).ScheduleAsync(_wokenAt).Ignore();
        }

        return [.. messages, .. StockEvents.Messages(_key, before, after, shops, now)];
    }

    /// <summary>Shops hear of a sale elsewhere at once: until then they sell what is not there any more.</summary>
    private void Nudge(IReadOnlyList<OutboundMessage> messages)
    {
        foreach (var message in messages.Where(message => message.Kind == MessageKind.Stock))
            GrainFactory.Find<IDestinationGrain>(message.Destination).NudgeAsync(message.CreatedAt).Ignore();
    }

    /// <summary>Every unit that no warehouse has was taken back, and it is not enough: a person must look.</summary>
    private async Task SayShortAsync(int units)
    {
        StockShort(_key.ToString(), units);
        await events.SayAsync(EventTypes.StockShort, Subject.Of(_key),
            () => Task.FromResult<StockShortData?>(new(_key.Location, _key.Sku, units)));
        try
        {
            var left = units;
            foreach (var reservation in (await store.FindDetailAsync(_key, ToldOfShortMax))?.Open ?? [])
            {
                if (left <= 0)
                    break;
                left -= reservation.AtWarehouse;
                await GrainFactory.Find<IStockWaiter>(reservation.Order.ToString()).StockShortAsync(_key, units);
            }
        }
        catch (StorageException exception)
        {
            ShortUnsaid(exception, _key.ToString());
        }
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Stock} is {Units} units short: warehouses have orders for more than was counted", EventName = "stock.short")]
    private partial void StockShort(string stock, int units);

    [LoggerMessage(2, LogLevel.Warning, "{Stock}: the orders could not be told that it is short",
        EventName = "stock.short_unsaid")]
    private partial void ShortUnsaid(Exception exception, string stock);
}
