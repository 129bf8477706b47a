using OrderGrains.Connectors;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>
/// Whatever happens between the shop's taking and our recording: one fulfilment for each parcel, and the right stock.
/// </summary>
public sealed class ShopCrashTests
{
    private static readonly ShopifyFault[] Faults = [.. Enum.GetValues<ShopifyFault>().Except([ShopifyFault.None])];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task One_fulfilment_of_each_parcel_and_the_right_stock(int seed)
    {
        await using var world = await ShopWorld.StartAsync();
        var draw = new Random(seed);
        var items = Enumerable.Range(0, 4).Select(at => world.Shop.AddItem($"SKU-{at}", world.East, 10_000)).ToArray();
        var met = new HashSet<ShopifyFault>();
        world.Server.Silent = () => world.Time.Advance(TimeSpan.FromSeconds(10));
        var shop = world.Open();
        for (var round = 0; round < 25; round++)
        {
            world.Server.Fault = null;
            var order = world.Shop.MakeOrder(
                world.East, true, [.. items.Take(draw.Next(1, 5)).Select(item => (item.Sku, draw.Next(2, 6)))]);
            world.Server.Fault = name => Draw(draw, met);
            var recorded = await ShipAsync(world, order, draw, () => shop = draw.Next(3) == 0 ? world.Open() : shop);

            var made = world.Shop.Fulfilments(order);
            Assert.Equal(recorded, made.Select(one => one.Id.ToString()), StringComparer.Ordinal);
            Assert.All(order.Lines, line => Assert.Equal(
                line.Quantity, made.Sum(one => one.Units.GetValueOrDefault(line.Id))));
            Assert.All(items, item => Assert.Equal(
                world.Shop.Available(item, world.East), world.Shop.OnHand(item, world.East)));

            var (target, wanted) = (draw.GetItems(items, 1)[0], draw.Next(5_000, 10_000));
            if (draw.Next(2) == 0)
                world.Shop.Sell(target, world.East, 1);
            var meaning = draw.Next(2) == 0 ? StockMeaning.Available : StockMeaning.OnHand;
            await world.UntilDoneAsync(
                () => shop = draw.Next(3) == 0 ? world.Open() : shop, world.Stock(target.Sku, wanted, meaning));
            Assert.Equal(wanted, meaning == StockMeaning.Available
                ? world.Shop.Available(target, world.East) : world.Shop.OnHand(target, world.East));
            // What was sold goes out, so that all is even again.
            world.Shop.Change(target, world.East, 0, -1);
        }

        Assert.Equal(Faults.Length, met.Count);
        Assert.Empty(world.Server.Complaints);
    }

    /// <summary>All of an order in two parcels, each told once more, as when we did not come to record it.</summary>
    private static async Task<List<string>> ShipAsync(
        ShopWorld world, ShopifyOrder order, Random draw, Func<IDestination> shop)
    {
        var recorded = new List<string>();
        var first = order.Lines.Select(line => (line, draw.Next(1, line.Quantity))).ToArray();
        var rest = first.Select(line => (line.line, line.line.Quantity - line.Item2)).ToArray();
        foreach (var lines in new[] { first, rest })
        {
            var numbered = draw.Next(2) == 0;
            var parcel = world.Parcel(order, lines) with
            {
                TrackingNumber = numbered ? $"N{recorded.Count}" : null,
                TrackingUrl = null,
                OtherFulfilmentIds = recorded,
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

        return recorded;
    }

    private static ShopifyFault Draw(Random draw, HashSet<ShopifyFault> met)
    {
        lock (draw)
        {
            if (draw.Next(3) != 0)
                return ShopifyFault.None;
            var fault = Faults[draw.Next(Faults.Length)];
            met.Add(fault);
            return fault;
        }
    }
}
