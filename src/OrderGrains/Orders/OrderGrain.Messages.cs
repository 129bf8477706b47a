using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <content>What the order tells warehouses and subscribers.</content>
internal sealed partial class OrderGrain
{
    /// <summary>Events of one commit; their numbers leave room for as many.</summary>
    private const int EventsMax = 64;

    public Task<MessageContent?> GetContentAsync(Guid messageId) => GuardAsync<MessageContent?>(async () =>
    {
        RequireSource();
        if (_stored?.Order is { } known && ParcelPlan.ContentOf(known, messageId,
            location => shops.Find(_key.Source)?.PlaceOf(location)) is { } parcel)
            return parcel;
        if (_stored?.Order is { Storefront: not null } order
            && order.Releases.FirstOrDefault(r => r.MessageId == messageId) is { } release)
        {
            return ReleaseRequests.Of(order, release) with { Revision = _stored.Version };
        }

        // The message may be younger than what this activation knows.
        await RequireNewestAsync();
        return null;
    });

    public Task<ShipTo?> GetShipToAsync() =>
        GuardAsync(() => Task.FromResult(_stored?.Order.Storefront?.ShipTo));

    /// <summary>What subscribers hear of the change from the committed order to the next.</summary>
    private IEnumerable<OutboundMessage> News(Order? next, long version, Turn turn, DateTimeOffset now) =>
        next is null || subscriptions.IsEmpty ? [] : OrderEvents
            .Of(_stored?.Order, next, type => subscriptions.To(type).Count > 0)
            .Take(EventsMax)
            .SelectMany((facts, at) => subscriptions.Messages(
                Subject.Of(_key), facts, (version * EventsMax) + at, now))
            .Select(message => message with { CausedAt = turn.CausedAt });

    /// <summary>Parcels of one order are told one after the other: the storefront's own book of it is one.</summary>
    private OutboundMessage Message(Shipment parcel, Turn turn, DateTimeOffset now) => new()
    {
        Id = parcel.MessageId!.Value,
        Destination = _key.Source,
        Kind = MessageKind.Parcel,
        Subject = Subject.Of(_key),
        SequenceKey = _key.ToString(),
        CoalescingKey = $"parcel {ParcelPlan.NameOf(parcel)}",
        CreatedAt = now,
        NextAttemptAt = now,
        CausedAt = turn.CausedAt,
        TraceParent = System.Diagnostics.Activity.Current?.Id,
    };

    /// <summary>
    /// A shop that is told what is in the building takes a parcel's units off by itself when it records it, be it that
    /// the number it had was without them already. Should this be lost, the day's list finds it.
    /// </summary>
    private async Task TellStockAgainAsync(Shipment parcel)
    {
        if (shops.Find(_key.Source) is not { Stock: StockMeaning.OnHand } shop
            || OrderFacts.FindRelease(_stored!.Order, parcel.Reference) is not { } release
            || shop.PlaceOf(release.Location) is null)
            return;
        try
        {
            await TellStockAgainAsync(shop, release.Location, parcel);
        }
        catch (StorageException)
        {
            // The order has the answer: nobody must think that it is not recorded.
        }
    }

    private async Task TellStockAgainAsync(Shop shop, string location, Shipment parcel)
    {
        var now = time.GetUtcNow();
        await outbox.AppendAsync([.. parcel.Lines.Select(line => line.Sku).OfType<string>()
            .Distinct(StringComparer.Ordinal)
            .Select(sku => Shops.StockMessage(_key.Source, shop, new StockKey(location, sku), now))]);
        await GrainFactory.Find<IDestinationGrain>(_key.Source).NudgeAsync(now);
    }

    private OutboundMessage Message(PlannedMessage planned, Turn turn, DateTimeOffset now) => new()
    {
        Id = planned.Id,
        Destination = planned.Release.Warehouse,
        Kind = planned.Kind,
        Subject = Subject.Of(_key),
        SequenceKey = planned.Release.Reference,
        CoalescingKey = planned.Release.Reference,
        CreatedAt = now,
        NextAttemptAt = now,
        CausedAt = turn.CausedAt,
        TraceParent = System.Diagnostics.Activity.Current?.Id,
    };
}
