using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Judging;

/// <summary>Fills the facts from the world as it stands.</summary>
internal static class WorldReader
{
    /// <summary>
    /// In this order: what a call did is in the books that are read after it, perhaps with what came later; and what
    /// the shop wanted for it to be asked is in the shop's truth by then.
    /// </summary>
    public static WorldFacts Read(ChaosWorld world)
    {
        WarehouseDid[] calls = [.. world.Ledger.Calls];
        StockTold[] stock = [.. world.Ledger.Stock];
        WebhookTry[] tries = [.. world.Ledger.Tries];
        Taken[] taken = [.. world.Warehouses.SelectMany(each =>
            each.Book.Orders.Select(order => new Taken(each.Name, each.Location, order)))];
        return new WorldFacts
        {
            Shop = world.Shop.Source,
            IsCluster = world.Options.Silos > 1,
            Locations = [.. world.Warehouses.Select(each => (each.Name, each.Location))],
            Orders = [.. world.Shop.Orders.Select(Read)],
            Taken = taken,
            Tries = tries,
            Stock = stock,
            Calls = calls,
            RefusedForGood = world.Warehouses.SelectMany(each => each.Book.RefusedByAnswer)
                .ToHashSet(StringComparer.Ordinal),
            OnShelf = world.Warehouses
                .SelectMany(each => each.Book.OnHand.Select(item => (Place: (each.Location, item.Key), item.Value)))
                .ToDictionary(item => item.Place, item => item.Value),
            Recorded = [.. world.Shop.Orders.SelectMany(order => world.ShopState.FulfilmentsOf(order.Id).Select(one =>
                new Recorded(order.Id, one.Number, one.Units.ToDictionary(
                    unit => $"{unit.Key}", unit => unit.Value, StringComparer.Ordinal))))],
            ShopComplaints = world.ShopComplaints,
            Complaints = [.. world.Warehouses.SelectMany(each =>
                each.Book.Complaints.Select(what => (each.Name, what)))],
        };
    }

    public static OrderFact Read(ShopOrder order) => new(
        order.Id, order.Name, order.PaidAt is not null, order.CancelledAt is not null || order.Deleted,
        order.FinancialStatus is "refunded" or "voided",
        [.. order.Lines.ToArray().Select(line => new LineFact(
            line.Id.ToString(), line.Item.Sku, line.CurrentQuantity, line.QuantityMax, line.Quantity,
            line.Item.Shippable))]);
}
