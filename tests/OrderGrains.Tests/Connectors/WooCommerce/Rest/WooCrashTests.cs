using OrderGrains.Connectors;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>
/// Whatever happens between the shop's taking and our recording: one tracking of each parcel, and the right stock.
/// </summary>
public sealed class WooCrashTests
{
    private static readonly WooFault[] Faults = [.. Enum.GetValues<WooFault>().Except([WooFault.None])];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task One_tracking_of_each_parcel_and_the_right_stock(int seed)
    {
        await using var world = await WooWorld.StartAsync();
        var draw = new Random(seed);
        var products = Enumerable.Range(0, 4).Select(at => world.Shop.AddProduct($"SKU-{at}", 10_000)).ToArray();
        var met = new HashSet<WooFault>();
        world.Server.Silent = () => world.Time.Advance(TimeSpan.FromSeconds(10));
        for (var round = 0; round < 25; round++)
        {
            world.Server.Fault = null;
            world.Shop.HasFulfillments = round % 3 == 0;
            world.Shop.HasShipmentTracking = round % 3 == 1;
            var order = world.Shop.MakeOrder(
                [.. products.Take(draw.Next(1, 5)).Select(product => (product.Sku, draw.Next(2, 6)))]);
            world.Server.Fault = _ => Draw(draw, met);
            var shop = Open();
            IDestination Connector() => shop = draw.Next(3) == 0 ? Open() : shop;
            await ShipAsync(world, order, draw, Connector);

            Assert.Equal(("completed", 1), (order.Status, order.StatusWrites));
            Assert.Equal(2, world.Shop.Fulfillments(order).Count + world.Shop.Trackings(order).Count
                + world.Shop.Notes(order).Count);
            if (round % 3 == 0)
            {
                Assert.All(order.Lines, line => Assert.Equal(
                    line.Quantity, world.Shop.Fulfillments(order).Sum(one => one.Items.GetValueOrDefault(line.Id))));
            }

            var (target, wanted) = (draw.GetItems(products, 1)[0], draw.Next(5_000, 10_000));
            world.Shop.Sell(target, draw.Next(2));
            await world.UntilDoneAsync(Connector, WooWorld.Stock(target.Sku, wanted));
            Assert.Equal(wanted, world.Shop.QuantityOf(target));
        }

        Assert.Equal(Faults.Length, met.Count);
        Assert.Empty(world.Server.Complaints);

        IDestination Open() => world.Open(options => options.ShippedStatus = "completed");
    }

    /// <summary>All of an order in two parcels, each told once more, as when we did not come to record it.</summary>
    private static async Task ShipAsync(WooWorld world, WooOrder order, Random draw, Func<IDestination> shop)
    {
        var recorded = new List<string>();
        var first = order.Lines.Select(line => (line, draw.Next(1, line.Quantity))).ToArray();
        var rest = first.Select(line => (line.line, line.line.Quantity - line.Item2)).ToArray();
        foreach (var lines in new[] { first, rest })
        {
            var parcel = world.Parcel(order, lines) with
            {
                Parcel = $"woo-1-1/s{recorded.Count}",
                TrackingNumber = draw.Next(2) == 0 ? $"N{recorded.Count}" : null,
                OtherFulfilmentIds = recorded,
                AllGone = recorded.Count == 1,
            };
            var answers = new List<ShopAnswer.Recorded>();
            for (var times = 0; times < 2; times++)
            {
                answers.Add(await world.UntilDoneAsync(shop, parcel) switch
                {
                    SendResult.Delivered { Answer: ShopAnswer.Recorded answer } => answer,
                    SendResult.AlreadyThere { Answer: ShopAnswer.Recorded answer } => answer,
                    var other => throw new InvalidOperationException(other.ToString()),
                });
            }

            Assert.Equal(answers[0], answers[1]);
            recorded = [.. recorded, answers[0].FulfilmentId!];
        }
    }

    private static WooFault Draw(Random draw, HashSet<WooFault> met)
    {
        lock (draw)
        {
            if (draw.Next(3) != 0)
                return WooFault.None;
            var fault = Faults[draw.Next(Faults.Length)];
            met.Add(fault);
            return fault;
        }
    }
}
