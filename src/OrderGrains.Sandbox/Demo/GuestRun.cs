using System.Net;
using OrderGrains.Configuration;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox.Demo;

/// <summary>
/// The shop and the warehouses of a product that runs elsewhere. Its own configuration says who they are, with which
/// secrets, and where it looks for the warehouses: there they listen.
/// </summary>
internal sealed class GuestRun(
    DemoOptions options, Uri product, GuestSettings configuration, Teller teller, TimeProvider time)
{
    /// <summary>0 stopped with the books balanced; 1 otherwise.</summary>
    /// <exception cref="ConfigurationException">It cannot be played.</exception>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        Check();
        using var http = new HttpClient();
        var trade = new Trade(options, () => product, configuration.Api.Keys[0].Secret, teller, time, http);
        var warehouses = configuration.Warehouses.Keys.Select(name => trade.Open(Describe(name))).ToList();
        try
        {
            foreach (var warehouse in warehouses) await warehouse.StartAsync(stop);
            var (shopName, source) = configuration.Sources.First(IsShop);
            var shop = new Shop(shopName, source.Secrets[0], () => product, time, options.Seed, http)
            {
                ScarcePerMille = 40,
                // It has the orders of earlier guests: their ids must not come again.
                OrdersBefore = time.GetUtcNow().ToUnixTimeSeconds(),
            };
            var timeout = TimeSpan.FromSeconds(configuration.Warehouses.Values.Max(w => w.TimeoutSeconds));
            return await trade.RunAsync(
                shop, warehouses, hangFor: timeout * 2, $"Ready. Trading with {product} (Ctrl-C stops)",
                () => Task.CompletedTask, stop);
        }
        finally
        {
            foreach (var warehouse in warehouses) await warehouse.DisposeAsync();
        }
    }

    private void Check()
    {
        var mistakes = new List<string>();
        if (configuration.Api.Keys.Count == 0)
            mistakes.Add("Api:Keys: the sandbox reads the audit with the first, and there is none");
        if (!configuration.Sources.Any(IsShop))
            mistakes.Add("Sources: the sandbox plays a Shopify shop, and there is none");
        if (configuration.Warehouses.Count == 0)
            mistakes.Add("Warehouses: the sandbox plays each, and there is none");
        foreach (var (name, warehouse) in configuration.Warehouses)
        {
            if (warehouse.BaseUrl is not { Scheme: "http", AbsolutePath: "/" })
                mistakes.Add($"Warehouses:{name}:BaseUrl: the sandbox can only be http://host:port");
            if (EventsOf(name) is null)
                mistakes.Add($"Warehouses:{name}: no source is of kind Warehouse and names it");
        }

        if (mistakes.Count > 0) throw new ConfigurationException(mistakes);
    }

    private WarehouseOptions Describe(string name)
    {
        var called = configuration.Warehouses[name];
        var events = EventsOf(name)!;
        return new WarehouseOptions
        {
            Name = events,
            Location = called.Locations[0],
            Listen = new IPEndPoint(
                called.BaseUrl!.IsLoopback ? IPAddress.Loopback : IPAddress.Any, called.BaseUrl.Port),
            RequestSecret = called.Secrets.FirstOrDefault(),
            EventSecret = configuration.Sources[events].Secrets[0],
            Stock = Catalogue.Stock(plenty: 500, scarce: 4),
        };
    }

    /// <summary>The source that the warehouse's events come from.</summary>
    private string? EventsOf(string warehouse) => configuration.Sources
        .FirstOrDefault(source => Is(source.Value, "Warehouse") && source.Value.Warehouse == warehouse).Key;

    private static bool IsShop(KeyValuePair<string, GuestSettings.Source> source) => Is(source.Value, "Shopify");

    private static bool Is(GuestSettings.Source source, string kind) =>
        kind.Equals(source.Kind, StringComparison.OrdinalIgnoreCase);
}
