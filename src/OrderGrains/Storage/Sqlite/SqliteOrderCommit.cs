using OrderGrains.Orders;

namespace OrderGrains.Storage.Sqlite;

/// <summary>What one turn of an order writes, within the savepoint of one write.</summary>
internal static class SqliteOrderCommit
{
    /// <summary>False on a version conflict: then nothing was written.</summary>
    public static bool Write(SqliteSession session, OrderCommit commit)
    {
        if (commit.Next is { } next && !TryWriteState(session, commit, next))
            return false;

        // What is closed comes first: a reference has at most one open message.
        foreach (var id in commit.Superseded)
            SqliteOutboxCommit.Supersede(session, id, commit.At);
        if (commit.Delivered is { } delivered)
            SqliteOutboxCommit.Deliver(session, delivered, commit.At);
        foreach (var message in commit.Messages)
            SqliteOutboxCommit.Insert(session, message);
        foreach (var entry in commit.Timeline)
            SqliteTimeline.Append(session, commit.Key.ToString(), entry);
        if (commit.Receipt is { } settlement)
            SqliteInbox.Settle(session, settlement);
        if (commit.Redacts)
            Redact(session, commit);
        return true;
    }

    /// <summary>What is kept beside the state. The timeline tells which receipts are the order's.</summary>
    private static void Redact(SqliteSession session, OrderCommit commit)
    {
        (string, object?)[] values =
            [("$key", commit.Key), ("$reason", OrderCommit.RedactedReason), ("$at", commit.At)];
        session.Execute(
            """
            update receipt set
                body = null, fetched = null, fetched_at = null, reason = iif(outcome = 'parked', $reason, reason),
                settled_at = iif(outcome = 'parked', $at, settled_at),
                outcome = iif(outcome = 'parked', 'ignored', outcome)
            where outcome <> 'pending'
                and id in (select receipt_id from timeline where order_key = $key and receipt_id is not null)
            """,
            values);
        session.Execute(
            "update timeline set said = null where order_key = $key and said is not null", ("$key", commit.Key));
        session.Execute(
            """
            update message set last_answer = null
            where subject = $key and subject_kind = 'order' and last_answer is not null
            """,
            ("$key", commit.Key));
    }

    private static bool TryWriteState(SqliteSession session, OrderCommit commit, Order next)
    {
        var number = OrderSearch.NumberOf(next);
        (string, object?)[] state =
        [
            ("$key", commit.Key), ("$number", number), ("$status", StoredName.Of(next.Status)),
            ("$waiting", next.Allocations.Sum(a => a.Waiting)), ("$reserved_until", next.ReservedUntil),
            ("$placed_at", next.Storefront?.PlacedAt), ("$changed_at", commit.At),
            ("$number_search", number is null ? null : OrderSearch.Normalize(number)),
            ("$state", StoredJson.Write(next)),
        ];
        if (commit.ExpectedVersion == 0)
        {
            return session.Execute(
                """
                insert into order_state (
                    key, source, order_id, number, status, waiting, reserved_until, version, placed_at, changed_at,
                    id_search, number_search, state)
                values (
                    $key, $source, $order_id, $number, $status, $waiting, $reserved_until, 1, $placed_at, $changed_at,
                    $id_search, $number_search, $state)
                on conflict (key) do nothing
                """,
                [.. state, ("$source", commit.Key.Source), ("$order_id", commit.Key.OrderId),
                    ("$id_search", OrderSearch.Normalize(commit.Key.OrderId))]) == 1;
        }

        return session.Execute(
            """
            update order_state set
                number = $number, status = $status, waiting = $waiting, reserved_until = $reserved_until,
                version = version + 1,
                placed_at = $placed_at, changed_at = $changed_at, number_search = $number_search, state = $state
            where key = $key and version = $expected
            """,
            [.. state, ("$expected", commit.ExpectedVersion)]) == 1;
    }
}
