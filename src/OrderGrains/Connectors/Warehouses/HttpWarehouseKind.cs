using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>A warehouse that serves our own HTTP protocol.</summary>
internal sealed class HttpWarehouseKind : IDestinationKind
{
    public string Name => "Http";

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<HttpWarehouseOptions>();
        if (options.BaseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            settings.Mistake("BaseUrl", "must be an absolute http or https address");
        StandardWebhooks.CheckSecrets(options.Secrets, settings);
        return tools => new WarehouseDestination(new HttpWarehouse(tools.Http, options, tools.Time));
    }
}
