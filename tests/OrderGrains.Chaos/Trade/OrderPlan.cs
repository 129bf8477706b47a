using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Trade;

/// <summary>What the shop does to an order.</summary>
internal enum ActKind
{
    Pay,

    /// <summary>A line holds other units from now on: <c>orders/edited</c> and <c>orders/updated</c>.</summary>
    Edit,

    /// <summary>Some units are taken off and paid back: <c>refunds/create</c> and <c>orders/updated</c>.</summary>
    Refund,

    /// <summary>Nothing that matters to a warehouse.</summary>
    Note,
    Cancel,
    Delete,
}

/// <summary>How one webhook goes out; no webhook waits for another.</summary>
/// <param name="Late">From the act to the first sending.</param>
/// <param name="Again">From the act to a second delivery under the same id; null: none.</param>
/// <param name="Replayed">From the act to a delivery of the same body under a new id; null: none.</param>
internal sealed record Sending(TimeSpan Late, TimeSpan? Again = null, TimeSpan? Replayed = null)
{
    /// <summary>The same in other time.</summary>
    public static Sending operator *(Sending sending, double pace) =>
        new(sending.Late * pace, sending.Again * pace, sending.Replayed * pace);
}

/// <summary>One act of an order's story.</summary>
/// <param name="After">From the placing of the order.</param>
/// <param name="Kind">What is done.</param>
/// <param name="First">How its webhook goes out.</param>
/// <param name="Second">How <c>orders/updated</c> goes out, where it comes beside.</param>
/// <param name="Line">The line that it is about.</param>
/// <param name="Units">Edit: what it shall hold. Refund: what is taken off.</param>
/// <param name="SameSecond">Whether it bears the version of the act before.</param>
internal sealed record ShopAct(
    TimeSpan After, ActKind Kind, Sending First, Sending Second, int Line = 0, int Units = 0, bool SameSecond = false)
{
    /// <summary>The same in other time.</summary>
    public static ShopAct operator *(ShopAct act, double pace) => act with
    {
        After = act.After * pace,
        First = act.First * pace,
        Second = act.Second * pace,
    };
}

/// <summary>One order, and all that the shop does to it.</summary>
/// <param name="Place">In the seed's row, from 0.</param>
/// <param name="At">From the start of trade to its placing.</param>
/// <param name="Paid">Whether it is paid when it is placed.</param>
/// <param name="Lines">What is bought.</param>
/// <param name="Create">How <c>orders/create</c> goes out.</param>
/// <param name="Acts">By their time.</param>
internal sealed record OrderPlan(
    int Place, TimeSpan At, bool Paid, IReadOnlyList<(CatalogueItem Item, int Quantity)> Lines, Sending Create,
    IReadOnlyList<ShopAct> Acts)
{
    public override string ToString() =>
        $"{Place} at {At.TotalSeconds:0.00} s: {(Paid ? "paid" : "unpaid")}, "
        + string.Join(", ", Lines.Select(line => $"{line.Quantity} × {line.Item.Sku}"))
        + string.Concat(Acts.Select(act => $"; +{act.After.TotalSeconds:0.00} s {act.Kind} {act.Line} {act.Units}"));
}
