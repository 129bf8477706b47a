using System.Data.Common;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>The outbound messages. Each act and its line in the order's timeline are one statement.</summary>
internal sealed class PostgresOutbox(PostgresDatabase database) : IOutbox
{
    private const string Parked =
        "id, destination, kind, order_key, reference, reason, last_answer, attempts, parked_at";

    public async Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset now, int countMax, DateTimeOffset since = default) =>
        await database.ListAsync(
            """
            select id, destination, kind, order_key, reference, created_at, caused_at, trace_parent, attempts,
                next_attempt_at
            from message
            where state = 'due' and destination = @destination and next_attempt_at between @since and @now
            order by next_attempt_at, id limit @count
            """,
            ReadMessage, ("@destination", destination), ("@since", since), ("@now", now), ("@count", countMax));

    public Task<DateTimeOffset?> NextDueAtAsync(string destination) => database.FindAsync(
        "select min(next_attempt_at) from message where state = 'due' and destination = @destination",
        row => row.FindTime(0), ("@destination", destination));

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        ActAsync(
            """
            update message set attempts = @attempts, last_answer = @answer, next_attempt_at = @next
            where id = @id and state = 'due'
            """,
            OutboxTimeline.Postponed(id, "", attempt, nextAttemptAt),
            ("@attempts", attempt.Number), ("@answer", attempt.Answer), ("@next", nextAttemptAt));

    // What an order's commit holds at this moment is settled by it: to wait for it could end in a deadlock.
    public Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax) => database.ExecuteAsync(
        """
        update message set next_attempt_at = created_at where id in (
            select id from message
            where state = 'due' and destination = @destination and next_attempt_at > @now and attempts > 0
            order by next_attempt_at, id limit @count for update skip locked)
        """,
        ("@destination", destination), ("@now", now), ("@count", countMax));

    public async Task<bool> ParkAsync(Guid id, Attempt attempt, string reason) =>
        await ActAsync(
            """
            update message set
                state = 'parked', attempts = @attempts, last_answer = @answer, reason = @reason, parked_at = @at
            where id = @id and state = 'due'
            """,
            OutboxTimeline.Parked(id, "", attempt, reason),
            ("@attempts", attempt.Number), ("@answer", attempt.Answer), ("@reason", reason)) is not null;

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) =>
        ActAsync(
            """
            update message set state = 'due', attempts = 0, next_attempt_at = @at, reason = null, parked_at = null
            where id = @id and state = 'parked'
            """,
            OutboxTimeline.Resumed(id, "", actor, at));

    public async Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at) =>
        await ActAsync(
            """
            update message set
                state = 'superseded', reason = @reason, settled_at = @at, parked_at = null
            where id = @id and state = 'parked'
            """,
            OutboxTimeline.Discarded(id, "", actor, reason, at), ("@reason", reason)) is not null;

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => database.FindAsync(
        $"select {Parked} from message where id = @id and state = 'parked'", ReadParked, ("@id", id));

    public async Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page)
    {
        DateTimeOffset? afterTime = null;
        Guid? afterId = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterId) = (StoredTime.Parse(Cursor.ParseNumber(parts[0])), Cursor.ParseId(parts[1]));
        }

        var where = new SqlFilter()
            .And("state = 'parked'")
            .And("(parked_at, id) < (@after_time, @after_id)", ("@after_time", afterTime), ("@after_id", afterId))
            .And("destination = @destination", ("@destination", filter.Destination))
            .And("reason = @reason", ("@reason", filter.Reason));
        var rows = await database.ListAsync(
            $"select {Parked} from message {where} order by parked_at desc, id desc limit @limit",
            ReadParked, where.Values(("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(rows, page, row => Cursor.Of($"{StoredTime.Of(row.ParkedAt)}", row.Id.ToString("N")));
    }

    public async Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync() => await database.ListAsync(
        """
        select destination, reason, count(*) from message where state = 'parked'
        group by destination, reason order by destination, reason collate "C"
        """,
        row => new ParkedMessages(row.GetString(0), row.GetString(1), (int)row.GetInt64(2)));

    public async Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync() => await database.ListAsync(
        """
        select destination, count(*), min(created_at), min(next_attempt_at) from message
        where state = 'due' group by destination order by destination
        """,
        row => new DestinationDepth(row.GetString(0), row.GetInt64(1), row.GetTime(2), row.GetTime(3)));

    public async Task<OutboxAudit> AuditAsync() => (await database.FindAsync(
        """
        select count(*),
            count(*) filter (where state = 'delivered'), count(*) filter (where state = 'superseded'),
            count(*) filter (where state = 'parked'), count(*) filter (where state = 'due')
        from message
        """,
        row => new OutboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))))!;

    /// <summary>Changes a message and says so in its order's timeline; its destination, null when unchanged.</summary>
    /// <param name="update">Without its RETURNING.</param>
    /// <param name="entry">Without its destination, which only the row can tell.</param>
    /// <param name="values">What <paramref name="update"/> needs besides the entry's message and time.</param>
    private async Task<string?> ActAsync(
        string update, TimelineEntry entry, params (string Name, object? Value)[] values)
    {
        var done = await database.WriteAsync(
            $"""
            with done as ({update} returning destination, order_key),
            told as (
                insert into timeline (order_key, at, entries)
                select order_key, @at, json_build_array(
                    @entry::jsonb || jsonb_build_object('summary', destination || (@entry::jsonb ->> 'summary')))
                from done)
            select destination from done
            """,
            row => row.GetString(0),
            [.. values, ("@id", entry.MessageId), ("@at", entry.At), ("@entry", StoredJson.Write(entry))]);
        return done is [var destination] ? destination : null;
    }

    private static OutboundMessage ReadMessage(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
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
        row.GetGuid(0), row.GetString(1), row.GetName<MessageKind>(2), row.GetString(3), row.GetString(4),
        row.GetString(5), row.FindText(6), row.GetInt32(7), row.GetTime(8));
}
