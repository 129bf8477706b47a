using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>What people do with stock, by API or page.</summary>
internal sealed class StockDesk(IGrainFactory grains, ILogger<StockDesk> log)
{
    /// <summary>Units that a person may set; more is a slip of the finger.</summary>
    public const int OnHandMax = 100_000_000;

    /// <summary>Reservations of each kind, and movements, that are shown of one stock.</summary>
    public const int ShownMax = 100;

    /// <summary>A SKU may hold a slash: the path takes it plain, or encoded, which routing leaves as it is.</summary>
    public static StockKey Key(string location, string sku) =>
        new(location, Sku.Of(sku.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)));

    public async Task<StockAnswer> SetAsync(StockKey key, int onHand, string actor)
    {
        var answer = await grains.GetGrain<IInventoryGrain>(key.ToString()).SetAsync(onHand, actor);
        log.StockSet(actor, key.ToString(), onHand, answer.Outcome.Word());
        return answer;
    }

    /// <summary>Why a count was not taken; null when it was.</summary>
    public static string? Refusal(StockAnswer answer, StockKey key, int onHand) =>
        answer.Outcome == StockOutcome.BelowReserved
            ? $"{onHand} on hand is below the {answer.Reserved} reserved of {key.Sku} at {key.Location}."
            : null;
}
