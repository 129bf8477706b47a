using OrderGrains.Console;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

public sealed class OrderLinesTests
{
    [Fact]
    public void What_shipped_is_not_reserved_any_more()
    {
        var line = Assert.Single(OrderLines.Of(Sample.Order() with { Shipments = [Shipped("1", 2)] }));
        Assert.Equal((3, 1, 2, 0), (line.Quantity, line.Reserved, line.Shipped, line.Cancelled));
    }

    [Fact]
    public async Task A_line_that_waits_for_a_sku_that_reads_like_a_counted_one_says_so()
    {
        await using var host = await ConsoleHost.StartAsync();
        host.Orders.Add(Sample.Order() with
        {
            Allocations = [new Allocation("1", "MUG-1", "east", 0, 3), new Allocation("2", "CUP", "east", 1, 0)],
        });
        const string Path = "/api/v1/orders/acme/5123456789012";
        var plain = await host.Api(ApiRole.Viewer).ReadAsync(Path);
        Assert.False(plain.GetProperty("lines")[0].TryGetProperty("hint", out _));

        host.Stock.Similar =
        [
            new SimilarSku(new StockKey("east", "MUG-1"), "Mug-1"), new SimilarSku(new StockKey("east", "CUP"), "Cup"),
        ];
        var hinted = (await host.Api(ApiRole.Viewer).ReadAsync(Path)).GetProperty("lines");
        Assert.Equal("east has counted \"Mug-1\", which differs from \"MUG-1\" by case or spaces alone",
            hinted[0].GetProperty("hint").GetString());
        Assert.False(hinted[1].TryGetProperty("hint", out _));
        using var browser = await host.SignedInAsync(ApiRole.Viewer);
        Assert.Contains("by case or spaces alone", await browser.TextAsync("/orders/acme/5123456789012"),
            StringComparison.Ordinal);
    }

    [Fact]
    public void A_refund_that_no_snapshot_shows_is_cancelled_units()
    {
        var order = Sample.Order() with
        {
            Amendments = [new Amendment(AmendmentKind.Refund, "1", ConsoleHost.Now, [new AmendedLine("1", -1)])],
        };
        var line = Assert.Single(OrderLines.Of(order));
        Assert.Equal((3, 2, 1), (line.Quantity, line.Reserved, line.Cancelled));
    }

    [Fact]
    public void An_edit_adds_to_what_was_sold()
    {
        var order = Sample.Order() with
        {
            Amendments = [new Amendment(AmendmentKind.Edit, "1", ConsoleHost.Now, [new AmendedLine("1", 2)])],
            Allocations =
            [
                new Allocation("1", "MUG-BLUE", "east", 3, 0),
                new Allocation("1", "MUG-BLUE", "west", 0, 2),
            ],
        };
        var line = Assert.Single(OrderLines.Of(order));
        Assert.Equal((5, 3, 2, "east, west"), (line.Quantity, line.Reserved, line.Waiting, line.Location));
    }

    [Fact]
    public void All_that_did_not_ship_of_a_cancelled_order_is_cancelled()
    {
        var cancelled = Sample.Order(status: OrderStatus.Cancelled);
        var order = cancelled with { Allocations = [], Shipments = [Shipped("1", 1)] };
        var line = Assert.Single(OrderLines.Of(order));
        Assert.Equal((3, 0, 1, 2), (line.Quantity, line.Reserved, line.Shipped, line.Cancelled));
    }

    [Fact]
    public void Without_the_storefronts_word_our_own_facts_speak()
    {
        var order = Sample.Order() with { Storefront = null, Shipments = [Shipped("9", 1)] };
        Assert.Collection(
            OrderLines.Of(order),
            line => Assert.Equal(("1", "MUG-BLUE", 3), (line.LineId, line.Sku, line.Quantity)),
            line => Assert.Equal(("9", null, 1), (line.LineId, line.Sku, line.Quantity)));
    }

    [Fact]
    public void Units_given_up_for_want_of_stock_are_cancelled()
    {
        var order = Sample.Order() with { Allocations = [], Unserved = [new UnservedLine("1", 1, 3)] };
        Assert.Equal(2, Assert.Single(OrderLines.Of(order)).Cancelled);
    }

    [Fact]
    public void A_bundle_has_what_its_scarcest_part_has_and_its_parts_follow()
    {
        var order = Sample.Order() with
        {
            Bundles = new Dictionary<string, IReadOnlyList<BundlePart>>(StringComparer.Ordinal)
            {
                ["MUG-BLUE"] = [new BundlePart("CUP", 1), new BundlePart("TEA", 2)],
            },
            Allocations = [new Allocation("1:1", "CUP", "east", 2, 0), new Allocation("1:2", "TEA", "east", 1, 3)],
            Shipments = [Shipped("1:1", 1)],
        };
        Assert.Collection(
            OrderLines.Of(order),
            line => Assert.Equal(
                ("1", "MUG-BLUE", 3, 0, 1, 0), (line.LineId, line.Sku, line.Quantity, line.Reserved, line.Waiting,
                    line.Shipped)),
            line => Assert.Equal(("1:1", "CUP", 3, 2, 1), (line.LineId, line.Sku, line.Quantity, line.Reserved,
                line.Shipped)),
            line => Assert.Equal(("1:2", "TEA", 6, 1, 3), (line.LineId, line.Sku, line.Quantity, line.Reserved,
                line.Waiting)));
    }

    [Fact]
    public void Of_a_bundle_that_the_storefront_says_has_gone_others_sent_what_we_have_not()
    {
        var order = Sample.Order();
        order = order with
        {
            Storefront = order.Storefront! with { AllGone = true },
            Bundles = new Dictionary<string, IReadOnlyList<BundlePart>>(StringComparer.Ordinal)
            {
                ["MUG-BLUE"] = [new BundlePart("CUP", 1), new BundlePart("TEA", 2)],
            },
            Allocations = [],
            Shipments = [Shipped("1:1", 1), Shipped("1:2", 2)],
        };
        Assert.Equal([("1", 2), ("1:1", 2), ("1:2", 4)],
            OrderLines.Of(order).Select(line => (line.LineId, line.Elsewhere)));
    }

    private static Shipment Shipped(string lineId, int quantity) => new()
    {
        ShipmentId = "s1",
        Reference = "acme-1-1",
        Lines = [new ShippedLine(lineId, quantity)],
        ShippedAt = ConsoleHost.Now,
    };
}
