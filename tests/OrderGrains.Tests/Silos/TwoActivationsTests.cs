using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Storage;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Silos;

/// <summary>
/// Two clusters that know nothing of each other on one PostgreSQL: every grain has two activations for as long as the
/// test lasts, which Orleans allows for seconds.
/// </summary>
public sealed class TwoActivationsTests : IAsyncLifetime
{
    private TestDatabase _database = null!;
    private SiloWorld _one = null!;
    private SiloWorld _other = null!;

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreatePostgresAsync();
        _one = await SiloWorld.StartAsync(new SiloSetup(), _database);
        _other = await SiloWorld.StartAsync(new SiloSetup(), _database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_one is not null)
            await _one.DisposeAsync();
        if (_other is not null)
            await _other.DisposeAsync();
        if (_database is not null)
            await _database.DisposeAsync();
    }

    [Fact]
    public async Task Of_two_activations_of_an_order_one_wins_each_commit_and_the_other_builds_on_it()
    {
        var (key, sku) = (_one.NewOrder(), await _one.NewSkuAsync(100));
        await _one.DeliverAsync(Stated(key, 0, paid: false, lines: (sku, 1)), "e0");

        // Newer and newer words, each said to both, and both listen at once.
        for (var second = 1; second <= 20; second++)
        {
            var change = Stated(key, second, lines: (sku, second));
            var answers = await Task.WhenAll(
                TellAsync(_one, change, $"e{second}"), TellAsync(_other, change, $"e{second}"));
            Assert.Single(answers, ReceiptOutcome.Applied);
            Assert.Single(answers, ReceiptOutcome.Duplicate);
        }

        var order = await _one.LoadAsync(key);
        Assert.Equal(20, Assert.Single(order.Storefront!.Lines).Quantity);
        Assert.Equal(21, order.Events.Count);
        Assert.Equal((100, 20, 0), await _one.LevelAsync(sku));
        Assert.Equal(21, (await _one.TimelineAsync(key)).Count(kind => kind == "receipt.applied"));
        await Eventually.EqualAsync(20, async () => (await _one.LoadAsync(key)).Releases
            .Sum(release => release.Confirmed.Sum(line => line.Quantity)));
        Assert.Equal(0, (await _one.Outbox.AuditAsync()).Due);
    }

    [Fact]
    public async Task Of_two_activations_of_a_stock_one_wins_each_commit_and_none_oversells()
    {
        var sku = await _one.NewSkuAsync(30);

        var answers = await Task.WhenAll(Enumerable.Range(0, 40).Select(at => ReserveAsync(
            at % 2 == 0 ? _one : _other, sku, new OrderKey("acme", $"order-{at}"), OrderWorld.Noon.AddSeconds(at))));

        Assert.Equal(30, answers.Sum(answer => answer.Held));
        Assert.Equal((30, 30, 10), await _one.LevelAsync(sku));
        // No order is placed here, so only the sums count.
        Assert.Equal((0, 0), await _one.Stock.AuditAsync(OrderWorld.Noon) is var audit
            ? (audit.Oversold, audit.Unbalanced) : default);
    }

    [Fact]
    public async Task Units_that_one_activation_gives_back_are_not_released_by_the_other_whose_turn_is_under_way()
    {
        var (key, sku) = (_one.NewOrder(), await _one.NewSkuAsync(10));
        await _one.DeliverAsync(Stated(key, 0, paid: false, lines: (sku, 2)));
        Task<ReceiptOutcome> paying;
        using (_one.Faults.HoldCommits(key))
        {
            paying = TellAsync(_one, Stated(key, 1, lines: (sku, 2)), "paid");
            await Eventually.EqualAsync((10, 2, 0), () => _one.LevelAsync(sku));
            Assert.True(await _other.Order(key).ReviewAsync());
            Assert.Equal((10, 0, 0), await _one.LevelAsync(sku));
        }

        Assert.Equal(ReceiptOutcome.Applied, await paying);
        Assert.Equal(2, Assert.Single((await _one.LoadAsync(key)).Allocations).Quantity);
        Assert.Equal((10, 2, 0), await _one.LevelAsync(sku));
    }

    private static async Task<ReceiptOutcome> TellAsync(SiloWorld world, OrderChange change, string eventKey)
    {
        while (true)
        {
            try
            {
                return await world.DeliverAsync(change, eventKey);
            }
            catch (StorageException)
            {
                // A stock activation lost its fence; as the pump does, once more.
            }
        }
    }

    private static async Task<ReservationAnswer> ReserveAsync(
        SiloWorld world, string sku, OrderKey order, DateTimeOffset placedAt)
    {
        while (true)
        {
            try
            {
                return await world.StockGrain(sku).ReserveAsync(
                    new ReservationRequest(order, "1", 1, [], placedAt, MayWait: true, AtWarehouse: 1));
            }
            catch (StorageException)
            {
                // It lost its fence, and the next activation has reloaded.
            }
        }
    }
}
