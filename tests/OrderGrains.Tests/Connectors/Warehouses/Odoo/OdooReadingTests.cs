using OrderGrains.Connectors.Warehouses.Odoo;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>Receipts of what was asked for.</summary>
public sealed class OdooReadingTests
{
    private const string Done = """
        {"shipment":{"name":"WH/OUT/00007","reference":"acme-1-1","state":"done","shippedAt":"2026-08-01T11:00:00Z",
         "at":"2026-08-01T11:01:00Z","open":0,"carrier":"Pigeon","trackingNumber":"1Z",
         "lines":[{"sku":"MUG","quantity":"2.0"},{"sku":"MUG","quantity":"1.0"},{"sku":"CAP","quantity":"1.0"}]}}
        """;

    private static readonly OdooEvents Events = new(new OdooEventsOptions { Warehouse = "odoo" }, ["acme"]);

    [Fact]
    public void A_delivery_has_Odoos_name_and_the_time_at_which_it_was_done()
    {
        var read = Opened.Understood(Events.Read(Deliveries.Receipt("", Done, "7:done:ab")));

        var parcel = Assert.IsType<ShipmentMade>(read.Change).Shipment;
        Assert.Equal(
            ("WH/OUT/00007", Deliveries.Now.AddHours(-1), "1Z"),
            (parcel.ShipmentId, parcel.ShippedAt, parcel.TrackingNumber));
        Assert.Equal([("CAP", 1), ("MUG", 3)], parcel.Lines.Select(line => (line.Sku!, line.Quantity)).Order());
        Assert.Equal("shipment.made:7:done:ab", read.EventKey);
    }

    [Fact]
    public void A_time_far_ahead_counts_as_its_arrival()
    {
        var read = Opened.Understood(Events.Read(
            Deliveries.Receipt("", Done.Replace("01T11:00", "03T11:00", StringComparison.Ordinal))));

        Assert.Equal(Deliveries.Now, Assert.IsType<ShipmentMade>(read.Change).Shipment.ShippedAt);
    }

    [Theory]
    [InlineData("\"CAP\"", "null", "shipment.lines[2].sku is missing")]
    [InlineData("\"2.0\"", "\"2.5\"", "shipment.lines[0].quantity is 2.5; it must be a whole number")]
    [InlineData("acme-1-1", "theirs-1-1",
        "ignored: reference fits no configured storefront: an order of somebody else's")]
    [InlineData("\"done\"", "\"assigned\"",
        "ignored: delivery WH/OUT/00007 of acme-1-1 is assigned: nothing has left")]
    public void What_is_no_parcel_of_ours_says_why(string from, string to, string why) => Assert.Equal(
        why, Opened.Reason(Events.Read(Deliveries.Receipt("", Done.Replace(from, to, StringComparison.Ordinal)))));
}
