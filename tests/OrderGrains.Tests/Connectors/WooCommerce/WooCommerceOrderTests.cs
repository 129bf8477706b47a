using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce;

public sealed class WooCommerceOrderTests
{
    private const string Paid = "paid";
    private const string Unpaid = "unpaid";

    [Theory]
    [InlineData("pending", Unpaid, "Pending")]
    [InlineData("pending", Paid, "Paid held")]
    [InlineData("on-hold", Unpaid, "Pending")]
    [InlineData("on-hold", Paid, "Paid held")]
    [InlineData("failed", Unpaid, "Pending")]
    [InlineData("processing", Paid, "Paid")]
    [InlineData("processing", Unpaid, "Paid")] // Payment on delivery.
    [InlineData("PROCESSING", Paid, "Paid")]
    [InlineData("completed", Paid, "Paid gone")]
    [InlineData("cancelled", Unpaid, "Pending cancelled")]
    [InlineData("cancelled", Paid, "Paid cancelled")]
    [InlineData("trash", Paid, "Paid cancelled")]
    [InlineData("refunded", Paid, "Ended")]
    public void A_status_says_what_is_sent(string status, string paid, string meaning) =>
        Assert.Equal(meaning, Meaning(WooCommerceSample.Snapshot(InStatus(status, paid))));

    [Theory]
    [InlineData(StatusMeaning.Unpaid, Unpaid, "Pending")]
    [InlineData(StatusMeaning.Ship, Unpaid, "Paid")]
    [InlineData(StatusMeaning.Hold, Unpaid, "Pending held")]
    [InlineData(StatusMeaning.Hold, Paid, "Paid held")]
    [InlineData(StatusMeaning.Done, Unpaid, "Paid gone")]
    [InlineData(StatusMeaning.Cancel, Paid, "Paid cancelled")]
    [InlineData(StatusMeaning.Refund, Paid, "Ended")]
    public void The_configuration_says_what_a_status_of_a_plugin_means(
        StatusMeaning configured, string paid, string meaning)
    {
        foreach (var written in (string[])["in-transit", "wc-In-Transit"])
        {
            var shop = WooCommerceSample.Shop(options => options.Statuses[written] = configured);
            Assert.Equal(meaning, Meaning(WooCommerceSample.Snapshot(InStatus("in-transit", paid), shop)));
        }
    }

    [Fact]
    public void The_configuration_comes_before_the_shops_own_table()
    {
        var shop = WooCommerceSample.Shop(options => options.Statuses["completed"] = StatusMeaning.Ship);

        Assert.Equal("Paid", Meaning(WooCommerceSample.Snapshot(InStatus("completed", Paid), shop)));
    }

    [Fact]
    public void A_status_that_nobody_knows_is_parked_with_the_setting_that_can_say_it() => Assert.Equal(
        "status in-transit is not known: the source's setting Statuses can say what it means",
        WooCommerceSample.Unreadable("order.updated", InStatus("in-transit", Paid)));

    [Theory]
    [InlineData("checkout-draft")]
    [InlineData("auto-draft")]
    [InlineData("draft")]
    [InlineData("new")]
    public void What_is_no_order_yet_is_ignored(string status) => Assert.Equal(
        new Reading.Ignored($"an order in status {status} counts for nothing (Statuses)"),
        WooCommerceSample.Read("order.updated", InStatus(status, Unpaid)));

    [Theory]
    [InlineData("[]", HandedOver.Hold, false, true)]
    [InlineData("""[{"method_id":"local_pickup"}]""", HandedOver.Hold, true, true)]
    [InlineData("""[{"method_id":"pickup_location"}]""", HandedOver.Hold, true, true)]
    [InlineData("""[{"method_id":"pickup_location"}]""", HandedOver.Release, false, true)]
    [InlineData("""[{"method_id":"pickup_location"}]""", HandedOver.Ignore, false, false)]
    [InlineData("""[{"method_id":"flat_rate"},{"method_id":"local_pickup"}]""", HandedOver.Hold, false, true)]
    public void What_is_picked_up_is_held_or_not_sent(string methods, HandedOver rule, bool held, bool shippable)
    {
        var shop = WooCommerceSample.Shop(options => options.HandedOver = rule);
        var snapshot = WooCommerceSample.Snapshot(WooCommerceSample.With(("shipping_lines", methods)), shop);

        Assert.Equal(held, snapshot.HandedOver);
        Assert.All(snapshot.Lines, line => Assert.Equal(shippable, line.Shippable));
    }

