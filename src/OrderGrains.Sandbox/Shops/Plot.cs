namespace OrderGrains.Sandbox.Shops;

/// <summary>What befalls one order.</summary>
public enum Plot
{
    /// <summary>Placed and paid; nothing else.</summary>
    Plain,

    /// <summary>The create is delivered twice, under one webhook id.</summary>
    Twice,

    /// <summary>The create comes back under a new webhook id.</summary>
    Replayed,

    /// <summary>Placed unpaid; the payment follows.</summary>
    PaidLater,

    /// <summary>Placed unpaid and left so: it must reach no warehouse.</summary>
    NeverPaid,

    /// <summary>One line gains a unit soon after: <c>orders/edited</c> and <c>orders/updated</c>.</summary>
    Edited,

    /// <summary>One unit is taken off and paid back: <c>refunds/create</c> and <c>orders/updated</c>.</summary>
    Refunded,

    /// <summary>Cancelled soon after; the warehouse may have picked it already and refuse.</summary>
    Cancelled,

    /// <summary>Cancelled, and then deleted from the shop.</summary>
    Deleted,

    /// <summary>The update overtakes the create.</summary>
    UpdatedFirst,

    /// <summary>The cancel overtakes the create.</summary>
    CancelledFirst,

    /// <summary>A payment passes an update that was made before it.</summary>
    LateUpdate,
}

/// <summary>Draws plots by weight.</summary>
public static class Plots
{
    private static readonly (Plot Plot, int Weight)[] Weights =
    [
        (Plot.Plain, 46), (Plot.Twice, 10), (Plot.Replayed, 4), (Plot.PaidLater, 10), (Plot.NeverPaid, 2),
        (Plot.Edited, 6), (Plot.Refunded, 4), (Plot.Cancelled, 6), (Plot.Deleted, 1),
        (Plot.UpdatedFirst, 5), (Plot.CancelledFirst, 3),
        (Plot.LateUpdate, 3),
    ];

    private static readonly int WeightSum = Weights.Sum(each => each.Weight);

    public static Plot Draw(Random random)
    {
        var left = random.Next(WeightSum);
        foreach (var (plot, weight) in Weights)
        {
            if ((left -= weight) < 0) return plot;
        }
        return Plot.Plain;
    }

    /// <summary>Whether the plot begins with an unpaid order.</summary>
    public static bool BeginsUnpaid(Plot plot) => plot is Plot.PaidLater or Plot.NeverPaid or Plot.LateUpdate;
}
