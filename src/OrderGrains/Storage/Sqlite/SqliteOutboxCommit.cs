using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>What commits do to messages.</summary>
internal static class SqliteOutboxCommit
{
    public static void Insert(SqliteSession session, OutboundMessage message) => session.Execute(
        """
        insert into message (
            id, destination, kind, state, subject_kind, subject, sequence_key, sequence, coalescing_key, event_type,
            event_data, created_at, caused_at, trace_parent, attempts, next_attempt_at)
        values (
            $id, $destination, $kind, 'due', $subject_kind, $subject, $sequence_key, $sequence, $coalescing_key,
            $event_type, $event_data, $created_at, $caused_at, $trace_parent, 0, $next_attempt_at)
        """,
        ("$id", message.Id), ("$destination", message.Destination), ("$kind", StoredName.Of(message.Kind)),
        ("$subject_kind", StoredName.Of(message.Subject.Kind)), ("$subject", message.Subject.Key),
        ("$sequence_key", message.SequenceKey), ("$sequence", message.Sequence),
        ("$coalescing_key", message.CoalescingKey), ("$event_type", message.Event?.Type),
        ("$event_data", message.Event?.Data), ("$created_at", message.CreatedAt), ("$caused_at", message.CausedAt),
        ("$trace_parent", message.TraceParent), ("$next_attempt_at", message.NextAttemptAt));

    /// <summary>In the place of the open one with its coalescing key, if there is one; due when that was.</summary>
    public static void Replace(SqliteSession session, OutboundMessage message)
    {
        var due = session.Find(
            """
            update message set state = 'superseded', reason = 'superseded', settled_at = $at, parked_at = null
            where destination = $destination and coalescing_key = $key and state in ('due', 'parked')
            returning next_attempt_at
            """,
            row => row.FindTime(0),
            ("$destination", message.Destination), ("$key", message.CoalescingKey), ("$at", message.CreatedAt));
        Insert(session, message with { NextAttemptAt = due ?? message.NextAttemptAt });
    }

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
