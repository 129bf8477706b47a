using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Judging;

/// <summary>What the product's own audit must say when all is quiet. It decides nothing. Pure.</summary>
internal static class AuditModel
{
    /// <param name="audit">What it said; null: it did not answer.</param>
    /// <param name="found">What the judge found.</param>
    /// <param name="world">The facts outside.</param>
    /// <param name="database">The facts inside.</param>
    public static IEnumerable<Violation> Judge(
        Audit? audit, IReadOnlyList<Violation> found, WorldFacts world, DatabaseFacts database)
    {
        if (audit is null)
        {
            yield return Say("the product gives no audit");
            yield break;
        }

        var (overcommitted, contradicted) = Expect(world, database);
        var right = new AuditStock(0, 0, 0, audit.Stock.Overcommitted, 0, 0, audit.Stock.Contradicted);
        if (found.Count > 0 && audit.Balanced)
        {
            yield return Say($"the audit says that all is balanced, and the judge has found {found.Count} faults, such "
                + $"as: {found[0].What}");
        }

        if (found.Count > 0) yield break;
        if (audit.Stock != right || audit.Stock.Overcommitted > 0 != overcommitted
            || audit.Stock.Contradicted > 0 != contradicted)
        {
            yield return Say($"the audit says {audit.Stock}; warehouses have orders for more than is there: "
                + $"{overcommitted}, and have shipped more than there was: {contradicted}");
        }

        if (audit.Balanced == (overcommitted || contradicted))
            yield return Say($"the audit says balanced: {audit.Balanced}, and the judge finds nothing; {audit}");
        var parked = database.Receipts.Count(row => row.Outcome == "parked");
        if (audit.Receipts.Received != database.Receipts.Count || audit.Receipts.Parked != parked)
        {
            yield return Say($"the audit counts {audit.Receipts.Received} receipts, {audit.Receipts.Parked} of them "
                + $"parked, and there are {database.Receipts.Count}, {parked} parked");
        }

        if (audit.Messages.Created != database.Messages.Count)
        {
            yield return Say($"the audit counts {audit.Messages.Created} messages, and there are "
                + $"{database.Messages.Count}");
        }
    }

    /// <summary>Whether warehouses have orders for what is not there, and shipped what was not.</summary>
    private static (bool Overcommitted, bool Contradicted) Expect(WorldFacts world, DatabaseFacts database)
    {
        var asked = new Dictionary<(string, string), int>();
        foreach (var taken in world.Taken)
        {
            foreach (var line in taken.Order.Take.Lines)
            {
                var place = (taken.Location, line.Sku);
                asked[place] = asked.GetValueOrDefault(place) + taken.Outstanding(line.LineId);
            }
        }

        return (
            database.Stock.Any(row => asked.GetValueOrDefault((row.Location, row.Sku)) > Math.Max(0, row.Units)),
            database.Stock.Any(row => row.Units < 0));
    }

    private static Violation Say(string what) => new("audit", what, "audit");
}
