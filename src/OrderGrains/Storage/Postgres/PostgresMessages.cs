using Npgsql;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>New messages, as a part of whatever commits them.</summary>
internal static class PostgresMessages
{
    /// <summary>Parameters that <see cref="Add"/> adds.</summary>
    public const int Parameters = 15;

    /// <summary>What <see cref="Rows"/> has besides <c>n</c> and <c>due_at</c>.</summary>
    public const string Columns =
        "id, destination, kind, subject_kind, subject, sequence_key, sequence, coalescing_key, event_type, event_data, "
        + "created_at, caused_at, trace_parent";

    /// <summary>The rows, of parameters beginning with this one; <c>n</c> is their item's number.</summary>
    public static string Rows(int first) =>
        $"unnest(${first}::int[], ${first + 1}::uuid[], ${first + 2}::text[], ${first + 3}::text[], "
        + $"${first + 4}::text[], ${first + 5}::text[], ${first + 6}::text[], ${first + 7}::bigint[], "
        + $"${first + 8}::text[], ${first + 9}::text[], ${first + 10}::text[], ${first + 11}::timestamptz[], "
        + $"${first + 12}::timestamptz[], ${first + 13}::text[], ${first + 14}::timestamptz[]) "
        + $"as m (n, {Columns}, due_at)";

    /// <summary>The columns that an insert names.</summary>
    public const string Into = $"message ({Columns}, state, attempts, next_attempt_at)";

    /// <summary>
    /// When a message is first due. A silo whose clock is minutes ahead must not put its messages off for as long.
    /// </summary>
    public const string DueAt = "least(due_at, clock_timestamp() + interval '2 seconds')";

    public static void Add(NpgsqlCommand command, IReadOnlyList<(int Item, OutboundMessage Value)> messages) =>
        new ColumnArrays<(int Item, OutboundMessage Value)>(command, messages)
            .Number(m => m.Item).Id(m => m.Value.Id).Text(m => m.Value.Destination).Name(m => m.Value.Kind)
            .Name(m => m.Value.Subject.Kind).Text(m => m.Value.Subject.Key).Text(m => m.Value.SequenceKey)
            .Long(m => m.Value.Sequence).Text(m => m.Value.CoalescingKey).Text(m => m.Value.Event?.Type)
            .Text(m => m.Value.Event?.Data).Time(m => m.Value.CreatedAt).Time(m => m.Value.CausedAt)
            .Text(m => m.Value.TraceParent).Time(m => m.Value.NextAttemptAt);

    /// <summary>
    /// What writes the rows that match, as parts of a <c>with</c>. One at most of a coalescing key is open: what is
    /// replaced comes first, and the new one is due when the old one was, so that what changes all the time is told of.
    /// What another commit writes meanwhile is taken over: whoever is sending it settles nothing then, and it goes out
    /// once more.
    /// </summary>
    /// <param name="first">The first of <see cref="Parameters"/>.</param>
    /// <param name="where">Which rows.</param>
    public static string Replacing(int first, string where) =>
        $"""
        news as materialized (
            select distinct on (destination, coalesce(coalescing_key, id::text)) * from {Rows(first)} where {where}),
        replaced as (
            update message as m set state = 'superseded', reason = 'superseded', settled_at = news.created_at,
                parked_at = null
            from news
            where m.destination = news.destination and m.coalescing_key = news.coalescing_key
                and m.state in ('due', 'parked')
            returning m.destination, m.coalescing_key, m.next_attempt_at),
        sent as (
            insert into {Into}
            select {Columns}, 'due', 0,
                coalesce(
                    (select next_attempt_at from replaced as r
                        where r.destination = news.destination and r.coalescing_key = news.coalescing_key),
                    {DueAt})
            from news where (select count(*) from replaced) >= 0
            on conflict (destination, coalescing_key) where coalescing_key is not null and state in ('due', 'parked')
            do update set id = excluded.id, state = 'due', created_at = excluded.created_at, attempts = 0,
                next_attempt_at = least(message.next_attempt_at, excluded.next_attempt_at),
                written = excluded.written, reason = null, parked_at = null)
        """;

    /// <summary>
    /// Messages that no change of a subject brings with it; each in the place of the open one with its coalescing key.
    /// </summary>
    public static async Task AppendAsync(NpgsqlConnection connection, IReadOnlyList<OutboundMessage> messages)
    {
        await using var command = new NpgsqlCommand($"with {Replacing(1, "true")} select 1", connection);
        Add(command, [.. messages.Select((message, at) => (at, message))]);
        await command.ExecuteNonQueryAsync();
    }
}
