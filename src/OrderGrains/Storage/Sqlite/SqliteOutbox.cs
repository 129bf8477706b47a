using System.Data.Common;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The outbound messages. Each act and its line in the order's timeline are one write.</summary>
internal sealed class SqliteOutbox(SqliteDatabase database) : IOutbox
{
    private const string Parked =
        "id, destination, kind, order_key, reference, reason, last_answer, attempts, parked_at";

    public async Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset now, int countMax, DateTimeOffset since = default) =>
        await database.ReadAsync(session => session.List(
            """
            select id, destination, kind, order_key, reference, created_at, caused_at, trace_parent, attempts,
                next_attempt_at
            from message
            where state = 'due' and destination = $destination and next_attempt_at between $since and $now
            order by next_attempt_at, id limit $count
            """,
            ReadMessage, ("$destination", destination), ("$since", since), ("$now", now), ("$count", countMax)));

    public Task<DateTimeOffset?> NextDueAtAsync(string destination) => database.ReadAsync(session => session.Find(
        "select min(next_attempt_at) from message where state = 'due' and destination = $destination",
        row => row.FindTime(0), ("$destination", destination)));

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        ActAsync(
            """
            update message set attempts = $attempts, last_answer = $answer, next_attempt_at = $next
            where id = $id and state = 'due' returning destination, order_key
            """,
            destination => OutboxTimeline.Postponed(id, destination, attempt, nextAttemptAt),
            ("$id", id), ("$attempts", attempt.Number), ("$answer", attempt.Answer), ("$next", nextAttemptAt));

    public Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax) =>
        database.WriteAsync(session => session.Execute(
            """
            update message set next_attempt_at = created_at where id in (
                select id from message
                where state = 'due' and destination = $destination and next_attempt_at > $now and attempts > 0
                order by next_attempt_at, id limit $count)
            """,
            ("$destination", destination), ("$now", now), ("$count", countMax)));

    public async Task<bool> ParkAsync(Guid id, Attempt attempt, string reason) =>
        await ActAsync(
            """
            update message set
                state = 'parked', attempts = $attempts, last_answer = $answer, reason = $reason, parked_at = $at
            where id = $id and state = 'due' returning destination, order_key
            """,
            destination => OutboxTimeline.Parked(id, destination, attempt, reason),
            ("$id", id), ("$attempts", attempt.Number), ("$answer", attempt.Answer), ("$reason", reason),
            ("$at", attempt.At)) is not null;

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) =>
        ActAsync(
            """
            update message set state = 'due', attempts = 0, next_attempt_at = $at, reason = null, parked_at = null
            where id = $id and state = 'parked' returning destination, order_key
            """,
            destination => OutboxTimeline.Resumed(id, destination, actor, at), ("$id", id), ("$at", at));

    public async Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at) =>
        await ActAsync(
            """
            update message set
                state = 'superseded', reason = $reason, settled_at = $at, parked_at = null
            where id = $id and state = 'parked' returning destination, order_key
            """,
            destination => OutboxTimeline.Discarded(id, destination, actor, reason, at),
            ("$id", id), ("$reason", reason), ("$at", at)) is not null;

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => database.ReadAsync(session => session.Find(
        $"select {Parked} from message where id = $id and state = 'parked'", ReadParked, ("$id", id)));

    public async Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page)
    {
        long? afterTime = null;
        Guid? afterId = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterId) = (Cursor.ParseNumber(parts[0]), Cursor.ParseId(parts[1]));
        }

        var where = new SqlFilter()
            .And("state = 'parked'")
            .And("(parked_at, id) < ($after_time, $after_id)", ("$after_time", afterTime), ("$after_id", afterId))
            .And("destination = $destination", ("$destination", filter.Destination))
            .And("reason = $reason", ("$reason", filter.Reason));
        var rows = await database.ReadAsync(session => session.List(
            $"""
            select {Parked} from message indexed by message_parked {where}
            order by parked_at desc, id desc limit $limit
            """,
            ReadParked, where.Values(("$limit", Paging.Limit(page) + 1))));
        return Paging.Page(rows, page, row => Cursor.Of($"{StoredTime.Of(row.ParkedAt)}", row.Id.ToString("N")));
    }

    public async Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync() =>
        await database.ReadAsync(session => session.List(
            """
            select destination, reason, count(*) from message indexed by message_parked where state = 'parked'
            group by destination, reason order by destination, reason
            """,
            row => new ParkedMessages(row.GetString(0), row.GetString(1), row.GetInt32(2))));

    public async Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync() =>
        await database.ReadAsync(session => session.List(
            """
            select destination, count(*), min(created_at), min(next_attempt_at)
            from message indexed by message_due
            where state = 'due' group by destination order by destination
            """,
            row => new DestinationDepth(row.GetString(0), row.GetInt64(1), row.GetTime(2), row.GetTime(3))));

    public Task<OutboxAudit> AuditAsync() => database.ReadAsync(session => session.Find(
        """
        select count(*),
            count(*) filter (where state = 'delivered'), count(*) filter (where state = 'superseded'),
            count(*) filter (where state = 'parked'), count(*) filter (where state = 'due')
        from message
        """,
        row => new OutboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))))!;

    /// <summary>Changes a message and says so in its order's timeline; its destination, null when unchanged.</summary>
    private Task<string?> ActAsync(
        string update, Func<string, TimelineEntry> entry, params (string Name, object? Value)[] values) =>
        database.WriteAsync(session =>
        {
            var (destination, orderKey) = session.Find(update, row => (row.GetString(0), row.GetString(1)), values);
            if (destination is not null)
                SqliteTimeline.Append(session, orderKey, entry(destination));
            return destination;
        });

    private static OutboundMessage ReadMessage(DbDataReader row) => new()
    {
        Id = row.GetId(0),
        Destination = row.GetString(1),
        Kind = row.GetName<MessageKind>(2),
        OrderKey = OrderKey.Parse(row.GetString(3)),
        Reference = row.GetString(4),
        CreatedAt = row.GetTime(5),
        CausedAt = row.FindTime(6),
        TraceParent = row.FindText(7),
        Attempts = row.GetInt32(8),
        NextAttemptAt = row.GetTime(9),
    };

    private static ParkedMessage ReadParked(DbDataReader row) => new(
        row.GetId(0), row.GetString(1), row.GetName<MessageKind>(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.FindText(6), row.GetInt32(7), row.GetTime(8));
}
