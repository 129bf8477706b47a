using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>What the warehouses are and hold.</summary>
internal sealed partial class ChaosWorld
{
    /// <summary>Little enough that stock runs short now and then.</summary>
    private static IReadOnlyDictionary<string, int> Stock => Catalogue.Stock(plenty: 40, scarce: 2);

    private Warehouse Open(string location)
    {
        var name = $"{location}-wms";
        var options = new WarehouseOptions
        {
            Name = name,
            Location = location,
            RequestSecret = RequestSecret(name),
            EventSecret = EventSecret(name),
            Stock = Stock,
            // Long enough that a prompt cancel comes in time.
            ShipAfter = TimeSpan.FromSeconds(3),
            TwoParcelsPercent = 20,
            EventsTwicePercent = 10,
        };
        return new Warehouse(options, _doors.Next, Time, _senders);
    }

    private static string RequestSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} requests");

    private static string EventSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} events");
}
