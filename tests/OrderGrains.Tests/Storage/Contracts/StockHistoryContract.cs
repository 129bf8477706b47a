using OrderGrains.Inventory;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>What a stock's level remembers of its history, and what the history is asked.</summary>
public abstract class StockHistoryContract : StorageContract
{
    [Fact]
    public async Task A_level_remembers_its_newest_count_and_its_latest_moves()
    {
        var first = new StockLevel(7, 2, 1, null)
        {
            AdjustedAt = Now.AddSeconds(1),
            MovedAt = Now.AddSeconds(2).AddMicroseconds(3),
        };
        var second = first with { Version = 2, AsOf = Now.AddSeconds(3), Counted = 9, AdjustedAt = Now.AddSeconds(4) };
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 7, 2) with { Level = first });
        Assert.Equal(first, (await Storage.Stock.LoadAsync(Shirt)).Level);
        await Storage.Stock.CommitAsync(Level(Shirt, 1, 7, 2) with { Level = second });
        Assert.Equal(second, (await Storage.Stock.LoadAsync(Shirt)).Level);
        Assert.Equal(second, (await Storage.Stock.FindAsync(Shirt))!.Level);
        Assert.Equal(second, (await Storage.Stock.ListAsync(new StockFilter(), FirstPage)).Items.Single().Level);
    }

    [Fact]
    public async Task More_may_be_shipped_than_was_there_and_no_fewer_counted_than_none()
    {
        var level = new StockLevel(0, 0, 1, Now, Shortfall: 3);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 0, 0) with { Level = level });
        Assert.Equal(-3, (await Storage.Stock.LoadAsync(Shirt)).Level.Units);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Storage.Stock.CommitAsync(
            Level(Shirt, 1, 0, 0) with { Level = level with { Version = 2, Counted = -3 } }));
        Assert.Contains("stock_counted_not_negative", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_sum_is_of_what_was_shipped_or_adjusted_later_than_asked()
    {
        Assert.Equal(0, await Storage.Stock.SumMovementsAsync(Shirt, Now));
        StockMovement At(MovementKind kind, int delta, int seconds) =>
            new($"{kind} {seconds}", kind, delta, 0, "", Now.AddSeconds(seconds));
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 5, 0) with
        {
            Movements =
            [
                At(MovementKind.Shipped, -1, 1), At(MovementKind.Adjusted, 20, 2), At(MovementKind.Shipped, -4, 3),
                At(MovementKind.Counted, 100, 4), At(MovementKind.Set, 100, 5),
            ],
        });
        await Storage.Stock.CommitAsync(Level(new StockKey("west", Shirt.Sku), 0, 5, 0) with
        {
            Movements = [At(MovementKind.Shipped, -50, 3)],
        });

        Assert.Equal(15, await Storage.Stock.SumMovementsAsync(Shirt, Now));
        Assert.Equal(16, await Storage.Stock.SumMovementsAsync(Shirt, Now.AddSeconds(1)));
        Assert.Equal(-4, await Storage.Stock.SumMovementsAsync(Shirt, Now.AddSeconds(3).AddMicroseconds(-1)));
        Assert.Equal(0, await Storage.Stock.SumMovementsAsync(Shirt, Now.AddSeconds(3)));
    }

    [Fact]
    public async Task Movements_are_found_by_how_their_ids_begin()
    {
        StockMovement Named(string id) => new(id, MovementKind.Shipped, -1, 0, "", Now);
        await Storage.Stock.CommitAsync(Level(Shirt, 0, 5, 0) with
        {
            Movements =
            [
                Named("ship:acme/1:1:"), Named("ship:acme/1:1:R/S"), Named("ship:acme/1:1:é"), Named("ship:acme/1:1"),
                Named("ship:acme/1:11:R"), Named("ship:acme/1:1;"), Named("SHIP:ACME/1:1:R"),
            ],
        });

        Assert.Equal(
            ["ship:acme/1:1:", "ship:acme/1:1:R/S", "ship:acme/1:1:é"],
            (await Storage.Stock.ListMovementIdsAsync(Shirt, "ship:acme/1:1:")).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
        Assert.Empty(await Storage.Stock.ListMovementIdsAsync(new StockKey("west", Shirt.Sku), "ship:acme/1:1:"));
    }

    [Fact]
    public async Task What_a_line_has_shipped_never_becomes_less()
    {
        await Storage.Stock.CommitAsync(
            Level(Shirt, 0, 5, 1) with { Reservations = [Open(Order, 1) with { Consumed = 3 }] });
        await Storage.Stock.CommitAsync(Level(Shirt, 1, 5, 2) with { Reservations = [Open(Order, 2)] });
        Assert.Equal(3, (await Storage.Stock.FindReservationAsync(Shirt, Order, "1"))!.Consumed);
        await Storage.Stock.CommitAsync(
            Level(Shirt, 2, 5, 2) with { Reservations = [Open(Order, 2) with { Consumed = 4 }] });
        Assert.Equal(4, (await Storage.Stock.FindReservationAsync(Shirt, Order, "1"))!.Consumed);
    }

    [Fact]
    public async Task A_sku_that_nobody_counted_is_like_those_that_differ_by_case_or_white_space()
    {
        static StockKey East(string sku) => new("east", sku);
        foreach (var sku in new[] { "Mug-1", "MUG -1", "MUG-2" })
            await Storage.Stock.CommitAsync(Level(East(sku), 0, 5, 0));
        await Storage.Stock.CommitAsync(Level(new StockKey("west", "mug-1"), 0, 5, 0));
        var never = new StockLevel(0, 0, 1, null);
        await Storage.Stock.CommitAsync(Level(East("mug-1"), 0, 0, 0) with { Level = never });
        await Storage.Stock.CommitAsync(
            Level(East("cap\t1"), 0, 0, 0) with { Level = never with { AdjustedAt = Now } });

        Assert.Equal(
            [
                new SimilarSku(East("MUG-1"), "MUG -1"), new SimilarSku(East("MUG-1"), "Mug-1"),
                new SimilarSku(East("CAP1"), "cap\t1"),
                new SimilarSku(East("mug-1"), "MUG -1"), new SimilarSku(East("mug-1"), "Mug-1"),
            ],
            await Storage.Stock.FindSimilarAsync(
                [East("MUG-1"), East("CAP1"), East("mug-1"), East("Mug-1"), East("MUG-3"), new("south", "MUG-1")]));
        Assert.Empty(await Storage.Stock.FindSimilarAsync([]));
    }
}
