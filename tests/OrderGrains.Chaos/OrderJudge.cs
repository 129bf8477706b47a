using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// Compares one order with what the warehouses took of it. Where a warehouse was at work before a change could reach
/// it, old and new are both right; where the product had time and did not ask, that is a fault.
/// </summary>
internal sealed class OrderJudge(World world)
{
    /// <summary>From the webhook's 200 to the call at the warehouse, on a loaded machine with nothing broken.</summary>
    private static readonly TimeSpan PromptMax = TimeSpan.FromSeconds(1);

    /// <summary>How long a breaker and its retries may lag behind a fault.</summary>
    private static readonly TimeSpan Aftermath = TimeSpan.FromSeconds(10);

    public IEnumerable<string> Judge(OrderStory story, IReadOnlyList<WarehouseOrder> taken)
    {
        var order = story.Order;
        var live = taken.Where(each => each.IsLive).ToList();
        foreach (var each in taken.Where(each => each.Made != 1))
            yield return $"{each.Reference} was made {each.Made} times";
        foreach (var each in taken.Where(each => !IsOurReference(each.Reference, order.Id)))
            yield return $"has a reference of another form: {each.Reference}";

        if (order.PaidAt is null)
        {
            foreach (var each in taken) yield return $"is unpaid, and {each.Reference} was made";
        }
        else if (order.CancelledAt is not null)
        {
            foreach (var each in live.Where(each => !IsExcused(story, each)))
                yield return $"is cancelled, and {each.Reference} is {each.Status}, and nobody asked in time";
        }
        else
        {
            foreach (var fault in JudgeLines(story, taken, live)) yield return fault;
        }
    }

    /// <summary>Null where more than one status is right.</summary>
    public static string? ExpectedStatus(OrderStory story, IReadOnlyList<WarehouseOrder> taken)
    {
        var order = story.Order;
        var live = taken.Where(each => each.IsLive).ToList();
        if (story.ToldAt is null || story.Plot is Plot.Deleted or Plot.NeverPaid) return null;
        if (order.CancelledAt is not null) return live.Count == 0 ? "cancelled" : null;
        var isWhole = live.Count > 0 && live.All(each => each.Status is WarehouseStatus.Shipped);
        var isAsWanted = order.Lines.Where(line => line.Item.Shippable)
            .All(line => UnitsOf(line, live) == line.CurrentQuantity);
        return isWhole && isAsWanted ? "shipped" : null;
    }

    private IEnumerable<string> JudgeLines(
        OrderStory story, IReadOnlyList<WarehouseOrder> taken, IReadOnlyList<WarehouseOrder> live)
    {
        var order = story.Order;
        var wanted = order.Lines.ToDictionary(line => line.Id.ToString(), StringComparer.Ordinal);
        foreach (var line in taken.SelectMany(each => each.Take.Lines))
        {
            if (!wanted.TryGetValue(line.LineId, out var ours))
                yield return $"has no line {line.LineId}, and a warehouse has";
            else if (ours.Item.Sku != line.Sku)
                yield return $"line {line.LineId} is {ours.Item.Sku}, and at a warehouse {line.Sku}";
            else if (!ours.Item.Shippable)
                yield return $"{line.Sku} is not for shipping, and a warehouse has it";
        }

        var tooLate = live.Any(each => each.ChangesRefused > 0 || each.CancelsRefused > 0 || !HadTime(story, each));
        foreach (var line in order.Lines.Where(line => line.Item.Shippable))
        {
            var units = UnitsOf(line, live);
            var found = $"{line.Item.Sku}: {units} at the warehouses";
            if (units > line.QuantityMax)
                yield return $"{found}, never more than {line.QuantityMax} wanted: released twice";
            else if (units < line.QuantityMin)
                yield return $"{found}, never fewer than {line.QuantityMin} wanted: not released";
            else if (units != line.CurrentQuantity && !tooLate)
                yield return $"{found}, {line.CurrentQuantity} wanted, and there was time to say so";
        }
    }

    private bool IsExcused(OrderStory story, WarehouseOrder each) =>
        story.Plot is not Plot.CancelledFirst && (each.CancelsAsked > 0 || !HadTime(story, each));

    /// <summary>
    /// Whether the warehouse could be told the order's end before it picked, with nothing broken in between.
    /// </summary>
    private bool HadTime(OrderStory story, WarehouseOrder each) =>
        story.ToldAt is { } told
        && (each.PickedAt is not { } picked
            || (picked - told > PromptMax && !world.WasDisturbed(told, picked, Aftermath)));

    private static int UnitsOf(ShopLine line, IEnumerable<WarehouseOrder> live) =>
        live.SelectMany(each => each.Take.Lines)
            .Where(each => each.LineId == line.Id.ToString()).Sum(each => each.Quantity);

    private bool IsOurReference(string reference, long orderId)
    {
        var prefix = $"{world.Shop.Source}-{orderId}-";
        return reference.StartsWith(prefix, StringComparison.Ordinal)
            && int.TryParse(reference[prefix.Length..], out _);
    }
}
