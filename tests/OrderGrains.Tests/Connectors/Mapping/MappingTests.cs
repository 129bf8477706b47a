using System.Text;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Connectors.Mapping.MappingSample;

namespace OrderGrains.Tests.Connectors.Mapping;

/// <summary>Others' JSON and XML become our own form, by a file.</summary>
public sealed class MappingTests
{
    [Fact]
    public void An_order_in_the_shops_own_JSON_becomes_one_of_ours()
    {
        var understood = Opened.Understood(Read(JsonRules, Order));

        var order = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("shop", "9007199254740993"), order.Order);
        Assert.Equal("R-7", order.Snapshot.Number);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 30, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 8, 0, 0, 250, TimeSpan.Zero), order.Snapshot.UpdatedAt);
        Assert.Equal(Payment.Paid, order.Snapshot.Payment);
        Assert.Equal(
            [
                new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 2 },
                new SnapshotLine { LineId = "2", Sku = "PDF", Quantity = 1, Shippable = false },
            ],
            order.Snapshot.Lines);
        Assert.Equal(
            ("Ada Marsh", "Weidenweg 12", "DE"),
            (order.Snapshot.ShipTo!.Name, order.Snapshot.ShipTo.Address1, order.Snapshot.ShipTo.CountryCode));
        Assert.Equal("order.updated:d-1", understood.EventKey);
    }

    [Fact]
    public void An_order_in_XML_becomes_one_of_ours()
    {
        var order = Assert.IsType<OrderStated>(Opened.Understood(Read(XmlRules, XmlOrder)).Change);

        Assert.Equal("X-1", order.Order.OrderId);
        Assert.Equal(new DateTimeOffset(2026, 8, 1, 10, 0, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
        Assert.Equal(Deliveries.Now, order.Snapshot.UpdatedAt);
        Assert.Equal(
            [
                new SnapshotLine { LineId = "1", Sku = "MUG & CO", Quantity = 3 },
                new SnapshotLine { LineId = "2", Sku = "POT", Quantity = 1 },
            ],
            order.Snapshot.Lines);
    }

    [Fact]
    public void The_first_rule_that_fits_counts_and_what_fits_none_is_ignored()
    {
        Assert.Equal(
            "too late",
            Assert.IsType<OrderCancelled>(Opened.Understood(Read(
                JsonRules, """{"event":"order.dropped","order":{"id":"7","why":"too late"}}""")).Change).Said);
        Assert.Equal("ignored: stock is what the warehouse counts", Reason("""{"event":"stock"}"""));
        Assert.Equal("ignored: no rule of the mapping fits", Reason("""{"event":"other"}"""));
        Assert.Equal("ignored: no rule of the mapping fits", Reason(With("\"id\"", "\"test\":true,\"id\"")));
        Opened.Understood(Read(JsonRules, With("\"id\"", "\"test\":false,\"id\"")));
    }

    [Theory]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":\"2026-08-01\"",
        "placedAt (order/created) is no time: expected dd.MM.yyyy HH:mm")]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":\"29.03.2026 02:30\"",
        "placedAt (order/created) is no time: expected dd.MM.yyyy HH:mm")]
    [InlineData("\"created\":\"01.08.2026 10:30\"", "\"created\":null", "placedAt is missing")]
    [InlineData("\"changed\":1785571200.25", "\"changed\":1e99", "updatedAt (order/changed) is no time: expected unix")]
    [InlineData("\"changed\":1785571200.25", "\"changed\":9999999999999999999999999",
        "updatedAt (order/changed) is no time: expected unix")]
    [InlineData("Deutschland", "Atlantis", "countryCode (order/ship/country) has a value that its map does not have")]
    [InlineData("\"2.000\"", "\"2.5\"", "lines[0].quantity is 2.5; it must be a whole number")]
    [InlineData("\"items\":[", "\"items\":[{},", "lines[0].lineId is missing")]
    [InlineData("\"items\":", "\"articles\":", "lines is missing")]
    public void What_does_not_fit_is_named_by_our_field_and_by_theirs(string before, string after, string reason) =>
        Assert.Equal(reason, Reason(With(before, after)));

    [Fact]
    public void Lines_without_number_are_not_translated()
    {
        static string Items(int more) =>
            With("\"items\":[", $"\"items\":[{string.Concat(Enumerable.Repeat("{},", more))}");

        Assert.Equal("lines (order/items) has more than 1000 entries", Reason(Items(999)));
        Assert.Equal("lines[0].lineId is missing", Reason(Items(998)));
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    public void A_payment_of_which_the_sender_says_nothing_is_not_paid(string state) => Assert.Equal(
        Payment.Pending,
        Assert.IsType<OrderStated>(Opened.Understood(Read(JsonRules, With("\"captured\"", state))).Change)
            .Snapshot.Payment);

    [Fact]
    public void An_hour_that_comes_twice_is_the_first_of_the_two()
    {
        var order = Assert.IsType<OrderStated>(Opened.Understood(
            Read(JsonRules, With("01.08.2026 10:30", "25.10.2026 02:30"))).Change);

        Assert.Equal(new DateTimeOffset(2026, 10, 25, 0, 30, 0, TimeSpan.Zero), order.Snapshot.PlacedAt);
    }

    [Theory]
    [InlineData("<!DOCTYPE a [<!ENTITY e SYSTEM \"file:///etc/passwd\">]><a>&e;</a>")]
    [InlineData("<!DOCTYPE a><a/>")]
    [InlineData("<a>&e;</a>")]
    [InlineData("<a><b></a>")]
    [InlineData("{}")]
    public void XML_has_no_document_type_and_no_entities(string body) => Assert.StartsWith(
        "the body is not XML without a DTD", Opened.Reason(Read(XmlRules, body)), StringComparison.Ordinal);

    [Fact]
    public void XML_is_bounded_in_depth() => Assert.Equal(
        "the body is nested deeper than 64",
        Opened.Reason(Read(XmlRules, $"{string.Concat(Enumerable.Repeat("<a>", 100_000))}")));

    private static string With(string before, string after)
    {
        Assert.Contains(before, Order, StringComparison.Ordinal);
        return Order.Replace(before, after, StringComparison.Ordinal);
    }

    private static string Reason(string body) => Opened.Reason(Read(JsonRules, body));

    private static Reading Read(string rules, string body) =>
        Parse(rules).Read("shop", Deliveries.Receipt("", body));

    private static EventMapping Parse(string rules)
    {
        var mistakes = new List<string>();
        var mapping = MappingFile.Parse(Encoding.UTF8.GetBytes(rules), mistakes.Add);
        Assert.Empty(mistakes);
        return mapping!;
    }
}
