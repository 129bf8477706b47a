using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>An event that says no more than where its order is.</summary>
public sealed class ElsewhereTests
{
    private const string Address = "https://shop.example/orders/A-1001?key=hush";

    private static readonly IWebhookSource Source = Open("""
        ,"Fetch":{"Hosts":["shop.example"]}
        """);

    [Fact]
    public void It_is_to_be_fetched()
    {
        var fetch = Assert.IsType<Reading.Fetch>(Read(null));

        Assert.Equal((new Uri(Address), null), (fetch.Address, fetch.Why));
        var view = ReadingView.Of(fetch);
        Assert.Equal(
            ("fetch", $"the order is fetched from {Address}, and what comes from there is read"),
            (view.Outcome, view.Reason));
    }

    [Fact]
    public void Lines_that_were_sent_all_the_same_are_read_and_nothing_is_fetched() =>
        Assert.IsType<OrderStated>(Opened.Understood(Source.Read(Deliveries.Receipt("", OrderSample.Event(
            "order.placed", OrderSample.Placed.Replace(
                "\"lines\"", $"\"resourceUrl\":\"{Address}\",\"lines\"", StringComparison.Ordinal))))).Change);

    [Fact]
    public void What_was_fetched_is_the_order_and_the_event_is_known_by_what_came()
    {
        var understood = Opened.Understood(Read(OrderSample.Placed));

        var stated = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("shop", "A-1001"), stated.Order);
        Assert.Equal(2, stated.Snapshot.Lines.Count);
        Assert.Equal("order.updated:d-1", understood.EventKey);
    }

    [Fact]
    public void Without_an_id_the_event_is_known_by_both_documents()
    {
        var keys = new[] { OrderSample.Placed, OrderSample.Placed, OrderSample.Placed + " " }
            .Select(document => Opened.Understood(Read(document, deliveryId: null)).EventKey).ToArray();

        Assert.Equal((true, false), (keys[0] == keys[1], keys[0] == keys[2]));
    }

    [Theory]
    [InlineData("\"orderId\":\"A-1001\"", "\"orderId\":\"A-1002\"", "orderId is another than that of the event")]
    [InlineData("\"lines\"", "\"rows\"", "lines is missing")]
    [InlineData("\"quantity\":2", "\"quantity\":-2", "lines[0].quantity is -2; it must not be negative")]
    [InlineData("2026-08-01T08:00:01.5Z", "2026-08-10T00:00:00Z",
        "updatedAt is more than a day ahead of its arrival")]
    public void A_fault_of_what_was_fetched_says_so(string before, string after, string reason) => Assert.Equal(
        $"what was fetched: {reason}",
        Opened.Reason(Read(OrderSample.Placed.Replace(before, after, StringComparison.Ordinal))));

    [Fact]
    public void Its_version_may_be_later_than_the_events_arrival_by_as_long_as_the_fetching_took() =>
        Opened.Understood(Read(
            OrderSample.Placed.Replace("2026-08-01T08:00:01.5Z", "2026-08-10T00:00:00Z", StringComparison.Ordinal),
            at: Deliveries.Now.AddDays(9)));

    [Theory]
    [InlineData("2026-08-01T08:00:01.9Z", false)]
    [InlineData("2026-08-01T08:00:02Z", true)]
    public void What_is_older_than_the_event_is_to_be_fetched_again(string updatedAt, bool again)
    {
        var reading = Read(OrderSample.Placed, updatedAt: updatedAt);

        Assert.Equal(
            again ? "what was fetched is older than the event's updatedAt" : null, (reading as Reading.Fetch)?.Why);
        Assert.Equal(again, reading is not Reading.Understood);
    }

    [Theory]
    [InlineData("https://evil.example/orders/1",
        "data.resourceUrl is at https://evil.example:443, which Fetch:Hosts does not name")]
    [InlineData("orders/1", "data.resourceUrl is no absolute address")]
    public void An_address_that_is_not_named_is_parked(string address, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read(null, address: address)));

    [Fact]
    public void A_source_that_names_no_host_fetches_nothing() => Assert.Equal(
        "data.resourceUrl is not fetched: the source has no Fetch:Hosts",
        Opened.Reason(Open("").Read(Receipt())));

    private static IWebhookSource Open(string more) => Opened.Source(
        "\"Kind\":\"StandardWebhooks\",\"Secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]" + more);

    private static Reading Read(
        string? fetched, string address = Address, string? updatedAt = null, string? deliveryId = "d-1",
        DateTimeOffset? at = null) => Source.Read(Receipt(address, updatedAt, deliveryId) with
        {
            Fetched = fetched is null
                ? null : new FetchedDocument(Encoding.UTF8.GetBytes(fetched), at ?? Deliveries.Now),
        });

    private static Receipt Receipt(string address = Address, string? updatedAt = null, string? deliveryId = "d-1") =>
        Deliveries.Receipt("", OrderSample.Event("order.updated", $$"""
            {"orderId":"A-1001",{{(updatedAt is null ? "" : $"\"updatedAt\":\"{updatedAt}\",")}}
             "resourceUrl":"{{address}}"}
            """), deliveryId);
}
