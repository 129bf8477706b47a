using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos.Trade;

/// <summary>
/// Draws an order's story from the seed and the order's place alone. So an order that is left out changes no other.
/// </summary>
/// <remarks>
/// What is left out because nobody could say what is right:
/// two acts on units in one second (the version cannot tell which came first, and a snapshot cannot tell which it has
/// in); an act on units in the second of the create, for the same reason;
/// a refund before the payment, and anything but a note or the deletion after the cancel: the shop does not do it.
/// Acts that leave the units alone, and the cancel, do share a second at times: their snapshots name their order.
/// </remarks>
internal static class OrderDraw
{
    /// <summary>No story is longer, so that a run ends. A short run tells it faster.</summary>
    private static readonly TimeSpan StoryMax = TimeSpan.FromSeconds(28);

    private static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(20);

    public static IEnumerable<OrderPlan> All(ChaosOptions options) =>
        Enumerable.Range(0, (int)Math.Ceiling(options.OrdersPerSecond * options.Duration.TotalSeconds))
            .Where(place => options.Orders?.Contains(place) ?? true)
            .Select(place => One(options, place));

    public static OrderPlan One(ChaosOptions options, int place)
    {
        var random = Draw.For(options.Seed, "order", place);
        var at = TimeSpan.FromSeconds((place + random.NextDouble()) / options.OrdersPerSecond);
        var lines = DrawLines(random);
        var payment = random.Next(100);
        var paid = payment < 70;
        var acts = new List<ShopAct>();
        var after = TimeSpan.Zero;
        for (var left = DrawActs(random); left > 0; left--)
        {
            after += DrawPause(random);
            acts.Add(DrawAct(random, after, lines.Count));
        }
        // Of a hundred, 24 pay later and six never do.
        if (payment is >= 70 and < 94)
            acts.Add(Act(random, ActKind.Pay, DrawPause(random)));
        var create = DrawSending(random);
        if (random.Next(100) < 18)
        {
            var cancel = Act(random, ActKind.Cancel, DrawCancel(random));
            acts.Add(cancel);
            if (random.Next(100) < 25) acts.Add(Act(random, ActKind.Delete, cancel.After + DrawPause(random)));
            // The cancel is there before the create.
            if (random.Next(100) < 25)
            {
                create = create with
                {
                    Late = cancel.After + cancel.First.Late + TimeSpan.FromSeconds(0.5 + random.NextDouble()),
                };
            }
        }
        return new OrderPlan(place, at, paid, lines, create * options.Pace,
            [.. Legal(acts, lines, paid).Select(act => act * options.Pace)]);
    }

    /// <summary>Goes through the acts as the shop will, and leaves out what it could not do.</summary>
    private static IEnumerable<ShopAct> Legal(
        List<ShopAct> acts, List<(CatalogueItem Item, int Quantity)> lines, bool paid)
    {
        var units = lines.Select(line => line.Quantity).ToArray();
        var cancelled = false;
        var isFirst = true;
        foreach (var drawn in acts.Where(act => act.After <= StoryMax).OrderBy(act => act.After))
        {
            var act = drawn;
            if (cancelled && act.Kind is not (ActKind.Note or ActKind.Delete)) continue;
            switch (act.Kind)
            {
                case ActKind.Edit:
                    act = act with { Units = Edited(act.Units, units[act.Line], lines[act.Line].Quantity) };
                    if (act.Units == units[act.Line]) continue;
                    units[act.Line] = act.Units;
                    break;
                case ActKind.Refund:
                    if (!paid || units[act.Line] == 0) continue;
                    act = act with { Units = 1 + (act.Units % units[act.Line]) };
                    units[act.Line] -= act.Units;
                    break;
                case ActKind.Pay when paid:
                    continue;
                case ActKind.Pay:
                    paid = true;
                    break;
                case ActKind.Cancel:
                    cancelled = true;
                    break;
                case ActKind.Delete when !cancelled:
                    continue;
            }
            var isOfUnits = act.Kind is ActKind.Edit or ActKind.Refund or ActKind.Delete;
            yield return act with { SameSecond = act.SameSecond && !isOfUnits && !isFirst };
            isFirst = false;
            if (act.Kind is ActKind.Delete) yield break;
        }
    }

