using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>A silo dies when a warehouse has taken orders and their answers are not written down.</summary>
public sealed class KilledTests
{
    private const int Kills = 25;
    private const int OrdersAtOnce = 4;

    [Fact]
    public async Task A_hundred_orders_whose_silo_dies_between_taking_and_recording_are_at_the_warehouse_once()
    {
        var chance = new Random(21);
        await using var world = await SiloWorld.StartAsync(new SiloSetup { Places = ["east"], Agents = true });
        var orders = new List<OrderKey>();
        for (var kill = 0; kill < Kills; kill++)
        {
            var late = new List<IDisposable>();
            using (world.Warehouse("east").Hold())
            {
                await world.Destination("east").GetStatusAsync();
                for (var i = 0; i < OrdersAtOnce; i++)
                {
                    var (key, sku) = (world.NewOrder(), await world.NewSkuAsync(5));
                    orders.Add(key);
                    await world.DeliverAsync(Stated(key, 1, lines: (sku, 2)));
                    late.Add(world.Faults.HoldCommits(key));
                }

                await Eventually.TrueAsync(() => orders[^OrdersAtOnce..].TrueForAll(
                    key => world.Warehouse("east").KindsOf(ReleaseReference.Of(key, 1)).Length > 0));
            }

            await Eventually.TrueAsync(() => orders[^OrdersAtOnce..].TrueForAll(
                key => world.Warehouse("east").Has(ReleaseReference.Of(key, 1))));
            var survives = chance.Next(OrdersAtOnce + 1);
            // What a dead process had sent to the database may still be written, or not.
            late[..survives].ForEach(commit => commit.Dispose());
            await world.RestartAsync(TimeSpan.FromSeconds(chance.Next(3)));
            late[survives..].ForEach(commit => commit.Dispose());
        }

        foreach (var key in orders)
        {
            await Eventually.EqualAsync(OrderStatus.Released, () =>
            {
                world.Time.Advance(TimeSpan.FromSeconds(0.2));
                return world.StatusAsync(key);
            });
        }

        Assert.Equal(Kills * OrdersAtOnce, orders.Count);
        Assert.All(orders, key => Assert.Single(
            world.Warehouse("east").Calls,
            call => call.Kind == "release" && call.Reference == ReleaseReference.Of(key, 1)));
        Assert.Equal(0, world.Warehouse("east").Overlaps);
    }
}
