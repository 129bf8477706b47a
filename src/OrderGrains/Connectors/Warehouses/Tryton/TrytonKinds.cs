using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>Tryton as a warehouse.</summary>
internal sealed class TrytonKind : IDestinationKind
{
    public string Name => "Tryton";

    /// <summary>An order takes about eight calls, of some 30 ms of the server's processor each.</summary>
    public int CallsPerSecondMax => 50;

    public int CallsAtOnceMax => 4;

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<TrytonOptions>();
        options.Check(settings);
        // Of several locations an order must not go to whichever warehouse is there.
        WarehouseLocations.Check(nameof(options.Warehouses), "code", options.Warehouses.Keys, settings, from: 2);
        return tools => new WarehouseDestination(
            new TrytonWarehouse(new TrytonApi(tools.Http, options, tools.Time), options));
    }
}

/// <summary>What happens in Tryton, which posts nothing.</summary>
internal sealed class TrytonEventsKind : ISourceKind
{
    public string Name => "TrytonEvents";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<TrytonEventsOptions>();
        options.Check(settings);
        if (options.Warehouses.Count == 0)
            settings.Mistake(nameof(options.Warehouses), "must have at least 1 entries");
        return new TrytonEvents(options, storefronts);
    }
}
