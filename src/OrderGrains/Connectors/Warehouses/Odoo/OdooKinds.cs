using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>Odoo as a warehouse.</summary>
internal sealed class OdooKind : IDestinationKind
{
    public string Name => "Odoo";

    /// <summary>An order takes up to ten calls, and Odoo's own people work on the same processors.</summary>
    public int CallsPerSecondMax => 20;

    public int CallsAtOnceMax => 4;

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<OdooOptions>();
        options.Check(settings);
        // Of several locations an order must not go to whichever warehouse is there.
        WarehouseLocations.Check(nameof(options.Warehouses), "code", options.Warehouses.Keys, settings, from: 2);
        return tools => new WarehouseDestination(
            new OdooWarehouse(new OdooApi(tools.Http, options, tools.Time), options));
    }
}

/// <summary>What happens in Odoo, which posts nothing that is signed.</summary>
internal sealed class OdooEventsKind : ISourceKind
{
    public string Name => "OdooEvents";

    public bool IsStorefront => false;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<OdooEventsOptions>();
        options.Check(settings);
        if (options.Warehouses.Count == 0)
            settings.Mistake(nameof(options.Warehouses), "must have at least 1 entries");
        return new OdooEvents(options, storefronts);
    }
}