    [Fact]
    public void What_is_sold_at_a_point_of_sale_is_handed_over() => Assert.True(WooCommerceSample.Snapshot(
        WooCommerceSample.With(("created_via", "\"pos-rest-api\""))).HandedOver);

    [Fact]
    public void Times_are_those_of_Greenwich_and_one_that_names_its_zone_is_believed()
    {
        var snapshot = WooCommerceSample.Snapshot(WooCommerceSample.With(
            ("date_created", "\"2026-11-23T08:00:00\""), ("date_created_gmt", "\"2026-11-23T16:00:00\""),
            ("date_modified", "\"2026-11-23T09:00:00\""), ("date_modified_gmt", "\"2026-11-23T19:00:00+02:00\"")));

        Assert.Equal(new DateTimeOffset(2026, 11, 23, 16, 0, 0, TimeSpan.Zero), snapshot.PlacedAt);
        Assert.Equal(new DateTimeOffset(2026, 11, 23, 17, 0, 0, TimeSpan.Zero), snapshot.UpdatedAt);
        Assert.Equal(snapshot.PlacedAt, WooCommerceSample.Snapshot(WooCommerceSample.With(
            ("date_created_gmt", "\"2026-11-23T16:00:00\""), ("date_modified_gmt", "null"))).UpdatedAt);
    }

    [Fact]
    public void A_restored_order_was_restored_when_it_came()
    {
        var modified = WooCommerceSample.Snapshot(WooCommerceSample.Order).UpdatedAt;
        Assert.Equal(modified.AddMinutes(4), Restored(modified.AddMinutes(4)));
        Assert.Equal(modified.AddHours(-1), Restored(modified.AddHours(-1)));
        // Changed long before: a body of before the deletion, sent again under another topic.
        Assert.Equal(modified.AddMinutes(5), Restored(modified.AddDays(1)));

        static DateTimeOffset? Restored(DateTimeOffset at) => Assert.IsType<OrderStated>(
            Assert.IsType<Reading.Understood>(
                WooCommerceSample.Read("order.restored", WooCommerceSample.Order, at: at)).Change).RestoredAt;
    }

    [Fact]
    public void The_phone_of_the_billing_address_serves_where_the_shipping_address_has_none()
    {
        Assert.Equal("(555) 555-5555", Phone());
        Assert.Equal("+1 555 0100", Phone(("shipping/phone", "\"+1 555 0100\"")));
        Assert.Null(Phone(("billing", null)));

        static string? Phone(params (string, string?)[] changes) =>
            WooCommerceSample.Snapshot(WooCommerceSample.With(changes)).ShipTo!.Phone;
    }

    [Fact]
    public void An_order_has_the_number_that_a_plugin_gives_it_and_the_id_of_the_shop()
    {
        var body = WooCommerceSample.With(("id", "9007199254740993"), ("number", "\"WEB-7\""));
        var stated = Assert.IsType<OrderStated>(
            Assert.IsType<Reading.Understood>(WooCommerceSample.Read("order.created", body)).Change);

        Assert.Equal(("9007199254740993", "WEB-7"), (stated.Order.OrderId, stated.Snapshot.Number));
        Assert.Equal("#12", WooCommerceSample.Snapshot(WooCommerceSample.With(("number", null))).Number);
    }

    private static byte[] InStatus(string status, string paid) => WooCommerceSample.With(
        ("status", $"\"{status}\""), ("date_paid_gmt", paid == Paid ? "\"2026-11-23T16:02:44\"" : "null"));

    private static string Meaning(OrderSnapshot snapshot) => snapshot.Payment
        + (snapshot.Held ? " held" : "") + (snapshot.Cancelled ? " cancelled" : "")
        + (snapshot.AllGone ? " gone" : "");
}
