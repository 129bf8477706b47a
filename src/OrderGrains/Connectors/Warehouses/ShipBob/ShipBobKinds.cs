using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>ShipBob as a warehouse.</summary>
internal sealed class ShipBobKind : IDestinationKind
{
    public string Name => "ShipBob";

    /// <summary>ShipBob counts 150 requests in a minute for each user and app; the stock is asked for beside.</summary>
    public int CallsPerSecondMax => 2;

    public int CallsAtOnceMax => 4;

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<ShipBobOptions>();
        options.Check(settings);
        if (options.ChannelId is { Length: > 0 } channel && !channel.All(char.IsAsciiDigit))
            settings.Mistake(nameof(options.ChannelId), "must be made of digits");
        CheckLocations(options.LocationIds, settings.Read<ShipBobLocations>().Locations, settings);
        return tools => new WarehouseDestination(
            new ShipBobWarehouse(new ShipBobApi(tools.Http, options, options.ChannelId, tools.Time), options));
    }

    /// <summary>Of several locations an order must not go to whichever ShipBob would choose.</summary>
    private static void CheckLocations(IDictionary<string, int> ids, IList<string> locations, Settings settings)
    {
        foreach (var name in ids.Keys.Where(name => !locations.Contains(name, StringComparer.Ordinal)))
            settings.Mistake("LocationIds", $"'{name}' is none of Locations");
        if (ids.Count == 0 && locations.Count < 2)
            return;
        foreach (var name in locations.Where(name => !ids.ContainsKey(name)))
            settings.Mistake("LocationIds", $"has no number for '{name}'");
    }
}

/// <summary>ShipBob's webhooks.</summary>
internal sealed class ShipBobSourceKind : ISourceKind
{
    public string Name => "ShipBob";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<WarehouseSourceOptions>();
        StandardWebhooks.CheckKeys(options.Secrets, settings);
        return new ShipBobSource(options, storefronts);
    }
}

/// <summary>ShipBob's stock, which it does not post.</summary>
internal sealed class ShipBobStockKind : ISourceKind
{
    public string Name => "ShipBobStock";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<ShipBobStockOptions>();
        options.Check(settings);
        if (options.LocationIds.Count == 0)
            settings.Mistake(nameof(options.LocationIds), "must have at least 1 entries");
        return new ShipBobStock(options);
    }
}
