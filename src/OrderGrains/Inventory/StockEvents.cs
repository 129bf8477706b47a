using System.Text.Json;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>What subscribers hear of a stock: its numbers as of the moment in which they are told.</summary>
/// <param name="Location">Where it lies.</param>
/// <param name="Sku">What it is.</param>
/// <param name="OnHand">Units there.</param>
/// <param name="Reserved">Units promised to orders.</param>
/// <param name="Available">Units that can still be sold: <c>onHand − reserved</c>.</param>
/// <param name="Shortfall">Units that warehouses have orders for beyond those that are there; 0 normally.</param>
public sealed record StockEventData(
    string Location, string Sku, int OnHand, int Reserved, int Available, int Shortfall);

/// <summary>More was promised to warehouses than was counted.</summary>
/// <param name="Location">Where.</param>
/// <param name="Sku">Of what.</param>
/// <param name="Units">Units that warehouses have orders for and that are not there.</param>
public sealed record StockShortData(string Location, string Sku, int Units);

/// <summary>Tells which events a commit of a stock brings about. Pure.</summary>
public static class StockEvents
{
    /// <summary>
    /// Changes of one stock that come sooner after each other are told as one: a shop that sells out in a minute would
    /// get a message for each unit.
    /// </summary>
    public static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    public static IReadOnlyList<OutboundMessage> Messages(
        StockKey key, StockLevel before, StockLevel after, Subscriptions subscriptions, DateTimeOffset now)
    {
        if (subscriptions.IsEmpty || before.OnHand == after.OnHand && before.Reserved == after.Reserved
            && before.Shortfall == after.Shortfall)
            return [];
        return [.. subscriptions
            .Messages(Subject.Of(key), new EventFacts(EventTypes.StockChanged, null), null, now)
            .Select(message => message with
            {
                CoalescingKey = $"{EventTypes.StockChanged} {key}",
                NextAttemptAt = now + Pause,
            })];
    }

    /// <summary>What shops are to be told of a change: what they may sell, or what is there.</summary>
    public static IReadOnlyList<OutboundMessage> Messages(
        StockKey key, StockLevel before, StockLevel after, Shops shops, DateTimeOffset now)
    {
        var meanings = new List<StockMeaning>(2);
        // Where nothing was ever counted the shop's own number may be right.
        if (!after.IsKnown)
            return [];
        var first = !before.IsKnown;
        if (first || before.Available != after.Available)
            meanings.Add(StockMeaning.Available);
        if (first || before.Units != after.Units)
            meanings.Add(StockMeaning.OnHand);
        return [.. shops.StockMessages(key, meanings, now)];
    }

    public static string Facts(StockKey key, StockLevel level) => JsonSerializer.Serialize(
        new StockEventData(key.Location, key.Sku, level.OnHand, level.Reserved, level.Available, level.Shortfall),
        EventFacts.Json);
}
