using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Ingress;

/// <summary>A count of many SKUs takes its time, and nobody waits for it.</summary>
public sealed class CountGivesWayTests : IAsyncLifetime
{
    private SiloWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await SiloWorld.StartAsync(new SiloSetup { Agents = true });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task What_comes_while_a_count_is_under_way_is_applied_before_the_count_ends()
    {
        var skus = Enumerable.Range(0, 300).Select(_ => _world.NewName("COUNTED")).ToArray();
        var key = _world.NewOrder();
        Guid count;
        using (_world.Faults.HoldCommits(new StockKey("east", skus[100])))
        {
            count = await PostAsync("east-wms", new StockCounted(
                "East", _world.Time.GetUtcNow(), [.. skus.Select((sku, at) => new StockItem(sku, at))]));
            await Eventually.TrueAsync(() => _world.Faults.Commits(new StockKey("east", skus[100])) == 1);

            // It needs what the count has counted already.
            var order = await PostAsync("acme", Stated(key, 1, lines: (skus[10], 4)));
            await Eventually.EqualAsync(ReceiptOutcome.Applied, () => OutcomeAsync(order));

            Assert.Equal((10, 4, 0), await _world.LevelAsync(skus[10]));
            Assert.Equal(ReceiptOutcome.Pending, await OutcomeAsync(count));
            // The rest is not in the grains' queues, where others would have to stand behind it.
            Assert.All(skus[128..], sku => Assert.Equal(0, _world.Faults.Calls(new StockKey("east", sku))));
        }

        await Eventually.EqualAsync(ReceiptOutcome.Applied, () => OutcomeAsync(count));
        Assert.Equal((299, 0, 0), await _world.LevelAsync(skus[299]));
    }

    private async Task<ReceiptOutcome> OutcomeAsync(Guid receipt) => (await _world.Inbox.FindAsync(receipt))!.Outcome;

    private Task<Guid> PostAsync(string source, Change change)
    {
        var body = _world.NewName("body");
        _world.Setup.Connector.Means(body, () => new Reading.Understood(change, body));
        return _world.PostAsync(source, body);
    }
}
