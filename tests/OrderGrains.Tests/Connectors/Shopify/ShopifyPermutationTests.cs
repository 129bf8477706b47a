using System.Globalization;
using System.Text;
using OrderGrains.Orders;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>The events of one order, in every order of their coming and each of them twice, end the same.</summary>
public sealed class ShopifyPermutationTests
{
    private const string Gone = """{"id":7,"status":"success","line_items":[{"id":1,"quantity":2}]}""";

    private const string Refund =
        """{"id":9,"refund_line_items":[{"id":1,"line_item_id":1,"quantity":1,"restock_type":"cancel"}]}""";

    private static readonly DateTimeOffset Noon = new(2026, 7, 31, 12, 0, 0, TimeSpan.Zero);

    private static readonly OrderChange Created = Order(0, ("financial_status", "\"pending\""));
    private static readonly OrderChange Paid = Order(1);
    private static readonly OrderChange GoneParcels = Fulfilment("fulfillments/create", 3, "success");
    private static readonly OrderChange TakenBack = Fulfilment("fulfillments/update", 5, "cancelled");

    private static readonly OrderChange Cancelled =
        Order(6, ("cancelled_at", $"\"{Time(6)}\""), ("cancel_reason", "\"customer\""));

    private static readonly OrderChange Refunded = Read("refunds/create", $$"""
        {"id":9,"order_id":820982911946154508,"created_at":"{{Time(3)}}","refund_line_items":[
        {"id":1,"line_item_id":1,"quantity":1,"restock_type":"cancel"}]}
        """);

    private static readonly OrderChange Edited = Read("orders/edited", $$$"""
        {"order_edit":{"id":5,"order_id":820982911946154508,"committed_at":"{{{Time(3)}}}",
        "line_items":{"additions":[{"id":1,"delta":2}],"removals":[]} } }
        """);

    private static readonly OrderChange Deleted = Read("orders/delete", """{"id":820982911946154508}""");

    public static TheoryData<string> Lives =>
    [
        "paid", "edited", "refunded", "fulfilled elsewhere", "fulfilled elsewhere, and only the parcel is told of",
        "taken back", "taken back, and only the order tells of it", "taken back in one second",
        "taken back, and sent again", "cancelled", "deleted",
    ];

    [Theory]
    [MemberData(nameof(Lives))]
    public void Every_permutation_and_duplication_of_a_life_ends_the_same(string name)
    {
        var (life, status, atWarehouse) = Life(name);
        EveryOrder.EndsAs(life, status, atWarehouse);
    }

    private static (OrderChange[] Life, OrderStatus Status, int AtWarehouse) Life(string name) => name switch
    {
        "paid" => ([Created, Paid], OrderStatus.Released, 3),
        "edited" => ([Created, Paid, Edited, Order(4, ("line_items/0/current_quantity", "4"),
            ("line_items/0/quantity", "4"))], OrderStatus.Released, 5),
        "refunded" => (
            [
                Created, Paid, Refunded,
                Order(3, ("line_items/0/current_quantity", "1"), ("refunds", $"[{Refund}]")),
            ], OrderStatus.Released, 2),
        "fulfilled elsewhere" =>
            ([Created, Paid, GoneParcels, Order(3, ("fulfillments", $"[{Gone}]"))], OrderStatus.PartiallyShipped, 1),
        "fulfilled elsewhere, and only the parcel is told of" =>
            ([Created, Paid, GoneParcels], OrderStatus.PartiallyShipped, 1),
        "taken back" => (
            [
                Paid, GoneParcels, Order(3, ("fulfillments", $"[{Gone}]")), TakenBack,
                Order(5, ("fulfillments", $"[{Gone.Replace("success", "cancelled", StringComparison.Ordinal)}]")),
            ], OrderStatus.Released, 3),
        "taken back, and only the order tells of it" => ([Paid, GoneParcels, Order(5)], OrderStatus.Released, 3),
        "taken back in one second" => (
            [Created, Paid, GoneParcels, Fulfilment("fulfillments/update", 3, "cancelled")], OrderStatus.Released, 3),
        // The parcel that went later is another one.
        "taken back, and sent again" => (
            [Paid, GoneParcels, TakenBack, Fulfilment("fulfillments/create", 6, "success", id: 8)],
            OrderStatus.PartiallyShipped, 1),
        "cancelled" => ([Created, Paid, Cancelled], OrderStatus.Cancelled, 0),
        _ => ([Created, Paid, Deleted], OrderStatus.Cancelled, 0),
    };

    /// <summary>The order so many seconds after its placement: 2 units of one line, 1 of another.</summary>
    private static OrderChange Order(int second, params (string Path, string Json)[] changes) =>
        Read("orders/updated", Encoding.UTF8.GetString(AlteredJson.Of(
            ShopifySample.With(
                ("id", "820982911946154508"), ("admin_graphql_api_id", null), ("financial_status", "\"paid\""),
                ("created_at", $"\"{Time(0)}\""), ("updated_at", $"\"{Time(second)}\""), ("cancelled_at", "null"),
                ("closed_at", "null"), ("fulfillments", "[]"), ("refunds", "[]"), ("line_items", """
                    [{"id":1,"sku":"MUG","quantity":2,"current_quantity":2,"requires_shipping":true},
                     {"id":2,"sku":"CAP","quantity":1,"current_quantity":1,"requires_shipping":true}]
                    """)),
            [.. changes.Select(change => (change.Path, (string?)change.Json))])));

    private static OrderChange Fulfilment(string topic, int second, string status, int id = 7) => Read(topic, $$"""
        {"id":{{id}},"order_id":820982911946154508,"status":"{{status}}","updated_at":"{{Time(second)}}",
        "tracking_number":null,"line_items":[{"id":1,"quantity":2}]}
        """);

    private static OrderChange Read(string topic, string body) =>
        (OrderChange)Assert.IsType<Reading.Understood>(ShopifySample.Read(topic, body)).Change;

    private static string Time(int second) =>
        Noon.AddSeconds(second).ToString("yyyy-MM-dd'T'HH:mm:ssK", CultureInfo.InvariantCulture);
}
