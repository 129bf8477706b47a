namespace OrderGrains.Connectors.Wms;

/// <summary>The configured warehouses, each with its client.</summary>
public sealed class Warehouses(IReadOnlyDictionary<string, Warehouse> byName)
{
    public IEnumerable<string> Names => byName.Keys;

    /// <summary>Null when the name is not configured (any more).</summary>
    public Warehouse? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One configured warehouse.</summary>
public sealed record Warehouse(WarehouseOptions Options, IWarehouse Client);
