namespace OrderGrains.Orders;

/// <summary>What a warehouse may ship of a release (<see cref="Release.Asked"/>). Pure.</summary>
internal static class AskedLines
{
    /// <summary>It was asked for these lines too: it may have heard the one or the other.</summary>
    public static IReadOnlyList<ReleaseLine> Most(IReadOnlyList<ReleaseLine> asked, IReadOnlyList<ReleaseLine> lines) =>
        Merge(asked, lines, Math.Max);

    /// <summary>It agreed to these lines, and so to none of the others.</summary>
    public static IReadOnlyList<ReleaseLine> Agreed(
        IReadOnlyList<ReleaseLine> asked, IReadOnlyList<ReleaseLine> lines) =>
        Merge(asked, lines, (_, agreed) => agreed);

    /// <summary>The many have at least the units of each of the few.</summary>
    public static bool Cover(IReadOnlyList<ReleaseLine> many, IReadOnlyList<ReleaseLine> few) =>
        few.All(line => OrderFacts.Units(many, line.LineId, line.Sku) >= line.Quantity);

    private static ReleaseLine[] Merge(
        IReadOnlyList<ReleaseLine> asked, IReadOnlyList<ReleaseLine> lines, Func<int, int, int> units) =>
    [
        .. asked.Select(line => line with
        {
            Quantity = units(line.Quantity, OrderFacts.Units(lines, line.LineId, line.Sku)),
        }),
        .. lines.Where(line => asked.All(a => (a.LineId, a.Sku) != (line.LineId, line.Sku))),
    ];
}
