namespace OrderGrains.Inventory;

/// <summary>What an order has of one line at one location.</summary>
/// <param name="Quantity">Units reserved.</param>
/// <param name="Waiting">Units waited for besides.</param>
public sealed record Allocation(string LineId, string Sku, string Location, int Quantity, int Waiting);
