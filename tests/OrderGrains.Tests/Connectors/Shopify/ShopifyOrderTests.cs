using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

public sealed class ShopifyOrderTests
{
    [Fact]
    public void The_sample_order_becomes_its_snapshot_digit_for_digit()
    {
        var understood = Assert.IsType<Reading.Understood>(ShopifySample.Read("orders/create", ShopifySample.Order));

        var stated = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal("orders/create:d-1", understood.EventKey);
        Assert.Equal(new OrderKey("acme", "450789469"), stated.Order);
        var snapshot = stated.Snapshot;
        var noon = new DateTimeOffset(2008, 1, 10, 16, 0, 0, TimeSpan.Zero);
        Assert.Equal((noon, noon), (snapshot.PlacedAt, snapshot.UpdatedAt));
        Assert.Equal(TimeSpan.Zero, snapshot.UpdatedAt.Offset);
        Assert.Equal("#1001", snapshot.Number);
        Assert.Equal(Payment.Paid, snapshot.Payment);
        Assert.False(snapshot.Cancelled);
        Assert.Null(snapshot.CancelReason);
        Assert.False(snapshot.Held);
        Assert.Equal("Free Shipping", snapshot.ShippingMethod);
        Assert.Equal(["509562969"], snapshot.RefundIds!);
        Assert.Equal(
            [
                new() { LineId = "466157049", Sku = "IPOD2008GREEN", Quantity = 0 },
                new() { LineId = "518995019", Sku = "IPOD2008RED", Quantity = 1 },
                new() { LineId = "703073504", Sku = "IPOD2008BLACK", Quantity = 0 },
            ],
            snapshot.Lines);
        Assert.Equal(
            new ShipTo
            {
                Name = "Bob Norman",
                Address1 = "Chestnut Street 92",
                City = "Louisville",
                Province = "Kentucky",
                PostalCode = "40202",
                CountryCode = "US",
                Phone = "+1(502)-459-2181",
                Email = "bob.norman@mail.example.com",
            },
            snapshot.ShipTo);
    }

    [Theory]
    [InlineData("820982911946154508")]
    [InlineData("\"820982911946154508\"")]
    public void An_id_beyond_2_to_the_53_keeps_its_digits(string id)
    {
        var body = ShopifySample.With(("id", id), ("line_items/0/id", id), ("refunds/0/id", id));

        var understood = Assert.IsType<Reading.Understood>(ShopifySample.Read("orders/create", body));

        var stated = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal("820982911946154508", stated.Order.OrderId);
        Assert.Equal("820982911946154508", stated.Snapshot.Lines[0].LineId);
        Assert.Equal(["820982911946154508"], stated.Snapshot.RefundIds!);
    }

    [Theory]
    [InlineData("\"paid\"", Payment.Paid)]
    [InlineData("\"partially_refunded\"", Payment.Paid)]
    [InlineData("\"partially_paid\"", Payment.Pending)]
    [InlineData("\"authorized\"", Payment.Pending)]
    [InlineData("\"pending\"", Payment.Pending)]
    [InlineData("\"refunded\"", Payment.Ended)]
    [InlineData("\"voided\"", Payment.Ended)]
    [InlineData("\"expired\"", Payment.Ended)]
    [InlineData("null", Payment.Pending)]
    public void The_financial_status_tells_where_the_money_is(string status, Payment payment) =>
        Assert.Equal(payment, ShopifySample.Snapshot(ShopifySample.With("financial_status", status)).Payment);

    [Theory]
    [InlineData("orders/create")]
    [InlineData("orders/updated")]
    [InlineData("orders/paid")]
    [InlineData("orders/cancelled")]
    [InlineData("orders/fulfilled")]
    [InlineData("orders/partially_fulfilled")]
    public void A_body_means_the_same_under_each_topic_that_it_is_replayed_under(string topic)
    {
        var unpaid = ShopifySample.Snapshot(ShopifySample.With("financial_status", "\"pending\""), topic);
        Assert.Equal(Payment.Pending, unpaid.Payment);
        Assert.False(unpaid.Cancelled);

        var cancelled = ShopifySample.Snapshot(
            ShopifySample.With(
                ("cancelled_at", "\"2008-01-11T00:00:00+01:00\""), ("cancel_reason", "\"customer\"")), topic);
        Assert.True(cancelled.Cancelled);
        Assert.Equal("customer", cancelled.CancelReason);
    }

    [Theory]
    [InlineData("orders/delete")]
    [InlineData("orders/edited")]
    [InlineData("refunds/create")]
    public void A_whole_order_replayed_under_a_topic_of_another_shape_is_unreadable(string topic) =>
        Assert.NotEmpty(ShopifySample.Unreadable(topic, ShopifySample.Order));

    [Fact]
    public void A_fulfilment_a_refund_or_a_draft_is_no_whole_order()
    {
        // Each is the sample, whole but for what tells the others apart.
        Assert.Equal(
            "the body is not a whole order: it has order_id",
            ShopifySample.Unreadable("orders/create", ShopifySample.With("order_id", "null")));
        Assert.Equal(
            "the body is not a whole order: it has neither financial_status nor order_number",
            ShopifySample.Unreadable(
                "orders/create", ShopifySample.With(("financial_status", null), ("order_number", null))));
        Assert.Equal(
            "admin_graphql_api_id is not that of an order",
            ShopifySample.Unreadable(
                "orders/create", ShopifySample.With("admin_graphql_api_id", "\"gid://shopify/DraftOrder/1\"")));
    }

