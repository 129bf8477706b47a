using System.Data.Common;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The outbound messages. Each act and its line in the order's timeline are one write.</summary>
internal sealed class SqliteOutbox(SqliteDatabase database) : IOutbox
{
    private const string Parked =
        "id, destination, kind, subject_kind, subject, sequence_key, event_type, reason, last_answer, attempts, "
        + "parked_at";

    private static readonly string OfErased = OutboxTimeline.OfErased("o.state ->> '$.redaction'");

    /// <summary>
    /// What an act on a message says of it: its destination, its order, whether it is an event, and whether what was
    /// answered may be kept.
    /// </summary>
    private const string Told =
        "destination, case subject_kind when 'order' then subject end, kind = 'event', last_answer is not null";

    public async Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset? now, int countMax, DateTimeOffset since = default,
        string? source = null) =>
        await database.ReadAsync(session => session.List(
            """
            select id, destination, kind, subject_kind, subject, sequence_key, sequence, event_type, event_data,
                created_at, caused_at, trace_parent, attempts, next_attempt_at, rowid, tried
            from message as m
            where state = 'due' and destination = $destination and next_attempt_at >= $since
                and next_attempt_at <= coalesce($now, 9223372036854775807)
                and ($source is null
                    or iif(subject_kind = 'order', substr(subject, 1, instr(subject, '/') - 1), '') = $source)
                and (sequence is null or not exists (
                    select 1 from message as e
                    where e.state = 'due' and e.sequence is not null and e.destination = m.destination
                        and e.sequence_key = m.sequence_key and e.sequence < m.sequence))
            order by next_attempt_at, id limit $count
            """,
            ReadMessage, ("$destination", destination), ("$since", since), ("$now", now), ("$count", countMax),
            ("$source", source)));

    public async Task<long> MarkAsync() => await database.ReadAsync(session => session.Find(
        "select coalesce(max(rowid), 0) from message", row => row.GetInt64(0)));

    public Task<DateTimeOffset?> NextDueAtAsync(string destination, DateTimeOffset after = default) =>
        database.ReadAsync(session => session.Find(
            """
            select min(next_attempt_at) from message
            where state = 'due' and destination = $destination and next_attempt_at > $after
            """,
            row => row.FindTime(0), ("$destination", destination), ("$after", after)));

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        ActAsync(
            $"""
            update message as m set attempts = $attempts, tried = 1, next_attempt_at = $next,
                last_answer = iif({OfErased}, null, $answer)
            where id = $id and state = 'due' returning {Told}
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
            $"""
            update message as m set
                state = 'parked', attempts = $attempts, tried = 1, reason = $reason, parked_at = $at,
                last_answer = iif({OfErased}, null, $answer)
            where id = $id and state = 'due' returning {Told}
            """,
            destination => OutboxTimeline.Parked(id, destination, attempt, reason),
            ("$id", id), ("$attempts", attempt.Number), ("$answer", attempt.Answer), ("$reason", reason),
            ("$at", attempt.At)) is not null;

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) =>
        ActAsync(
            $"""
            update message set state = 'due', attempts = 0, next_attempt_at = $at, reason = null, parked_at = null
            where id = $id and state = 'parked' returning {Told}
            """,
            destination => OutboxTimeline.Resumed(id, destination, actor, at), ("$id", id), ("$at", at));

    public Task<int> ResumeManyAsync(
        ParkedFilter filter, string actor, DateTimeOffset at, double? perSecond, int countMax) =>
        database.WriteAsync(session =>
        {
            var where = WhereParked(filter);
            var apart = perSecond is { } rate ? TimeSpan.FromSeconds(1 / rate) : TimeSpan.Zero;
            var chosen = session.List(
                $"""
                select id, destination, case subject_kind when 'order' then subject end
                from message indexed by message_parked {where} order by parked_at, id limit $count
                """,
                row => (Id: row.GetId(0), Destination: row.GetString(1), Order: row.FindText(2)),
                where.Values(("$count", countMax)));
            foreach (var (place, message) in chosen.Index())
            {
                session.Execute(
                    """
                    update message set
                        state = 'due', attempts = 0, next_attempt_at = $next, reason = null, parked_at = null
                    where id = $id
                    """,
                    ("$id", message.Id), ("$next", at + (apart * place)));
                if (message.Order is { } order)
                {
                    SqliteTimeline.Append(
                        session, order, OutboxTimeline.Resumed(message.Id, message.Destination, actor, at));
                }
            }

            return chosen.Count;
        });

    public async Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at) =>
        await ActAsync(
            $"""
            update message set
                state = 'superseded', reason = $reason, settled_at = $at, parked_at = null
            where id = $id and state = 'parked' returning {Told}
            """,
            destination => OutboxTimeline.Discarded(id, destination, actor, reason, at),
            ("$id", id), ("$reason", reason), ("$at", at)) is not null;

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => database.ReadAsync(session => session.Find(
        $"select {Parked} from message where id = $id and state = 'parked'", ReadParked, ("$id", id)));

    public Task<Guid?> FindFirstParkedAsync(ParkedFilter filter)
    {
        var where = WhereParked(filter);
        return database.ReadAsync(session => session.Find(
            $"select id from message indexed by message_parked {where} order by parked_at, id limit 1",
            row => (Guid?)row.GetId(0), where.Values()));
    }

    public async Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page)
    {
        long? afterTime = null;
        Guid? afterId = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterId) = (Cursor.ParseNumber(parts[0]), Cursor.ParseId(parts[1]));
        }

        var where = WhereParked(filter)
            .And("(parked_at, id) < ($after_time, $after_id)", ("$after_time", afterTime), ("$after_id", afterId));
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
        $"""
        select {Tally.Columns("all", "delivered", "superseded", "parked", "due")} from tally where name = 'message'
        """,
        row => new OutboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))))!;

    public Task DeliverAsync(Guid id, DateTimeOffset at) => database.WriteAsync(session =>
    {
        SqliteOutboxCommit.Deliver(session, id, at);
        return true;
    });

    public Task AppendAsync(IReadOnlyList<OutboundMessage> messages) => database.WriteAsync(session =>
    {
        foreach (var message in messages)
        {
            if (message.CoalescingKey is null)
                SqliteOutboxCommit.Insert(session, message);
            else
                SqliteOutboxCommit.Replace(session, message);
        }

        return true;
    });

    /// <summary>
    /// Changes a message and says so in the timeline of its subject, when that is an order; its destination, null when
    /// unchanged.
    /// </summary>
    private Task<string?> ActAsync(
        string update, Func<string, TimelineEntry> entry, params (string Name, object? Value)[] values) =>
        database.WriteAsync(session =>
        {
            var (destination, order, isEvent, isKept) = session.Find(
                update, row => (row.GetString(0), row.FindText(1), row.GetBoolean(2), row.GetBoolean(3)), values);
            if (destination is null || order is null || !OutboxTimeline.Tells(entry(destination), isEvent))
                return destination;
            var told = entry(destination);
            SqliteTimeline.Append(session, order, isKept ? told : told with { Said = null });
            return destination;
        });

    private static SqlFilter WhereParked(ParkedFilter filter) => new SqlFilter()
        .And("state = 'parked'")
        .And("destination = $destination", ("$destination", filter.Destination))
        .And("reason = $reason", ("$reason", filter.Reason))
        .And("reason like $given_up || '%'", ("$given_up", filter.GivenUp ? ParkedFilter.GivenUpReason : null));

    private static OutboundMessage ReadMessage(DbDataReader row) => new()
    {
        Id = row.GetId(0),
        Destination = row.GetString(1),
        Kind = row.GetName<MessageKind>(2),
        Subject = new Subject(row.GetName<SubjectKind>(3), row.GetString(4)),
        SequenceKey = row.GetString(5),
        Sequence = row.IsDBNull(6) ? null : row.GetInt64(6),
        Event = row.FindText(7) is { } type ? new EventFacts(type, row.FindText(8)) : null,
        CreatedAt = row.GetTime(9),
        CausedAt = row.FindTime(10),
        TraceParent = row.FindText(11),
        Attempts = row.GetInt32(12),
        NextAttemptAt = row.GetTime(13),
        Written = row.GetInt64(14),
        Tried = row.GetBoolean(15),
    };

    private static ParkedMessage ReadParked(DbDataReader row) => new(
        row.GetId(0), row.GetString(1), row.GetName<MessageKind>(2),
        new Subject(row.GetName<SubjectKind>(3), row.GetString(4)), row.FindText(6) ?? row.GetString(5),
        row.GetString(7), row.FindText(8), row.GetInt32(9), row.GetTime(10));
}
