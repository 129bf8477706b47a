using System.Text;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

/// <summary>What each recorded body says.</summary>
public sealed class WooCommerceRecordingTests
{
    private static readonly DateTimeOffset Placed = new(2026, 11, 23, 16, 2, 44, TimeSpan.Zero);

    [Fact]
    public void The_created_order_becomes_its_snapshot()
    {
        var understood = Understood("order.created", "order.created");

        var stated = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("woo", "12"), stated.Order);
        Assert.Null(stated.RestoredAt);
        Assert.Null(understood.Note);
        var snapshot = stated.Snapshot;
        Assert.Equal((Placed, Placed, WooCommerceSample.Now),
            (snapshot.PlacedAt, snapshot.UpdatedAt, snapshot.TriggeredAt));
        Assert.Equal(("12", "Flat Rate"), (snapshot.Number, snapshot.ShippingMethod));
        Assert.Equal(Payment.Paid, snapshot.Payment);
        Assert.Equal((false, false, false, false),
            (snapshot.Held, snapshot.Cancelled, snapshot.AllGone, snapshot.HandedOver));
        Assert.Empty(snapshot.RefundIds!);
        Assert.Empty(snapshot.Fulfilments);
        Assert.Equal(
            [
                new() { LineId = "1", Sku = "IPOD2008PINK", Quantity = 2 },
                new() { LineId = "2", Sku = "M\u00DCS-L", Quantity = 1 },
            ],
            snapshot.Lines);
        Assert.Equal(
            new ShipTo
            {
                Name = "Zo\u00EB O'Neil-\u0141uk",
                Address1 = "969 Market",
                Address2 = "Apt 4",
                City = "San Francisco",
                Province = "CA",
                PostalCode = "94103",
                CountryCode = "US",
                Phone = "(555) 555-5555",
                Email = "zoe@example.com",
            },
            snapshot.ShipTo);
    }

    [Fact]
    public void One_body_is_one_event_under_each_topic_but_that_which_restores()
    {
        var created = Understood("order.created", "order.created").EventKey;
        Assert.StartsWith("order:sha256:", created, StringComparison.Ordinal);
        Assert.Equal(created, Understood("order.updated", "order.created").EventKey);
        Assert.StartsWith(
            "order.restored:sha256:", Understood("order.restored", "order.created").EventKey, StringComparison.Ordinal);
        Assert.NotEqual(
            created, Understood("order.created", "order.created-same-second-A").EventKey, StringComparer.Ordinal);
    }

    [Fact]
    public void A_paid_order_that_is_put_on_hold_is_held()
    {
        var snapshot = WooCommerceSample.Snapshot(WooCommerceSample.Body("order.updated-on-hold"));

        Assert.Equal((Payment.Paid, true, Placed.AddSeconds(1)),
            (snapshot.Payment, snapshot.Held, snapshot.UpdatedAt));
    }

    [Fact]
    public void A_cancelled_order_says_so_and_what_was_refunded_of_which_line()
    {
        var snapshot = WooCommerceSample.Snapshot(WooCommerceSample.Body("order.updated-cancelled"));

        Assert.True(snapshot.Cancelled);
        Assert.Equal("its status is cancelled", snapshot.CancelReason);
        Assert.Equal(["13"], snapshot.RefundIds!, StringComparer.Ordinal);
        Assert.Equal([1, 1], snapshot.Lines.Select(line => line.Quantity));
    }

    [Fact]
    public void A_deletion_is_a_deletion_under_its_own_topic_alone()
    {
        var body = WooCommerceSample.Body("order.deleted");
        var deletion = Assert.IsType<Reading.Understood>(WooCommerceSample.Read("order.deleted", body));
        Assert.Equal(new OrderTrashed(new OrderKey("woo", "12"), WooCommerceSample.Now), deletion.Change);

        Assert.Equal("status is missing", WooCommerceSample.Unreadable("order.updated", body));
        Assert.Equal("the body of order.deleted has more than an id: it belongs to another topic",
            WooCommerceSample.Unreadable("order.deleted", WooCommerceSample.Order));
    }

    [Fact]
    public void Each_deletion_of_an_order_is_an_event_of_its_own()
    {
        var body = WooCommerceSample.Body("order.deleted");
        var once = Deliveries.Receipt("order.deleted", body, null);
        var again = once with { Id = Guid.CreateVersion7(Deliveries.Now.AddDays(1)) };
        var shop = WooCommerceSample.Shop();

        Assert.Equal(KeyOf(once), KeyOf(once));
        Assert.NotEqual(KeyOf(once), KeyOf(again), StringComparer.Ordinal);

        string KeyOf(Receipt receipt) => Assert.IsType<Reading.Understood>(shop.Read(receipt)).EventKey;
    }

    [Fact]
    public void An_error_in_place_of_the_order_is_parked_with_the_shops_code() => Assert.Equal(
        "the shop sent an error in place of the order, woocommerce_rest_cannot_view: the order is gone, or the user "
        + "whose webhook it is may not read orders",
        WooCommerceSample.Unreadable("order.created", WooCommerceSample.Body("order.created-permission-error")));

    [Fact]
    public void A_code_that_is_no_code_is_not_repeated() => Assert.StartsWith(
        "the shop sent an error in place of the order: ",
        WooCommerceSample.Unreadable("order.created", """{"code":"Zoe Luk","data":null}"""u8.ToArray()),
        StringComparison.Ordinal);

    [Fact]
    public void The_stock_of_a_product_is_noted_and_never_counted()
    {
        Assert.Equal(
            "product IPOD2008PINK: the shop has 23 in stock; that is noted and never taken as a count, since the "
            + "warehouse counts",
            Ignored("product.updated", WooCommerceSample.Body("product.updated-stock")));
        Assert.Equal(
            "a product without a SKU: the shop does not manage its stock, and nothing else of a product concerns us",
            Ignored("product.created", """{"id":10,"manage_stock":"parent","stock_quantity":3}"""u8.ToArray()));
    }

    [Theory]
    [InlineData("product.deleted")]
    [InlineData("customer.created")]
    [InlineData("action.woocommerce_payment_complete")]
    public void Other_topics_are_ignored_by_name(string topic) => Assert.Equal(
        $"topic {topic} is not one that we act on", Ignored(topic, Encoding.UTF8.GetBytes("no JSON")));

    [Fact]
    public void Without_a_topic_nobody_can_say_what_it_is() => Assert.Equal(
        "X-WC-Webhook-Topic is missing, longer than 128 or not visible ASCII",
        WooCommerceSample.Unreadable("", WooCommerceSample.Order));

    private static string Ignored(string topic, byte[] body) =>
        Assert.IsType<Reading.Ignored>(WooCommerceSample.Read(topic, body)).Reason;

    private static Reading.Understood Understood(string topic, string recording) =>
        Assert.IsType<Reading.Understood>(WooCommerceSample.Read(topic, WooCommerceSample.Body(recording)));
}