    [Fact]
    public void Without_an_address_there_is_none_to_ship_to()
    {
        Assert.Null(ShopifySample.Snapshot(ShopifySample.With("shipping_address", "null")).ShipTo);
        Assert.Null(ShopifySample.Snapshot(ShopifySample.With("shipping_address", null)).ShipTo);
    }

    [Fact]
    public void What_the_address_lacks_is_taken_from_beside_it()
    {
        var shipTo = ShopifySample.Snapshot(ShopifySample.With(
            ("shipping_address/name", "null"), ("shipping_address/phone", "\" \""),
            ("shipping_address/province", "null"), ("email", "\"\""))).ShipTo!;

        Assert.Equal("Bob Norman", shipTo.Name);
        Assert.Equal("+557734881234", shipTo.Phone);
        Assert.Equal("KY", shipTo.Province);
        Assert.Equal("bob.norman@mail.example.com", shipTo.Email);
    }

    [Fact]
    public void Control_characters_in_an_address_become_spaces() => Assert.Equal(
        "1 High Street  Flat 2",
        ShopifySample.Snapshot(
            ShopifySample.With("shipping_address/address1", """ "1 High Street\r\tFlat 2" """)).ShipTo!.Address1);

    [Fact]
    public void The_number_falls_back_on_order_number_and_the_method_may_be_absent()
    {
        var snapshot = ShopifySample.Snapshot(ShopifySample.With(("name", "null"), ("shipping_lines", "[]")));

        Assert.Equal("#1001", snapshot.Number);
        Assert.Null(snapshot.ShippingMethod);
    }

    [Fact]
    public void Without_a_delivery_id_the_digest_of_the_body_is_the_event()
    {
        var understood = Assert.IsType<Reading.Understood>(
            ShopifySample.Read("orders/paid", ShopifySample.Order, deliveryId: null));

        Assert.StartsWith("orders/paid:sha256:", understood.EventKey, StringComparison.Ordinal);
        Assert.Equal("orders/paid:sha256:".Length + 64, understood.EventKey.Length);
    }

    [Fact]
    public void A_deletion_is_a_bare_body()
    {
        var understood = Assert.IsType<Reading.Understood>(
            ShopifySample.Read("orders/delete", """{"id":820982911946154508}"""));

        Assert.Equal(
            new OrderCancelled(new OrderKey("acme", "820982911946154508"), "deleted in the storefront"),
            understood.Change);
        Assert.IsType<Reading.Unreadable>(ShopifySample.Read("orders/delete", """{"id":1,"created_at":null}"""));
    }

    [Fact]
    public void A_shop_that_is_gone_is_left_to_a_person() => Assert.Contains(
        "erase all orders", ShopifySample.Unreadable("shop/redact", "{}"u8.ToArray()), StringComparison.Ordinal);

    /// <summary>The topic is not signed: the name of the list in the body tells one request from the other.</summary>
    [Fact]
    public void A_buyer_who_asks_is_known_by_orders_and_address_and_never_by_the_wrong_request()
    {
        const string customer = """ "customer":{"id":7,"email":"ada@example.net","phone":"555"} """;
        var asked = $$"""{"orders_requested":[299938,"280263"],{{customer}}}""";
        var erased = $$"""{"orders_to_redact":[],{{customer}}}""";

        var copy = Assert.IsType<BuyerAsked>(Change("customers/data_request", asked)).Buyer;
        Assert.Equal(["299938", "280263"], copy.OrderIds);
        Assert.Equal("ada@example.net", copy.Email);
        Assert.DoesNotContain("ada", copy.ToString(), StringComparison.Ordinal);
        Assert.Empty(Assert.IsType<BuyerErased>(Change("customers/redact", erased)).Buyer.OrderIds);

        Assert.Equal("orders_to_redact is missing", Unreadable("customers/redact", asked));
        Assert.Equal("orders_requested is missing", Unreadable("customers/data_request", erased));
        Assert.Equal("orders_to_redact[1] must be made of digits",
            Unreadable("customers/redact", """{"orders_to_redact":[1,"x"]}"""));
        Assert.Equal("orders_to_redact is a JSON object, expected an array",
            Unreadable("customers/redact", """{"orders_to_redact":{}}"""));

        static Change Change(string topic, string body) =>
            Assert.IsType<Reading.Understood>(ShopifySample.Read(topic, body)).Change;

        static string Unreadable(string topic, string body) =>
            Assert.IsType<Reading.Unreadable>(ShopifySample.Read(topic, body)).Reason;
    }

    [Fact]
    public void Other_topics_are_ignored_and_none_at_all_is_unreadable()
    {
        Assert.Equal(
            new Reading.Ignored("topic carts/update is not one that we act on"),
            ShopifySample.Read("carts/update", "{}"));
        Assert.Contains(
            "X-Shopify-Topic", ShopifySample.Unreadable("", ShopifySample.Order), StringComparison.Ordinal);
    }
}
