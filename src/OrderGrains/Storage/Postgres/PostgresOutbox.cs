using System.Data.Common;
using Npgsql;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// The outbound messages. Each act and its line in the order's timeline are one statement. When a message is due, the
/// clock of the database says as well: a silo whose clock is minutes ahead neither puts a message off for as long nor
/// tries it before its time.
/// </summary>
internal sealed class PostgresOutbox : IOutbox, IAsyncDisposable
{
    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<Delivered, bool> _deliveries;

    private static readonly string OfErased = OutboxTimeline.OfErased("o.state::json -> 'redaction'");

    private const string Parked =
        "id, destination, kind, subject_kind, subject, sequence_key, event_type, reason, last_answer, attempts, "
        + "parked_at";

    public PostgresOutbox(PostgresDatabase database)
    {
        _database = database;
        _deliveries = new(
            database.Writers, DeliverAsync, new WriterLimits(WaitingMax: 4_096, BatchMax: 256, Rests: true),
            delivered => delivered.Id);
    }

    public async Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset? now, int countMax, DateTimeOffset since = default,
        string? source = null) =>
        await _database.ListAsync(
            """
            select id, destination, kind, subject_kind, subject, sequence_key, sequence, event_type, event_data,
                created_at, caused_at, trace_parent, attempts, next_attempt_at, written, tried
            from message as m
            where state = 'due' and destination = @destination and next_attempt_at >= @since
                and next_attempt_at <= case when @now::timestamptz is null then 'infinity'
                    else least(@now, now() + interval '2 seconds') end
                and (@source::text is null
                    or case when subject_kind = 'order' then split_part(subject, '/', 1) else '' end = @source)
                and (sequence is null or not exists (
                    select 1 from message as e
                    where e.state = 'due' and e.sequence is not null and e.destination = m.destination
                        and e.sequence_key = m.sequence_key and e.sequence < m.sequence))
            order by next_attempt_at, id limit @count
            """,
            ReadMessage, ("@destination", destination), ("@since", since), ("@now", now), ("@count", countMax),
            ("@source", source));

    public async Task<long> MarkAsync() =>
        (await _database.WriteAsync("select nextval('message_seq')", row => row.GetInt64(0)))[0];

    public Task<DateTimeOffset?> NextDueAtAsync(string destination, DateTimeOffset after = default) =>
        _database.FindAsync(
            """
            select min(next_attempt_at) from message
            where state = 'due' and destination = @destination and next_attempt_at > @after
            """,
            row => row.FindTime(0), ("@destination", destination), ("@after", after));

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        ActAsync(
            $"""
            update message as m set attempts = @attempts, tried = true,
                last_answer = case when not {OfErased} then @answer end,
                next_attempt_at = least(@next, clock_timestamp() + (@next - @at))
            where id = @id and state = 'due'
            """,
            OutboxTimeline.Postponed(id, "", attempt, nextAttemptAt),
            ("@attempts", attempt.Number), ("@answer", attempt.Answer), ("@next", nextAttemptAt));

    // What an order's commit holds at this moment is settled by it: to wait for it could end in a deadlock.
    public Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax) => _database.ExecuteAsync(
        """
        update message set next_attempt_at = created_at where id in (
            select id from message
            where state = 'due' and destination = @destination and next_attempt_at > @now and attempts > 0
            order by next_attempt_at, id limit @count for update skip locked)
        """,
        ("@destination", destination), ("@now", now), ("@count", countMax));

    public async Task<bool> ParkAsync(Guid id, Attempt attempt, string reason) =>
        await ActAsync(
            $"""
            update message as m set
                state = 'parked', attempts = @attempts, tried = true, reason = @reason, parked_at = @at,
                last_answer = case when not {OfErased} then @answer end
            where id = @id and state = 'due'
            """,
            OutboxTimeline.Parked(id, "", attempt, reason),
            ("@attempts", attempt.Number), ("@answer", attempt.Answer), ("@reason", reason)) is not null;

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) =>
        ActAsync(
            """
            update message set
                state = 'due', attempts = 0, next_attempt_at = least(@at, clock_timestamp()), reason = null,
                parked_at = null
            where id = @id and state = 'parked'
            """,
            OutboxTimeline.Resumed(id, "", actor, at));

    // The timeline of each order says so, as after one.
    public async Task<int> ResumeManyAsync(
        ParkedFilter filter, string actor, DateTimeOffset at, double? perSecond, int countMax)
    {
        var where = WhereParked(filter);
        var entry = OutboxTimeline.Resumed(Guid.Empty, "", actor, at);
        var done = await _database.WriteAsync(
            $"""
            with chosen as (
                select id, row_number() over (order by parked_at, id) - 1 as n from (
                    select id, parked_at from message {where}
                    order by parked_at, id limit @count for update skip locked) as parked),
            done as (
                update message as m set state = 'due', attempts = 0, reason = null, parked_at = null,
                    next_attempt_at = least(@at, clock_timestamp()) + chosen.n * @apart * interval '1 second'
                from chosen where m.id = chosen.id returning m.id, m.destination, m.subject_kind, m.subject),
            told as (
                insert into timeline (order_key, at, entries)
                select subject, @at, json_build_array(@entry::jsonb || jsonb_build_object(
                    'summary', destination || (@entry::jsonb ->> 'summary'), 'messageId', id))
                from done where subject_kind = 'order')
            select count(*) from done
            """,
            row => (int)row.GetInt64(0),
            where.Values(
                ("@at", at), ("@count", countMax), ("@apart", perSecond is { } rate ? 1 / rate : 0.0),
                ("@entry", StoredJson.Write(entry))));
        return done[0];
    }

    public async Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at) =>
        await ActAsync(
            """
            update message set
                state = 'superseded', reason = @reason, settled_at = @at, parked_at = null
            where id = @id and state = 'parked'
            """,
            OutboxTimeline.Discarded(id, "", actor, reason, at), ("@reason", reason)) is not null;

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => _database.FindAsync(
        $"select {Parked} from message where id = @id and state = 'parked'", ReadParked, ("@id", id));

    public async Task<Guid?> FindFirstParkedAsync(ParkedFilter filter)
    {
        var where = WhereParked(filter);
        return await _database.FindAsync(
            $"select id from message {where} order by parked_at, id limit 1", row => (Guid?)row.GetGuid(0),
            where.Values());
    }

    public async Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page)
    {
        DateTimeOffset? afterTime = null;
        Guid? afterId = null;
        if (page.Cursor is not null)
        {
            var parts = Cursor.Parse(page.Cursor, 2);
            (afterTime, afterId) = (StoredTime.Parse(Cursor.ParseNumber(parts[0])), Cursor.ParseId(parts[1]));
        }

        var where = WhereParked(filter)
            .And("(parked_at, id) < (@after_time, @after_id)", ("@after_time", afterTime), ("@after_id", afterId));
        var rows = await _database.ListAsync(
            $"select {Parked} from message {where} order by parked_at desc, id desc limit @limit",
            ReadParked, where.Values(("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(rows, page, row => Cursor.Of($"{StoredTime.Of(row.ParkedAt)}", row.Id.ToString("N")));
    }

    public async Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync() => await _database.ListAsync(
        """
        select destination, reason, count(*) from message where state = 'parked'
        group by destination, reason order by destination, reason collate "C"
        """,
        row => new ParkedMessages(row.GetString(0), row.GetString(1), (int)row.GetInt64(2)));

    public async Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync() => await _database.ListAsync(
        """
        select destination, count(*), min(created_at), min(next_attempt_at) from message
        where state = 'due' group by destination order by destination
        """,
        row => new DestinationDepth(row.GetString(0), row.GetInt64(1), row.GetTime(2), row.GetTime(3)));

    public async Task<OutboxAudit> AuditAsync() => (await _database.FindAsync(
        $"""
        select {Tally.Columns("all", "delivered", "superseded", "parked", "due")}
        from ({PostgresTally.Of("message")}) as tally
        """,
        row => new OutboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))))!;

    public Task DeliverAsync(Guid id, DateTimeOffset at) => _deliveries.WriteAsync(new Delivered(id, at));

    public async Task AppendAsync(IReadOnlyList<OutboundMessage> messages)
    {
        try
        {
            await using var connection = await _database.Writers.OpenConnectionAsync();
            await PostgresMessages.AppendAsync(connection, messages);
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }

    public ValueTask DisposeAsync() => _deliveries.DisposeAsync();

    /// <summary>
    /// What another commit holds at this moment is superseded by it: to wait for it could end in a deadlock.
    /// </summary>
    private static async Task<IReadOnlyList<bool>> DeliverAsync(
        NpgsqlConnection connection, IReadOnlyList<Delivered> delivered)
    {
        await using var command = new NpgsqlCommand(
            """
            update message as m set state = 'delivered', settled_at = d.at
            from unnest($1::uuid[], $2::timestamptz[]) as d (id, at)
            where m.id = d.id and m.id in (
                select id from message where id = any($1) and state || '' = 'due' for update skip locked)
            """,
            connection);
        new ColumnArrays<Delivered>(command, delivered).Id(d => d.Id).Time(d => d.At);
        await command.ExecuteNonQueryAsync();
        return [.. delivered.Select(_ => true)];
    }

    /// <summary>
    /// Changes a message and says so in the timeline of its subject, when that is an order; its destination, null when
    /// unchanged.
    /// </summary>
    /// <param name="update">Without its RETURNING.</param>
    /// <param name="entry">Without its destination, which only the row can tell.</param>
    /// <param name="values">What <paramref name="update"/> needs besides the entry's message and time.</param>
    private async Task<string?> ActAsync(
        string update, TimelineEntry entry, params (string Name, object? Value)[] values)
    {
        var done = await _database.WriteAsync(
            $"""
            with done as ({update} returning destination, subject_kind, subject, kind),
            told as (
                insert into timeline (order_key, at, entries)
                select subject, @at, json_build_array(
                    @entry::jsonb - case when {OfErased} then 'said' else '' end
                        || jsonb_build_object('summary', destination || (@entry::jsonb ->> 'summary')))
                from done as m where subject_kind = 'order' and (kind <> 'event' or @of_events))
            select destination from done
            """,
            row => row.GetString(0),
            [.. values, ("@id", entry.MessageId), ("@at", entry.At), ("@entry", StoredJson.Write(entry)),
                ("@of_events", OutboxTimeline.Tells(entry, isEvent: true))]);
        return done is [var destination] ? destination : null;
    }

    private static SqlFilter WhereParked(ParkedFilter filter) => new SqlFilter()
        .And("state = 'parked'")
        .And("destination = @destination", ("@destination", filter.Destination))
        .And("reason = @reason", ("@reason", filter.Reason))
        .And("starts_with(reason, @given_up)", ("@given_up", filter.GivenUp ? ParkedFilter.GivenUpReason : null));

    private static OutboundMessage ReadMessage(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
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
        row.GetGuid(0), row.GetString(1), row.GetName<MessageKind>(2),
        new Subject(row.GetName<SubjectKind>(3), row.GetString(4)), row.FindText(6) ?? row.GetString(5),
        row.GetString(7), row.FindText(8), row.GetInt32(9), row.GetTime(10));

    private readonly record struct Delivered(Guid Id, DateTimeOffset At);
}
