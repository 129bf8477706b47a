using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>ShipStation as a warehouse.</summary>
internal sealed class ShipStationKind : IDestinationKind
{
    public string Name => "ShipStation";

    /// <summary>
    /// ShipStation counts 200 requests in a minute: 120 for orders, 60 to hear what became of them, 20 for the stock.
    /// </summary>
    public int CallsPerSecondMax => 2;

    public int CallsAtOnceMax => 4;

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<ShipStationOptions>();
        options.Check(settings);
        CheckIds(nameof(options.WarehouseIds), options.WarehouseIds, settings);
        WarehouseLocations.Check(nameof(options.WarehouseIds), "id", options.WarehouseIds.Keys, settings);
        return tools => new WarehouseDestination(
            new ShipStationWarehouse(options.Open(tools.Http, tools.Time), options));
    }

    public static void CheckIds(string setting, IDictionary<string, string> ids, Settings settings)
    {
        foreach (var (name, id) in ids)
        {
            if (string.IsNullOrWhiteSpace(id))
                settings.Mistake($"{setting}:{name}", "is empty");
        }
    }
}

/// <summary>ShipStation's webhooks.</summary>
internal sealed class ShipStationSourceKind : ISourceKind
{
    public string Name => "ShipStation";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<ShipStationSourceOptions>();
        options.Check(settings);
        ShipStationAccess.CheckAddress(nameof(options.KeysUrl), options.KeysUrl, settings);
        var called = settings.Networks(nameof(options.CalledNetworks), options.CalledNetworks);
        foreach (var (setting, address) in new[]
        {
            (nameof(options.BaseUrl), options.BaseUrl), (nameof(options.KeysUrl), options.KeysUrl),
        })
        {
            if (called.Count == 0 && address is { IsAbsoluteUri: true, Scheme: "http" })
                settings.Mistake(setting, "is http, so CalledNetworks must name the network in which it lies");
        }

        // What is opened in spite of a mistake is never used.
        var usual = new ShipStationSourceOptions();
        if (options.BaseUrl is not { IsAbsoluteUri: true })
            options.BaseUrl = usual.BaseUrl;
        if (options.KeysUrl is not { IsAbsoluteUri: true })
            options.KeysUrl = usual.KeysUrl;
        return new ShipStationSource(options, called, storefronts);
    }
}

/// <summary>ShipStation's stock, which it does not post.</summary>
internal sealed class ShipStationStockKind : ISourceKind
{
    public string Name => "ShipStationStock";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<ShipStationStockOptions>();
        options.Check(settings);
        ShipStationKind.CheckIds(nameof(options.InventoryWarehouseIds), options.InventoryWarehouseIds, settings);
        return new ShipStationStock(options);
    }
}
