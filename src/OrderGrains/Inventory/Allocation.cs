namespace OrderGrains.Inventory;

/// <summary>What an order has of one line at one location.</summary>
/// <param name="Quantity">Units reserved.</param>
/// <param name="Waiting">Units waited for besides.</param>
/// <param name="AtWarehouse">Units of <paramref name="Quantity"/> that may be released: nobody takes them back.</param>
public sealed record Allocation(
    string LineId, string Sku, string Location, int Quantity, int Waiting, int AtWarehouse = 0);

/// <summary>A line at a location.</summary>
public readonly record struct Place(string LineId, string Sku, string Location);
