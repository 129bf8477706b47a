using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Orders;

/// <summary>Parcels of a warehouse that knows products, and not our lines.</summary>
public sealed class SkuLineTests
{
    private const string Reference = "acme-820982911946154508-1";
    private readonly OrderWorld _world = new();

    [Fact]
    public void Units_go_to_what_each_line_still_has_to_get_in_the_releases_order()
    {
        Released(("1", "MUG", 2), ("2", "CAP", 1), ("3", "MUG", 3));

        Ship("p1", ("MUG", 3));
        Assert.Equal([new ShippedLine("1", 2, "MUG"), new ShippedLine("3", 1, "MUG")], Lines(0));

        Ship("p2", ("MUG", 2), ("CAP", 1));
        Assert.Equal([new ShippedLine("3", 2, "MUG"), new ShippedLine("2", 1, "CAP")], Lines(1));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void What_is_left_over_goes_to_the_last_line_of_the_SKU()
    {
        Released(("1", "MUG", 2), ("2", "MUG", 1), ("3", "CAP", 1));

        var accept = Assert.IsType<Decision.Accept>(Ship("p1", ("MUG", 5)));

        Assert.Equal([new ShippedLine("1", 2, "MUG"), new ShippedLine("2", 3, "MUG")], Lines(0));
        Assert.Contains("line 2: 3 units have left, 1 were asked for", accept.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public void A_SKU_is_known_as_it_is_spelled_everywhere_and_may_come_in_several_rows()
    {
        Released(("1", "MÜS", 3));

        Ship("p1", (" MU\u0308S\u200B", 1), ("MÜS", 2));

        Assert.Equal([new ShippedLine("1", 3, "MÜS")], Lines(0));
    }

    [Fact]
    public void A_redelivery_and_a_new_tracking_number_are_of_the_same_parcel_and_of_the_same_units()
    {
        Released(("1", "MUG", 2), ("2", "MUG", 2));
        Ship("p1", ("MUG", 1));
        Ship("p2", ("MUG", 2));

        Assert.IsType<Decision.Duplicate>(Ship("p1", ("MUG", 1)));
        Assert.IsType<Decision.Duplicate>(Ship("P2", ("MUG", 2)));
        Assert.IsType<Decision.Accept>(Ship("p2", "T-2", ("MUG", 2)));

        Assert.Equal(2, _world.Order.Shipments.Count);
        Assert.Equal([new ShippedLine("1", 1, "MUG"), new ShippedLine("2", 1, "MUG")], Lines(1));
        Assert.Equal("T-2", _world.Order.Shipments[1].TrackingNumber);
    }

    [Fact]
    public void A_later_word_may_add_a_SKU_and_not_change_the_units_of_one()
    {
        Released(("1", "MUG", 2), ("2", "CAP", 1));
        Ship("p1", ("MUG", 2));

        var wrong = Assert.IsType<Decision.Reject>(Ship("p1", ("MUG", 1), ("CAP", 1)));
        Assert.Contains("has 2 units of MUG, and now 1", wrong.Reason, StringComparison.Ordinal);

        Assert.IsType<Decision.Accept>(Ship("p1", ("MUG", 2), ("CAP", 1)));
        Assert.Equal([new ShippedLine("1", 2, "MUG"), new ShippedLine("2", 1, "CAP")], Lines(0));
        Assert.Equal(OrderStatus.Shipped, _world.Order.Status);
    }

    [Fact]
    public void A_SKU_that_the_release_does_not_have_is_nobodys_line()
    {
        // Its SKU is the id of a line, which it must not be taken for.
        Released(("1", "MUG", 2));

        var accept = Assert.IsType<Decision.Accept>(Ship("p1", ("MUG", 2), ("1", 4)));

        Assert.Contains("line SKU 1 was never asked for", accept.Summary, StringComparison.Ordinal);
        Assert.Equal([new ShippedLine("1", 2, "MUG"), new ShippedLine("SKU 1", 4)], Lines(0));
        Assert.IsType<Decision.Duplicate>(Ship("p1", ("MUG", 2), ("1", 4)));
        Assert.IsType<Decision.Reject>(Ship("p2", ("POT", 1)));
    }

    [Fact]
    public void A_line_whose_SKU_the_storefront_has_changed_keeps_what_has_left_apart()
    {
        Released(("1", "OLD", 2));
        _world.Apply(Stated(1, ("1", "NEW", 2)));
        _world.AnswerAll();

        Ship("p1", ("OLD", 2));
        Ship("p2", ("NEW", 1));

        Assert.Equal([new ShippedLine("1", 2, "OLD")], Lines(0));
        Assert.Equal([new ShippedLine("1", 1, "NEW")], Lines(1));
        Assert.IsType<Decision.Duplicate>(Ship("p2", ("NEW", 1)));
    }

    private IReadOnlyList<ShippedLine> Lines(int shipment) => _world.Order.Shipments[shipment].Lines;

    private void Released(params (string Line, string Sku, int Units)[] lines)
    {
        _world.Apply(Stated(0, lines));
        _world.AnswerAll();
    }

    private static OrderStated Stated(int second, params (string Line, string Sku, int Units)[] lines)
    {
        var stated = OrderWorld.Stated(second, paid: true);
        return stated with
        {
            Snapshot = stated.Snapshot with
            {
                Lines = [.. lines.Select(l => new SnapshotLine { LineId = l.Line, Sku = l.Sku, Quantity = l.Units })],
            },
        };
    }

    private Decision Ship(string id, params (string Sku, int Units)[] lines) => Ship(id, null, lines);

    private Decision Ship(string id, string? tracking, params (string Sku, int Units)[] lines) => _world.Apply(
        new ShipmentMade(OrderWorld.Key, new Shipment
        {
            ShipmentId = id,
            Reference = Reference,
            TrackingNumber = tracking,
            Lines = [.. lines.Select(l => new ShippedLine("", l.Units, l.Sku))],
            ShippedAt = OrderWorld.Noon,
        }));
}
