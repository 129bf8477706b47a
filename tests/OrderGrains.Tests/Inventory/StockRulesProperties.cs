using CsCheck;
using OrderGrains.Connectors;
using OrderGrains.Inventory;
using OrderGrains.Tests.Orders;
using Xunit;

namespace OrderGrains.Tests.Inventory;

public sealed class StockRulesProperties
{
    private enum Act
    {
        Reserve,
        TryReserve,
        Ship,
        Count,
        Adjust,
        Grant,
    }

    [Fact]
    public void Reserved_is_what_the_lines_hold_and_never_beyond_what_is_on_hand()
    {
        var acts = Gen.Select(Gen.Enum<Act>(), Gen.Int[0, 4], Gen.Int[0, 12]).Array[1, 40];
        acts.Sample(story =>
        {
            var (level, lines, model) = (default(StockLevel), new Reservation?[5], new Model());
            foreach (var (act, who, units) in story)
            {
                Play(ref level, lines, model, act, who, units);
                Assert.InRange(level.Reserved, 0, level.OnHand);
                Assert.Equal(level.Reserved, lines.Sum(l => l?.Quantity ?? 0));
                Assert.Equal((model.OnHand, model.Text()), (level.OnHand, Text(lines)));
            }
        }, iter: 20_000);
    }

    private static void Play(ref StockLevel level, Reservation?[] lines, Model model, Act act, int who, int units)
    {
        switch (act)
        {
            case Act.Reserve or Act.TryReserve or Act.Ship:
                var consumed = model.Consumed[who] + (act == Act.Ship ? units : 0);
                var wanted = act == Act.Ship ? Math.Max(0, model.Held[who] - units) : units;
                var othersWait = lines.Where((l, i) => i != who && l?.Waiting > 0).Any();
                var request = new ReservationRequest(
                    new OrderKey("acme", $"{who}"), "1", wanted, consumed, OrderWorld.Noon, act != Act.TryReserve);
                (level, lines[who], _) = StockRules.Reserve(level, lines[who], request, othersWait);
                model.Reserve(who, wanted, consumed, act != Act.TryReserve);
                break;
            case Act.Count or Act.Adjust:
                var onHand = act == Act.Count ? units * 2 : level.OnHand + units - 6;
                level = StockRules.Count(level, onHand, OrderWorld.Noon) ?? level;
                model.Count(onHand);
                break;
            case Act.Grant when lines[who] is { Waiting: > 0 } waiting:
                if (StockRules.Grant(level, waiting) is var (next, after))
                    (level, lines[who]) = (next, after);
                model.Grant(who);
                break;
        }
    }

    private static string Text(Reservation?[] lines) => string.Join(' ', lines.Select(
        l => $"{l?.Quantity ?? 0}+{l?.Waiting ?? 0}-{l?.Consumed ?? 0}"
                    + $"{(l?.Waiting > 0) == (l?.State == ReservationState.Waiting)}"));

    /// <summary>
    /// A shelf, a heap of units for each line, and tickets: written from the words of the contract alone.
    /// </summary>
    private sealed class Model
    {
        public int[] Held { get; } = new int[5];
        public int[] Consumed { get; } = new int[5];
        private readonly int[] waiting = new int[5];
        private int shelf;

        public int OnHand => shelf + Held.Sum();

        public void Reserve(int who, int wanted, int consumed, bool mayWait)
        {
            for (; Consumed[who] < consumed; Consumed[who]++)
            {
                if (Held[who] > 0)
                    Held[who]--;
                else if (shelf > 0)
                    shelf--;
            }

            var queue = waiting.Where((w, i) => i != who && w > 0).Any();
            for (; Held[who] > wanted; Held[who]--)
                shelf++;
            var missing = wanted - Held[who];
            if (missing <= shelf && (!queue || missing == 0))
            {
                (shelf, Held[who], waiting[who]) = (shelf - missing, wanted, 0);
            }
            else if (mayWait)
            {
                waiting[who] = missing;
            }
        }

        public void Count(int onHand)
        {
            if (onHand >= Held.Sum())
                shelf = onHand - Held.Sum();
        }

        public void Grant(int who)
        {
            if (waiting[who] <= shelf)
                (shelf, Held[who], waiting[who]) = (shelf - waiting[who], Held[who] + waiting[who], 0);
        }

        public string Text() => string.Join(' ', Held.Select((h, i) => $"{h}+{waiting[i]}-{Consumed[i]}True"));
    }
}
