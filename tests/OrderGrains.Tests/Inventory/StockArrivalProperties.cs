using CsCheck;
using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

/// <summary>
/// What happened on a shelf, told in any order, and some of it twice: the stock is what was counted last and what moved
/// after that.
/// </summary>
public sealed class StockArrivalProperties
{
    private const int WhoMax = 2;

    private static readonly StockKey Key = new("east", "MUG");

    private static readonly Gen<Event> AnyEvent = Gen.Select(
        Gen.Enum<Kind>(), Gen.Int[0, 8], Gen.Int[1, 9], Gen.Int[0, WhoMax],
        (kind, second, units, who) => new Event(kind, OrderWorld.Noon.AddSeconds(second), units, who));

    private enum Kind
    {
        Count,
        Ship,
        Adjust,
    }

    [Fact]
    public Task In_whatever_order_they_arrive_counts_shipments_and_adjustments_come_to_the_same() =>
        Gen.Select(AnyEvent.Array[1, 12], Gen.Int[0, int.MaxValue]).SampleAsync(
            async (events, seed) =>
            {
                var chance = new Random(seed);
                var expected = UnitsOf(events);
                for (var round = 0; round < 3; round++)
                {
                    // Each once, and some again.
                    int[] told = [.. Enumerable.Range(0, events.Length),
                        .. Enumerable.Range(0, events.Length).Where(_ => chance.Next(3) == 0)];
                    chance.Shuffle(told);
                    Assert.Equal(expected, await TellAsync(events, told, chance));
                }
            },
            iter: 2_000);

    /// <summary>From the words alone.</summary>
    private static int UnitsOf(Event[] events)
    {
        var counts = events.Where(e => e.Kind == Kind.Count).ToArray();
        var asOf = counts.Length == 0 ? DateTimeOffset.MinValue : counts.Max(e => e.At);
        var counted = counts.Where(e => e.At == asOf).Select(e => e.Units).DefaultIfEmpty(0).Min();
        return counted + events.Where(e => e.At > asOf).Sum(e => e.Kind == Kind.Ship ? -e.Units : e.Units - 5);
    }

    private static async Task<int> TellAsync(Event[] events, int[] told, Random chance)
    {
        var store = new FakeStockStore();
        var shipped = Enumerable.Range(0, WhoMax + 1).Select(_ => new List<ShippedUnits>()).ToArray();
        StockKeeper? keeper = null;
        foreach (var n in told)
        {
            if (chance.Next(4) == 0)
                keeper = null;
            keeper ??= new StockKeeper(Key, store.Stored, store, TimeProvider.System)
            {
                Broken = () => keeper = null,
                Nudge = _ => Task.CompletedTask,
                SayShort = _ => Task.CompletedTask,
            };
            var (kind, at, units, who) = events[n];
            switch (kind)
            {
                case Kind.Count:
                    await keeper.CountAsync(units, at, $"{n} {at:O}");
                    break;
                case Kind.Adjust:
                    await keeper.AdjustAsync(units - 5, "", at, $"{n}");
                    break;
                default:
                    if (shipped[who].All(known => known.Id != $"{n}"))
                        shipped[who].Add(new ShippedUnits($"{n}", units, at));
                    await keeper.ReserveAsync(new ReservationRequest(
                        new OrderKey("acme", $"{who}"), "1", chance.Next(5), [.. shipped[who]],
                        OrderWorld.Noon.AddSeconds(who), MayWait: true));
                    break;
            }
        }

        return store.Level.Units;
    }

    private sealed record Event(Kind Kind, DateTimeOffset At, int Units, int Who);
}
