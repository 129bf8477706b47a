namespace OrderGrains.Inventory;

/// <summary>
/// Compares what a shop has with what there is, once a day and after each start, and tells it of what differs. Keyed by
/// the shop's source.
/// </summary>
[Alias("OrderGrains.IShopStockGrain")]
public interface IShopStockGrain : IGrainWithStringKey
{
    /// <summary>
    /// Goes on with the list, if it is due. Every silo asks, so that most calls find that another came first.
    /// </summary>
    [Alias("LookAsync")]
    Task LookAsync();
}
