using OrderGrains.Connectors.Warehouses.Tryton;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>Receipts of what was asked for.</summary>
public sealed class TrytonReadingTests
{
    private const string Done = """
        {"shipment":{"id":3,"number":"7","reference":"acme-1-1","state":"done","at":"2026-08-01T11:00:00Z",
         "lines":[{"sku":"MUG","quantity":"2.0"},{"sku":"CAP","quantity":"1.0"}]}}
        """;

    private static readonly TrytonEvents Events = new(new TrytonEventsOptions { Warehouse = "tryton" }, ["acme"]);

    [Fact]
    public void A_shipment_has_Trytons_number_and_the_time_at_which_it_was_done()
    {
        var read = Opened.Understood(Events.Read(Deliveries.Receipt("", Done, "3:done")));

        var shipment = Assert.IsType<ShipmentMade>(read.Change).Shipment;
        Assert.Equal(
            ("7", Deliveries.Now.AddHours(-1), (string?)null),
            (shipment.ShipmentId, shipment.ShippedAt, shipment.TrackingNumber));
        Assert.Equal("shipment.made:3:done", read.EventKey);
    }

    [Fact]
    public void A_time_far_ahead_counts_as_its_arrival()
    {
        var read = Opened.Understood(Events.Read(
            Deliveries.Receipt("", Done.Replace("01T11", "03T11", StringComparison.Ordinal))));

        Assert.Equal(Deliveries.Now, Assert.IsType<ShipmentMade>(read.Change).Shipment.ShippedAt);
    }

    [Theory]
    [InlineData("\"MUG\"", "null", "shipment.lines[0].sku is missing")]
    [InlineData("\"2.0\"", "\"2.5\"", "shipment.lines[0].quantity is 2.5; it must be a whole number")]
    [InlineData("\"2.0\"", "0", "shipment.lines has 0 units of one SKU: it must be 1 to 1000000")]
    [InlineData("acme-1-1", "theirs-1-1",
        "ignored: reference fits no configured storefront: an order of somebody else's")]
    [InlineData("done", "packed", "ignored: shipment 7 of acme-1-1 is packed: nothing has left")]
    public void What_is_no_parcel_of_ours_says_why(string from, string to, string why) => Assert.Equal(
        why, Opened.Reason(Events.Read(Deliveries.Receipt("", Done.Replace(from, to, StringComparison.Ordinal)))));
}
