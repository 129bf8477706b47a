using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>What an order tells the stock of its shipments.</summary>
public sealed class ShippedFromTests
{
    [Fact]
    public void What_left_under_a_lines_name_is_of_the_sku_that_the_warehouse_was_asked_for()
    {
        var order = Order(Left("s-1", "1", 2)) with
        {
            Storefront = new OrderSnapshot
            {
                Number = "#1",
                PlacedAt = OrderWorld.Noon,
                UpdatedAt = OrderWorld.Noon,
                Lines = [new SnapshotLine { LineId = "1", Sku = "TEA", Quantity = 2 }],
            },
        };
        Assert.Equal([new ShippedUnits("ACME-1-1/S-1", 2, OrderWorld.Noon)], From(order, "1", "MUG", "east"));
        Assert.Empty(From(order, "1", "TEA", "east"));
        Assert.Empty(From(order, "1", "MUG", "west"));
        Assert.Empty(From(order, "2", "MUG", "east"));
    }

    [Fact]
    public void All_that_ever_left_is_stated_one_entry_for_each_shipment()
    {
        var order = Order(Left("s-1", "1", 2), Left("s-2", "1", 3) with
        {
            Lines = [new ShippedLine("1", 3, "MUG"), new ShippedLine("2", 9), new ShippedLine("1", 1, "MUG")],
            ShippedAt = OrderWorld.Noon.AddSeconds(1),
        });
        Assert.Equal(
            [
                new ShippedUnits("ACME-1-1/S-1", 2, OrderWorld.Noon),
                new ShippedUnits("ACME-1-1/S-2", 4, OrderWorld.Noon.AddSeconds(1)),
            ],
            From(order, "1", "MUG", "east"));
    }

    private static IReadOnlyList<ShippedUnits> From(Order order, string line, string sku, string location) =>
        OrderNeeds.ShippedFrom(order, new Place(line, sku, location));

    private static Order Order(params Shipment[] shipments) => new()
    {
        Key = new OrderKey("acme", "1"),
        Status = OrderStatus.Released,
        ReceivedAt = OrderWorld.Noon,
        Shipments = shipments,
        Releases =
        [
            new Release
            {
                Number = 1,
                Reference = "acme-1-1",
                Warehouse = "east-wms",
                Location = "east",
                Status = ReleaseStatus.Accepted,
                Lines = [new ReleaseLine("1", "MUG", 6)],
            },
        ],
    };

    private static Shipment Left(string id, string line, int units) => new()
    {
        ShipmentId = id,
        Reference = "acme-1-1",
        Lines = [new ShippedLine(line, units, "MUG")],
        ShippedAt = OrderWorld.Noon,
    };
}
