using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Orders;

public sealed class OrderPermutationTests(SharedSilo silo) : SharedSiloTests(silo)
{
    [Fact]
    public async Task Every_permutation_of_a_life_ends_the_same()
    {
        var lives = EveryOrder.Of([0, 1, 2, 3]).ToArray();
        Assert.Equal(24, lives.Length);
        await Task.WhenAll(lives.Select(async life =>
        {
            var (key, sku) = await LiveAsync(life);
            await Eventually.EqualAsync("Cancelled, nothing at the warehouse", () => OutcomeAsync(key));
            await Eventually.EqualAsync((10, 0, 0), () => World.LevelAsync(sku));
        }));
    }

    [Fact]
    public async Task Without_the_cancellation_it_is_released_once_and_as_paid()
    {
        await Task.WhenAll(EveryOrder.Of([0, 1, 2]).Select(async life =>
        {
            var (key, sku) = await LiveAsync(life);
            await Eventually.EqualAsync("Released, 3 at the warehouse", () => OutcomeAsync(key));
            await Eventually.EqualAsync((10, 3, 0), () => World.LevelAsync(sku));
        }));
    }

    /// <summary>Created, updated, paid, cancelled: in the order given, each delivered twice.</summary>
    private async Task<(OrderKey Key, string Sku)> LiveAsync(int[] life)
    {
        var (key, sku) = (World.NewOrder(), await World.NewSkuAsync(10));
        OrderChange[] changes =
        [
            Stated(key, 0, paid: false, lines: (sku, 2)),
            Stated(key, 1, paid: false, lines: (sku, 3)),
            Stated(key, 2, lines: (sku, 3)),
            Stated(key, 3, cancelled: true, lines: (sku, 3)),
        ];
        foreach (var at in life)
        {
            await World.DeliverAsync(changes[at], $"event {at}");
            await World.DeliverAsync(changes[at], $"event {at}");
        }

        return (key, sku);
    }

    private async Task<string> OutcomeAsync(OrderKey key)
    {
        var order = await World.LoadAsync(key);
        if (order.Releases.Any(r => r.MessageId is not null))
            return "not settled";
        var there = order.Releases.Where(r => World.Warehouse("east").Has(r.Reference)).SelectMany(r => r.Confirmed)
            .Sum(l => l.Quantity);
        return $"{order.Status}, {(there == 0 ? "nothing" : there)} at the warehouse";
    }
}
