using System.Text;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>Shopify's example of each topic that we know, in each version of its API, byte for byte.</summary>
public sealed class ShopifyExampleTests
{
    private const string OrderId = "820982911946154500";

    private static readonly string[] Versions =
        ["2025-01", "2025-04", "2025-07", "2025-10", "2026-01", "2026-04", "2026-07"];

    private static readonly string[] WholeOrders =
    [
        "orders/create", "orders/updated", "orders/paid", "orders/cancelled", "orders/fulfilled",
        "orders/partially_fulfilled",
    ];

    /// <summary>Topics that act, by the shape of their bodies.</summary>
    private static readonly string[][] Shapes =
    [
        WholeOrders, ["orders/edited"], ["orders/delete"], ["refunds/create"],
        ["fulfillments/create", "fulfillments/update"],
    ];

    private static readonly ShopifySource Source =
        new("acme", new ShopifyOptions { Secrets = ["hush"], TestOrders = TestOrders.Release });

    /// <summary>What becomes of each; of fulfilments, since the examples of them have not gone yet.</summary>
    public static TheoryData<string, string> Topics => new()
    {
        { "orders/create", $"states {OrderId}" },
        { "orders/updated", $"states {OrderId}" },
        { "orders/paid", $"states {OrderId}" },
        { "orders/cancelled", $"states {OrderId}" },
        { "orders/fulfilled", $"states {OrderId}" },
        { "orders/partially_fulfilled", $"states {OrderId}" },
        { "orders/edited", $"amends {OrderId} by 78643924236718240 +1, 487817672276298560 -1" },
        { "orders/delete", $"cancels {OrderId}" },
        { "refunds/create", $"amends {OrderId} by 487817672276298560 -1" },
        { "fulfillments/create", "ignored: the fulfilment is neither a success nor cancelled: nothing has gone by it" },
        { "fulfillments/update", "ignored: the fulfilment is neither a success nor cancelled: nothing has gone by it" },
        { "fulfillment_orders/placed_on_hold", "parked: fulfilment order 1 is on hold in the shop, " },
        { "fulfillment_orders/hold_released", "parked: fulfilment order 1 is no longer on hold in the shop, " },
        { "fulfillment_orders/moved", "parked: fulfilment order 2 was moved to location 1 in the shop, " },
        { "fulfillment_orders/cancelled", "ignored: fulfilment order 1 was cancelled: " },
        { "inventory_levels/update", "ignored: inventory item " },
        { "inventory_levels/connect", "ignored: inventory item " },
        { "inventory_items/create", "ignored: inventory item 271878346596884000 has SKU example-sku: " },
        { "inventory_items/update", "ignored: inventory item 271878346596884000 has SKU example-sku: " },
        { "products/create", "ignored: product 788032119674292900: the shop has 75 of no SKU, 50 of no SKU; " },
        { "products/update", "ignored: product 788032119674292900: the shop has 75 of no SKU, 50 of no SKU; " },
        { "app/uninstalled", "parked: the shop has uninstalled the app, " },
        { "customers/data_request", "asks for a copy of 299938, 280263, 220458, john@example.com" },
        { "customers/redact", "erases 299938, 280263, 220458, john@example.com" },
        { "shop/redact", "parked: the shop is gone, " },
    };

    [Theory]
    [MemberData(nameof(Topics))]
    public void Each_version_of_an_example_is_understood_or_shown(string topic, string begins)
    {
        var examples = ShopifyExamples.All.Where(e => e.Topic == topic).ToArray();

        Assert.Equal(
            Versions, examples.Select(e => e.Version).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.All(examples, example => Assert.StartsWith(
            begins, Told(Source.Read(Deliveries.Receipt(topic, example.Body))), StringComparison.Ordinal));
    }

    [Fact]
    public void An_example_order_has_its_lines_and_its_address()
    {
        foreach (var example in ShopifyExamples.All.Where(e => WholeOrders.Contains(e.Topic)))
        {
            var reading = Source.Read(Deliveries.Receipt(example.Topic, example.Body));
            var snapshot = ((OrderStated)Assert.IsType<Reading.Understood>(reading).Change).Snapshot;

            Assert.Equal(("#9999", true, Payment.Ended), (snapshot.Number, snapshot.Cancelled, snapshot.Payment));
            Assert.Contains(snapshot.Lines, line => line is { Sku: "SKU2006-001", Quantity: 1, Shippable: true });
            Assert.Equal("Steve Shipper", snapshot.ShipTo?.Name);
        }
    }

    [Fact]
    public void The_example_orders_are_tests_and_are_ignored_as_such() => Assert.All(
        ShopifyExamples.All.Where(e => WholeOrders.Contains(e.Topic)),
        example => Assert.Equal(
            new Reading.Ignored("it is a test order (TestOrders: Ignore)"),
            ShopifySample.Read(example.Topic, example.Body)));

    /// <summary>The topic is not signed: whoever captures a body can send it under any other.</summary>
    [Fact]
    public void No_example_acts_under_a_topic_of_another_shape()
    {
        var tried = 0;
        foreach (var example in ShopifyExamples.All)
        {
            // What is deleted is named by its id alone, whatever it was.
            var isBare = Encoding.UTF8.GetString(example.Body).Split(':').Length == 2;
            foreach (var topic in Shapes.Where(shape => !shape.Contains(example.Topic)).SelectMany(shape => shape)
                .Where(topic => topic != "orders/delete" || !isBare))
            {
                var told = Told(Source.Read(Deliveries.Receipt(topic, example.Body)));
                Assert.True(
                    told.StartsWith("parked: ", StringComparison.Ordinal),
                    $"{example.Topic} of {example.Version} as {topic}: {told}");
                tried++;
            }
        }

        Assert.True(tried > 1000, $"{tried}");
    }

    private static string Told(Buyer buyer) => string.Join(", ", buyer.OrderIds.Append(buyer.Email));

    private static string Told(Reading reading) => reading switch
    {
        Reading.Ignored ignored => $"ignored: {ignored.Reason}",
        Reading.Unreadable unreadable => $"parked: {unreadable.Reason}",
        Reading.Understood { Change: BuyerAsked asked } => $"asks for a copy of {Told(asked.Buyer)}",
        Reading.Understood { Change: BuyerErased erased } => $"erases {Told(erased.Buyer)}",
        Reading.Understood { Change: OrderStated stated } => $"states {stated.Order.OrderId}",
        Reading.Understood { Change: OrderCancelled cancelled } => $"cancels {cancelled.Order.OrderId}",
        Reading.Understood { Change: OrderAmended amended } => $"amends {amended.Order.OrderId} by "
            + string.Join(", ", amended.Amendment.Lines.Select(l => $"{l.LineId} {l.Delta:+0;-0}")),
        _ => $"{reading}",
    };
}
