using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <content>What a message says, made in the moment in which it is sent.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Null when there is nothing to say any more.</summary>
    private async Task<MessageContent?> ContentOfAsync(OutboundMessage message) => message.Kind switch
    {
        MessageKind.Event => await EventOfAsync(message, message.Event!),
        MessageKind.Stock => await StockOfAsync(StockKey.Parse(message.Subject.Key)),
        _ => await GrainFactory.Find<IAnswerReceiver>(message.Subject.Key).GetContentAsync(message.Id),
    };

    private async Task<EventContent> EventOfAsync(OutboundMessage message, EventFacts facts)
    {
        var subject = message.Subject;
        // Who gets the goods is asked now: what was erased meanwhile is not told.
        var shipTo = subject.Kind == SubjectKind.Order
            ? await GrainFactory.Find<IAnswerReceiver>(subject.Key).GetShipToAsync() : null;
        return new EventContent
        {
            Type = facts.Type,
            At = message.CreatedAt,
            Subject = subject,
            // Whatever changes a subject that states its facts now writes another message, with a higher number.
            Sequence = facts.Data is null ? message.Written : message.Sequence,
            Data = facts.Data ?? await GrainFactory.Find<IContentSource>(subject.Key).GetFactsAsync(),
            ShipTo = subscriptions.Find(_name)?.Personal == PersonalData.Full ? shipTo : shipTo?.Masked(),
        };
    }

    /// <summary>A place of the shop's may be several locations of ours: it is told of all of them together.</summary>
    private async Task<StockContent?> StockOfAsync(StockKey stock) =>
        shops.Find(_name) is { } shop && shop.PlaceOf(stock.Location) is { } place
            ? await shops.ContentOfAsync(
                shop, stock.Sku, place, key => GrainFactory.Find<IContentSource>(key.ToString()).FindUnitsAsync())
            : null;

    public async Task<IReadOnlyList<int>?> CompareStockAsync(IReadOnlyList<StockContent> ours)
    {
        if (IsOpen || state.State.Pause is not null || destinations.Find(_name)?.Connector is not IStockReader shop)
            return null;
        await NextCallAsync();
        return await shop.CompareAsync(ours, NextCallAsync, default);
    }
}
