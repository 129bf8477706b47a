namespace OrderGrains.Chaos.Judging;

/// <summary>What must have become of each message to a warehouse. Pure.</summary>
internal static class MessageModel
{
    public static IEnumerable<Violation> Judge(WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var due = database.Messages.Count(row => row.State == "due");
        if (due > 0)
        {
            var first = database.Messages.First(row => row.State == "due");
            yield return new Violation("messages",
                $"{due} messages are due, such as {first.Kind} {first.Reference} after {first.Attempts} attempts: "
                + (first.LastAnswer ?? "no answer"), "due");
        }

        foreach (var row in database.Messages.Where(row => row.State == "parked"))
        {
            if (IsExplained(world, row))
            {
                leeways.Use(Leeway.LeftToAPerson, row.Reference);
                continue;
            }

            yield return new Violation(row.OrderKey,
                $"{row.Kind} {row.Reference} is parked ({row.Reason}: {row.LastAnswer}), and {row.Destination} never "
                + "refused it for good", "message parked");
        }
    }

    /// <summary>Keys of orders of which a message waits for a person, as it should.</summary>
    public static IReadOnlySet<string> LeftToAPerson(WorldFacts world, DatabaseFacts database) => database.Messages
        .Where(row => row.State == "parked" && IsExplained(world, row)).Select(row => row.OrderKey)
        .ToHashSet(StringComparer.Ordinal);

    private static bool IsExplained(WorldFacts world, MessageRow row) =>
        row.Kind == "release" && world.RefusedForGood.Contains(row.Reference);
}
