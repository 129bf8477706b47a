using System.Text;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>What arrives at noon, and when it says that it was.</summary>
public sealed class SenderTimeTests
{
    private static readonly WarehouseSource Source = Deliveries.Wms("hush", "acme");

    [Theory]
    [InlineData("2026-08-01T12:05:00Z", "12:05:00", null)]
    [InlineData("2026-08-01T14:05:00+02:00", "12:05:00", null)]
    [InlineData("2026-07-31T12:00:00Z", "-12:00:00", null)]
    [InlineData("2026-08-01T12:05:01Z", "12:00:00",
        "@ 2026-08-01T12:05:01Z is 5 min ahead of its arrival and counts as of the arrival: "
        + "local time written as UTC?")]
    [InlineData("2026-08-01T20:00:00.5Z", "12:00:00",
        "@ 2026-08-01T20:00:00Z is 8 h ahead of its arrival and counts as of the arrival: local time written as UTC?")]
    [InlineData("2026-08-01T17:30:00Z", "12:00:00",
        "@ 2026-08-01T17:30:00Z is 5.5 h ahead of its arrival and counts as of the arrival: "
        + "local time written as UTC?")]
    [InlineData("2026-08-02T12:00:00Z", "12:00:00",
        "@ 2026-08-02T12:00:00Z is 24 h ahead of its arrival and counts as of the arrival")]
    [InlineData("2027-08-01T12:00:00Z", "12:00:00",
        "@ 2027-08-01T12:00:00Z is 365 days ahead of its arrival and counts as of the arrival")]
    public void A_time_that_has_not_come_counts_as_of_the_arrival(string written, string ofDay, string? note)
    {
        var counts = Deliveries.Now.Date + TimeSpan.Parse(ofDay);

        foreach (var (time, (name, said)) in Read($"\"{written}\""))
            Assert.Equal((counts, note?.Replace("@", name, StringComparison.Ordinal)), (time.UtcDateTime, said));
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    public void A_time_that_is_missing_is_that_of_the_arrival_and_only_a_shipment_needs_no_word_of_it(string json)
    {
        foreach (var (time, (name, said)) in Read(json))
        {
            Assert.Equal(Deliveries.Now, time);
            Assert.Equal(name == "shippedAt" ? null : $"{name} is missing and counts as of the arrival", said);
        }
    }

    [Theory]
    [InlineData("\"today\"", "is no ISO 8601 time")]
    [InlineData("\"2026-08-01T12:00:00\"", "has no time zone")]
    [InlineData("1785585600", "is no ISO 8601 time")]
    public void A_time_that_is_none_is_a_fault(string json, string rule)
    {
        foreach (var (type, name, data) in Events(json))
            Assert.Equal(new Reading.Unreadable($"data.{name} {rule}"), Read(type, data));
    }

    private static (string Type, string Name, string Data)[] Events(string time) =>
    [
        ("shipment.created", "shippedAt", $$"""
            {"reference":"acme-1-1","shipmentId":"S","lines":[{"lineId":"1","quantity":1}],"shippedAt":{{time}}}
            """),
        ("stock.counted", "asOf", $$"""{"location":"east","items":[],"asOf":{{time}}}"""),
        ("stock.adjusted", "at", $$"""{"location":"east","adjustmentId":"1","sku":"A","delta":1,"at":{{time}}}"""),
    ];

    private static IEnumerable<(DateTimeOffset Time, (string Name, string? Note) Said)> Read(string time)
    {
        foreach (var (type, name, data) in Events(time))
        {
            var read = Assert.IsType<Reading.Understood>(Read(type, data));
            yield return (read.Change switch
            {
                ShipmentMade made => made.Shipment.ShippedAt,
                StockCounted counted => counted.AsOf,
                StockAdjusted adjusted => adjusted.At,
                _ => default,
            }, (name, read.Note));
        }
    }

    private static Reading Read(string type, string data) => Source.Read(
        Deliveries.Receipt("", Encoding.UTF8.GetBytes($$"""{"type":"{{type}}","data":{{data}}}""")));
}
