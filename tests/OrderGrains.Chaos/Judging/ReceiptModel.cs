using System.Net;

namespace OrderGrains.Chaos.Judging;

/// <summary>What must have become of each webhook, by what its sender was answered. Pure.</summary>
internal static class ReceiptModel
{
    private static readonly string[] Partial = ["orders/edited", "refunds/create", "orders/delete"];

    public static IEnumerable<Violation> Judge(
        WorldFacts world, DatabaseFacts database, LeewaysUsed leeways)
    {
        var rows = database.Receipts.ToLookup(row => (row.Source, Id: row.DeliveryId ?? ""));
        var tries = world.Tries.ToLookup(each => (each.Source, Id: each.WebhookId));
        foreach (var webhook in tries)
        {
            var of = Of(webhook.Key.Source, webhook.Key.Id);
            var receipts = rows[webhook.Key].ToList();
            if (!webhook.Any(each => each.Status is HttpStatusCode.OK))
                leeways.Use(Leeway.Unanswered, of);
            else if (receipts.Count == 0)
            {
                var last = webhook.First(each => each.Status is HttpStatusCode.OK);
                yield return new Violation(of,
                    $"{of} ({last.What}) had its 200 from silo {last.Silo} at {last.To:HH:mm:ss.fff}, and is not in "
                    + "the database", "receipt lost");
            }

            if (receipts.Count > webhook.Count())
            {
                yield return new Violation(of,
                    $"{of} was sent {webhook.Count()} times, and has {receipts.Count} receipts", "receipt invented");
            }

            var applied = receipts.Count(row => row.Outcome == "applied" && row.Kind != "stock.counted");
            if (applied > 1)
            {
                yield return new Violation(of, $"{of} ({receipts[0].Kind}) took effect {applied} times",
                    "applied twice");
            }
        }

        foreach (var found in JudgeOutcomes(world, database)) yield return found;
        foreach (var stranger in rows.Where(row => !tries.Contains(row.Key)))
        {
            var of = Of(stranger.Key.Source, stranger.Key.Id);
            yield return new Violation(of, $"{of} is in the database, and nobody sent it", "receipt invented");
        }
    }

    public static string Of(string source, string id) => $"{source} {id}";

    private static IEnumerable<Violation> JudgeOutcomes(WorldFacts world, DatabaseFacts database)
    {
        var pending = database.Receipts.Count(row => !row.IsSettled);
        if (pending > 0)
            yield return new Violation("receipts", $"{pending} receipts are pending", "pending");
        var orders = database.Receipts.Where(row => row.OrderKey is not null)
            .ToLookup(row => row.OrderKey!, StringComparer.Ordinal);
        var counts = database.Receipts.Where(row => row.Said.Type == "stock.counted").ToList();
        var releases = database.Receipts.Where(row => row.Said.Reference is not null)
            .ToLookup(row => row.Said.Reference!, StringComparer.OrdinalIgnoreCase);
        foreach (var row in database.Receipts.Where(row => row.Outcome is "parked" or "ignored" or "stale"))
        {
            var isExplained = row.Outcome == "stale" && (row.Source == world.Shop
                ? orders[row.OrderKey ?? ""].Any(other => IsNewer(other, row))
                : row.Said.Type == "stock.counted" ? HasNewerCounts(row, counts)
                : HasEnded(world, row, releases[row.Said.Reference ?? ""]));
            if (isExplained) continue;
            var of = Of(row.Source, row.DeliveryId ?? "");
            yield return new Violation(of, $"{of} ({row.Kind}) is {row.Outcome}, without a cause that anybody knows: "
                + row.Reason, row.Outcome);
        }
    }

    /// <summary>Another webhook states the whole order of the same second or later.</summary>
    private static bool IsNewer(ReceiptRow other, ReceiptRow stale) =>
        other != stale && !Partial.Contains(other.Topic, StringComparer.Ordinal)
        && other.Said.At is { } theirs && stale.Said.At is { } ours && Second(theirs) >= Second(ours);

    private static long Second(DateTimeOffset at) => at.UtcTicks / TimeSpan.TicksPerSecond;

    /// <summary>Each of its SKUs has another count, of its time or later.</summary>
    private static bool HasNewerCounts(ReceiptRow stale, List<ReceiptRow> counts) =>
        stale.Said.Skus?.All(sku => counts.Exists(other => other != stale && other.Said.At >= stale.Said.At
            && other.Said.Location == stale.Said.Location
            && other.Said.Skus?.Contains(sku, StringComparer.Ordinal) == true)) == true;

    /// <summary>
    /// The release had ended when its event was heard: it was stopped, another event had ended it, or the warehouse had
    /// said so when it was asked.
    /// </summary>
    private static bool HasEnded(WorldFacts world, ReceiptRow stale, IEnumerable<ReceiptRow> same) =>
        same.Any(other => other != stale && other.Said.Type is "order.refused" or "order.cancelled")
        || world.Taken.Any(taken => taken.Order.CancelsAsked > 0
            && taken.Reference.Equals(stale.Said.Reference, StringComparison.OrdinalIgnoreCase))
        || world.Calls.Any(call => call.What is "looked up" or "too late"
            && call.Reference.Equals(stale.Said.Reference, StringComparison.OrdinalIgnoreCase));
}
