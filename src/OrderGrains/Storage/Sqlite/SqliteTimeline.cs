using OrderGrains.Orders;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The timeline's rows.</summary>
internal static class SqliteTimeline
{
    public static void Append(SqliteSession session, string orderKey, TimelineEntry entry) => session.Execute(
        """
        insert into timeline (order_key, at, kind, summary, receipt_id, message_id, actor, said)
        values ($order_key, $at, $kind, $summary, $receipt_id, $message_id, $actor, $said)
        """,
        ("$order_key", orderKey), ("$at", entry.At), ("$kind", StoredName.Of(entry.Kind)), ("$summary", entry.Summary),
        ("$receipt_id", entry.ReceiptId), ("$message_id", entry.MessageId), ("$actor", entry.Actor),
        ("$said", entry.Said));

    /// <summary>The newest entries, the oldest of them first.</summary>
    public static IReadOnlyList<TimelineEntry> List(SqliteSession session, string orderKey, int countMax)
    {
        var entries = session.List(
            """
            select at, kind, summary, receipt_id, message_id, actor, said from timeline
            where order_key = $order_key order by seq desc limit $count
            """,
            row => new TimelineEntry(
                row.GetTime(0), row.GetName<TimelineKind>(1), row.GetString(2), row.FindId(3), row.FindId(4),
                row.FindText(5), row.FindText(6)),
            ("$order_key", orderKey), ("$count", countMax));
        entries.Reverse();
        return entries;
    }
}
