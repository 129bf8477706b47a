using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>What an order's commit does to messages.</summary>
internal static class SqliteOutboxCommit
{
    public static void Insert(SqliteSession session, OutboundMessage message) => session.Execute(
        """
        insert into message (
            id, destination, kind, state, order_key, reference, created_at, caused_at, trace_parent, attempts,
            next_attempt_at)
        values (
            $id, $destination, $kind, 'due', $order_key, $reference, $created_at, $caused_at, $trace_parent, 0,
            $created_at)
        """,
        ("$id", message.Id), ("$destination", message.Destination), ("$kind", StoredName.Of(message.Kind)),
        ("$order_key", message.OrderKey), ("$reference", message.Reference), ("$created_at", message.CreatedAt),
        ("$caused_at", message.CausedAt), ("$trace_parent", message.TraceParent));

    public static void Supersede(SqliteSession session, Guid id, DateTimeOffset at) => session.Execute(
        """
        update message set state = 'superseded', reason = 'superseded', settled_at = $at, parked_at = null
        where id = $id and state in ('due', 'parked')
        """,
        ("$id", id), ("$at", at));

    public static void Deliver(SqliteSession session, Guid id, DateTimeOffset at) => session.Execute(
        "update message set state = 'delivered', settled_at = $at where id = $id and state = 'due'",
        ("$id", id), ("$at", at));
}
