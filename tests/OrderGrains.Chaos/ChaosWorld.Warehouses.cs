using OrderGrains.Chaos.Trade;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>The warehouses, which call whichever silo the balancer names.</summary>
internal sealed partial class ChaosWorld
{
    private IReadOnlyList<Warehouse> OpenWarehouses() =>
        [.. Premises.Warehouses(Options).Select(options => new Warehouse(options, _doors.Next, Time, _senders))];
}
