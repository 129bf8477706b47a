using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

/// <summary>When a commit fails, or another activation was first.</summary>
public sealed class InventoryRecoveryTests(SharedSilo silo) : SharedSiloTests(silo)
{
    private static int Placed;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_failed_commit_fails_everyone_on_it_and_memory_agrees_with_the_database_after(bool committed)
    {
        var sku = await World.NewSkuAsync(20);
        var (key, stock) = (new StockKey("east", sku), World.StockGrain(sku));
        var requests = Enumerable.Range(0, 6).Select(_ => Request(World.NewOrder(), 2)).ToArray();
        var (calls, loads) = (World.Faults.Calls(key), World.Faults.Loads(key));
        Task<ReservationAnswer>[] answers;
        using (World.Faults.HoldCommits(key))
        {
            answers = [stock.ReserveAsync(requests[0])];
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 1);
            answers = [answers[0], .. requests[1..].Select(r => stock.ReserveAsync(r))];
            await Eventually.TrueAsync(() => World.Faults.Calls(key) - calls == 6);
            World.Faults.FailNext(key, committed ? Fault.AfterCommit : Fault.BeforeCommit);
        }

        // The first was alone on its commit, which fails; those who gathered behind it stand on what it did.
        foreach (var answer in answers)
            await Assert.ThrowsAsync<StorageException>(() => answer);
        await World.WaitForDeactivationAsync(stock);
        Assert.Equal((20, committed ? 2 : 0, 0), await World.LevelAsync(sku));

        foreach (var request in requests)
            Assert.Equal(new ReservationAnswer(ReservationOutcome.Held, 2, 0, true), await stock.ReserveAsync(request));
        Assert.Equal(loads + 1, World.Faults.Loads(key));
        Assert.Equal((20, 12, 0), await World.LevelAsync(sku));
    }

    [Fact]
    public async Task Who_loses_to_another_activation_reloads()
    {
        var sku = await World.NewSkuAsync(5);
        var (key, stock, other) = (new StockKey("east", sku), World.StockGrain(sku), World.NewOrder());
        await stock.ReserveAsync(Request(World.NewOrder(), 1));
        var level = (await World.Stock.FindAsync(key))!.Level;
        Assert.True(await World.Stock.CommitAsync(new StockCommit
        {
            Key = key,
            ExpectedVersion = level.Version,
            Level = level with { Reserved = 4, Version = level.Version + 1 },
            Reservations =
            [
                new Reservation
                {
                    Order = other,
                    LineId = "1",
                    State = ReservationState.Open,
                    Quantity = 3,
                    Waiting = 0,
                    Consumed = 0,
                    PlacedAt = OrderWorld.Noon,
                },
            ],
            At = OrderWorld.Noon,
        }));

        var late = Request(World.NewOrder(), 2);
        await Assert.ThrowsAsync<StorageException>(() => stock.ReserveAsync(late));
        await World.WaitForDeactivationAsync(stock);
        Assert.Equal(new ReservationAnswer(ReservationOutcome.Waiting, 0, 2, true), await stock.ReserveAsync(late));
        Assert.Equal((5, 4, 2), await World.LevelAsync(sku));
    }

    private static ReservationRequest Request(OrderKey order, int units) =>
        new(order, "1", units, [], OrderWorld.Noon.AddSeconds(Interlocked.Increment(ref Placed)), MayWait: true);
}
