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
        // Of several locations an order must not go to whichever ShipBob would choose.
        WarehouseLocations.Check(nameof(options.LocationIds), "number", options.LocationIds.Keys, settings, from: 2);
        return tools => new WarehouseDestination(
            new ShipBobWarehouse(options.Open(tools.Http, options.ChannelId, tools.Time), options));
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
