using System.Diagnostics;
using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

/// <summary>A SKU with a hundred thousand open reservations.</summary>
public sealed class HotStockTests
{
    private const int Open = 100_000;
    private static readonly StockKey Key = new("east", "HOT");

    [Fact]
    public async Task A_hundred_thousand_open_reservations_load_within_seconds_and_nothing_then_grows_with_them()
    {
        await using var storage = new SqliteTestStorage();
        Assert.True(await storage.Stock.CommitAsync(new StockCommit
        {
            Key = Key,
            ExpectedVersion = 0,
            Level = new StockLevel(2 * Open, Open, 1, OrderWorld.Noon),
            Reservations = [.. Enumerable.Range(0, Open).Select(Reserved)],
            At = OrderWorld.Noon,
        }));

        var clock = Stopwatch.StartNew();
        var worked = Environment.CpuUsage.TotalTime;
        var stored = await storage.Stock.LoadAsync(Key);
        var read = clock.Elapsed;
        var book = new StockBook(stored);
        var loaded = clock.Elapsed;
        worked = Environment.CpuUsage.TotalTime - worked;
        clock.Restart();
        for (var i = 0; i < 10_000; i++)
        {
            var request = new ReservationRequest(
                new OrderKey("acme", $"n{i}"), "1", 1, [], OrderWorld.Noon.AddDays(1), MayWait: true, AtWarehouse: 1);
            book.Reserve(request, book.Find(new ReservationId(request.Order, "1")), []);
            if (i % 100 == 0)
                book.TakeChanges();
        }

        var reserved = clock.Elapsed;
        TestContext.Current.SendDiagnosticMessage(
            $"read {read.TotalMilliseconds:N0} ms, in memory after {loaded.TotalMilliseconds:N0} ms "
            + $"(the process worked {worked.TotalMilliseconds:N0} ms), "
            + $"{reserved.TotalMicroseconds / 10_000:N1} µs a reservation");
        Assert.Equal(Open + 10_000, book.Level.Reserved);

        // Far above what an idle machine takes, so that a busy one does not fail it.
        Assert.InRange(loaded, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        Assert.InRange(reserved, TimeSpan.Zero, TimeSpan.FromSeconds(1));
    }

    private static Reservation Reserved(int i) => new()
    {
        Order = new OrderKey("acme", $"{i}"),
        LineId = "1",
        State = ReservationState.Open,
        Quantity = 1,
        AtWarehouse = i % 2,
        Waiting = 0,
        Consumed = 0,
        PlacedAt = OrderWorld.Noon.AddSeconds(i),
    };
}
