using CsCheck;
using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Inventory;

/// <summary>
/// Orders that need several SKUs, their calls interleaved one by one in any order. Each tries to have all at once, and
/// else waits in line for all, as the allocator does.
/// </summary>
public sealed class StockBookProperties
{
    private const int SkusMax = 4;

    [Fact]
    public void No_order_starves_and_as_many_go_out_as_there_are_units_for()
    {
        var needs = Gen.Int[0, (1 << SkusMax) - 1].Where(set => set != 0).Array[1, 7];
        Gen.Select(needs, Gen.Int[0, int.MaxValue]).Sample((sets, seed) =>
        {
            var chance = new Random(seed);
            var books = Enumerable.Range(0, SkusMax).Select(_ => new StockBook(new StoredStock(default, []))).ToArray();
            var orders = sets.Select((set, placed) => new Buyer(placed, set, books)).ToArray();
            Play(orders, chance, rounds: 2);

            // One unit after the other, until there are just as many as all orders need.
            var missing = Enumerable.Range(0, SkusMax)
                .SelectMany(sku => Enumerable.Repeat(sku, sets.Count(set => (set >> sku & 1) == 1))).ToArray();
            chance.Shuffle(missing);
            foreach (var sku in missing)
            {
                Count(books[sku], books[sku].Level.Units + 1);
                Play(orders, chance, rounds: 1);
            }

            Play(orders, chance, rounds: orders.Length);
            Assert.All(orders, order => Assert.True(order.IsOut));
            Assert.All(books, book => Assert.Equal((0, 0), (book.Level.OnHand, book.Level.Reserved)));
        }, iter: 5_000);
    }

    [Fact]
    public void The_earliest_order_takes_what_those_after_it_hold_and_have_not_released()
    {
        var books = Enumerable.Range(0, 2).Select(_ => new StockBook(new StoredStock(default, []))).ToArray();
        foreach (var book in books)
            Count(book, 1);
        var (early, late) = (new Buyer(0, 3, books), new Buyer(1, 3, books));
        books[0].Reserve(late.Request(1, 0, mayWait: true), null, []);
        books[1].Reserve(early.Request(1, 0, mayWait: true), null, []);
        foreach (var order in new[] { late, early })
        {
            foreach (var _ in order.Turn()) { }
        }

        Assert.True(early.IsOut);
        Assert.False(late.IsOut);
    }

    /// <summary>In each round every order has a turn, and one call of one turn is made at a time.</summary>
    private static void Play(Buyer[] orders, Random chance, int rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            var turns = orders.Select(order => order.Turn().GetEnumerator()).ToList();
            while (turns.Count > 0)
            {
                var at = chance.Next(turns.Count);
                if (!turns[at].MoveNext())
                    turns.RemoveAt(at);
            }
        }
    }

    private static void Count(StockBook book, int units) => book.Count(
        new StockMovement("count", MovementKind.Counted, 0, 0, "", OrderWorld.Noon), units);

    private sealed class Buyer(int placed, int set, StockBook[] books)
    {
        private readonly StockBook[] _needed = [.. books.Where((_, sku) => (set >> sku & 1) == 1)];

        public bool IsOut { get; private set; }

        public IEnumerable<int> Turn()
        {
            if (IsOut)
                yield break;
            for (var attempt = 0; attempt < 2; attempt++)
            {
                var taken = new List<StockBook>();
                foreach (var book in _needed)
                {
                    if (Say(book, Request(1, 1, mayWait: false)) == ReservationOutcome.Held)
                        taken.Add(book);
                    yield return 0;
                }

                if (taken.Count == _needed.Length)
                {
                    IsOut = true;
                    foreach (var book in _needed)
                        Say(book, Request(0, 0, mayWait: false), new ShippedUnits("S", 1, OrderWorld.Noon.AddHours(1)));
                    yield break;
                }

                foreach (var book in taken)
                {
                    Say(book, Request(attempt, 0, mayWait: true));
                    yield return 0;
                }

                foreach (var book in _needed)
                {
                    Say(book, Request(1, 0, mayWait: true));
                    yield return 0;
                }
            }
        }

        public ReservationRequest Request(int units, int atWarehouse, bool mayWait) => new(
            new OrderKey("acme", $"{placed}"), "1", units, [], OrderWorld.Noon.AddSeconds(placed), mayWait,
            atWarehouse);

        private static ReservationOutcome Say(
            StockBook book, ReservationRequest request, params ShippedUnits[] shipped) =>
            book.Reserve(request, book.Find(new ReservationId(request.Order, request.LineId)), shipped).Outcome;
    }
}