    /// <summary>One more, one fewer, none at all, or back to what was bought.</summary>
    private static int Edited(int draw, int now, int bought) => (draw % 10) switch
    {
        < 4 => now + 1,
        < 7 => Math.Max(0, now - 1),
        < 9 => now == 0 ? bought : 0,
        _ => Math.Max(now, bought),
    };

    private static ShopAct DrawAct(Random random, TimeSpan after, int lines)
    {
        var kind = random.Next(100) switch
        {
            < 45 => ActKind.Edit,
            < 65 => ActKind.Refund,
            _ => ActKind.Note,
        };
        return Act(random, kind, after) with { Line = random.Next(lines), Units = random.Next(60) };
    }

    private static ShopAct Act(Random random, ActKind kind, TimeSpan after) =>
        new(after, kind, DrawSending(random), DrawSending(random), SameSecond: random.Next(100) < 15);

    /// <summary>Most webhooks go out at once, some overtake others, and a few are stragglers.</summary>
    private static Sending DrawSending(Random random)
    {
        var late = random.Next(100) switch
        {
            < 68 => 0,
            < 86 => random.NextDouble(),
            < 95 => 5 * random.NextDouble(),
            _ => 5 + (10 * random.NextDouble()),
        };
        TimeSpan? again = random.Next(100) < 12 ? TimeSpan.FromSeconds(8 * random.NextDouble()) : null;
        TimeSpan? replayed = random.Next(100) < 6 ? TimeSpan.FromSeconds(12 * random.NextDouble()) : null;
        return new Sending(TimeSpan.FromSeconds(late), again, replayed);
    }

    private static int DrawActs(Random random) => random.Next(100) switch
    {
        < 35 => 0,
        < 60 => 1,
        < 80 => 2,
        < 92 => 3,
        _ => 4,
    };

    /// <summary>Short ones are frequent: then acts meet what the acts before them have set off.</summary>
    private static TimeSpan DrawPause(Random random) => PauseMax * Math.Pow(random.NextDouble(), 2.5);

    /// <summary>At once, while the warehouse takes and picks it, or when it may have left.</summary>
    private static TimeSpan DrawCancel(Random random) => TimeSpan.FromSeconds(random.Next(3) switch
    {
        0 => random.NextDouble(),
        1 => 1 + (5 * random.NextDouble()),
        _ => 6 + (18 * random.NextDouble()),
    });

    private static List<(CatalogueItem Item, int Quantity)> DrawLines(Random random)
    {
        var lines = new List<(CatalogueItem Item, int Quantity)>();
        var count = random.Next(100) switch
        {
            < 40 => 1,
            < 65 => 2,
            < 82 => 3,
            < 93 => 4,
            _ => 5,
        };
        while (lines.Count < count)
        {
            var item = DrawItem(random);
            // Two lines of one thing happen, as when one has a name engraved, but seldom.
            if (lines.Any(line => line.Item == item) && random.Next(100) >= 10) continue;
            lines.Add((item, random.Next(10) switch { < 6 => 1, < 9 => 2, _ => random.Next(3, 5) }));
        }
        switch (random.Next(100))
        {
            case 0:
                return [(Premises.GiftCard, 1)];
            case < 8:
                lines[^1] = (Premises.GiftCard, 1);
                break;
        }
        return lines;
    }

    private static CatalogueItem DrawItem(Random random) => random.Next(100) switch
    {
        // The first of the hot ones is the hottest.
        < 35 => Premises.Hot[Math.Min(random.Next(Premises.Hot.Count), random.Next(Premises.Hot.Count))],
        < 60 => Premises.Warm[random.Next(Premises.Warm.Count)],
        _ => Premises.Cold[random.Next(Premises.Cold.Count)],
    };
}
