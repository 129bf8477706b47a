using Npgsql;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// What the turns of many orders write, as one statement. <c>won</c> are the items whose fence held; only what belongs
/// to them is written, and their numbers are the answer. Conditions that say a thing twice are for the plan: it is made
/// once, maybe over empty tables, and must read nothing but the rows named, however large the tables have grown since
/// (<see cref="PostgresReceipts.IsSettled"/>). <c>is true</c> lets a hash answer instead of a loop; and with the empty
/// text the list of keys is looked up once, where the index would be asked for each item with the whole list.
/// </summary>
internal static class PostgresOrderCommit
{
    /// <summary>An item without a new state: its timeline and receipt need no fence.</summary>
    private const long Unfenced = -1;

    // Where the parameters of each begin.
    private const int Messages = 19;
    private const int Timeline = Messages + PostgresMessages.Parameters;
    private const int Receipts = Timeline + 4;

    private static readonly string Fence =
        Planted.Is(PlantedFault.SkipsFence) ? "true" : "o.version = i.expected";

    private static readonly string Sql = $"""
        with item as (
            select * from unnest(
                $1::int[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::int[], $8::bigint[],
                $9::timestamptz[], $10::timestamptz[], $11::text[], $12::text[], $13::text[], $14::timestamptz[])
            as i (n, key, source, order_id, number, status, waiting, expected, placed_at, at, id_search,
                number_search, state, reserved_until)),
        placed as (
            insert into order_state (
                key, source, order_id, number, status, waiting, version, placed_at, changed_at, id_search,
                number_search, state, reserved_until)
            select key, source, order_id, number, status, waiting, 1, placed_at, at, id_search, number_search, state,
                reserved_until
            from item where expected = 0
            on conflict (key) do nothing returning key),
        changed as (
            update order_state as o set
                number = i.number, status = i.status, waiting = i.waiting, version = o.version + 1,
                placed_at = i.placed_at, changed_at = i.at, number_search = i.number_search, state = i.state,
                reserved_until = i.reserved_until
            from item as i
            where i.expected > 0 and o.key = any($2) and o.key || '' = i.key and {Fence} returning i.n),
        won as materialized (
            select i.n from item as i where i.expected = {Unfenced} or i.key in (select key from placed)
            union all select n from changed),
        closing as materialized (
            select id, state, at
            from unnest($15::int[], $16::uuid[], $17::text[], $18::timestamptz[]) as c (n, id, state, at)
            where (n in (select n from won)) is true),
        closed as (
            update message as m set
                state = c.state, reason = case c.state when 'superseded' then 'superseded' end, settled_at = c.at,
                parked_at = null
            from closing as c
            where m.id = c.id and m.id = any($16)
                and (m.state || '' = 'due' or m.state || '' = 'parked' and c.state = 'superseded')
            returning 1),
        -- What is closed comes first: a reference has at most one open message. Counting it makes it so.
        sent as (
            insert into {PostgresMessages.Into}
            select {PostgresMessages.Columns}, 'due', 0, {PostgresMessages.DueAt}
            from {PostgresMessages.Rows(Messages)}
            where (n in (select n from won)) is true and (select count(*) from closed) >= 0),
        told as (
            insert into timeline (order_key, at, entries)
            select key, at, entries
            from unnest(
                ${Timeline}::int[], ${Timeline + 1}::text[], ${Timeline + 2}::timestamptz[], ${Timeline + 3}::json[])
            as t (n, key, at, entries)
            where (n in (select n from won)) is true),
        settled as (
            update receipt as r set {PostgresReceipts.Settled}
            from {PostgresReceipts.Settlements(Receipts)}
            where {PostgresReceipts.IsSettled(Receipts)} and (s.n in (select n from won)) is true)
        select n from won
        """;

    /// <summary>For each commit whether it was written, or lost its fence.</summary>
    public static async Task<IReadOnlyList<bool>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<OrderCommit> commits)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        AddStates(command, commits);
        AddClosed(command, commits);
        PostgresMessages.Add(command, Of(commits, commit => commit.Messages));
        AddTimeline(command, commits);
        var settled = Of<ReceiptSettlement>(
            commits, static commit => commit.Receipt is null ? [] : [commit.Receipt]);
        PostgresReceipts.AddSettlements(
            command, [.. settled.Select(row => row.Value)], [.. settled.Select(row => row.Item)]);

        var won = new bool[commits.Count];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            won[reader.GetInt32(0)] = true;
        return won;
    }

    /// <summary>Each commit's things, with the commit's place in the group.</summary>
    private static List<(int Item, T Value)> Of<T>(
        IReadOnlyList<OrderCommit> commits, Func<OrderCommit, IReadOnlyList<T>> pick)
    {
        var rows = new List<(int, T)>();
        for (var at = 0; at < commits.Count; at++)
        {
            foreach (var value in pick(commits[at]))
                rows.Add((at, value));
        }

        return rows;
    }

    private static void AddStates(NpgsqlCommand command, IReadOnlyList<OrderCommit> commits) =>
        new ColumnArrays<(int Item, OrderCommit Value)>(command, Of<OrderCommit>(commits, static commit => [commit]))
            .Number(i => i.Item)
            .Text(i => i.Value.Key.ToString()).Text(i => i.Value.Key.Source).Text(i => i.Value.Key.OrderId)
            .Text(i => Number(i.Value))
            .Text(i => i.Value.Next is { } next ? StoredName.Of(next.Status) : null)
            .Number(i => i.Value.Next?.Allocations.Sum(a => a.Waiting) ?? 0)
            .Long(i => i.Value.Next is null ? Unfenced : i.Value.ExpectedVersion)
            .Time(i => i.Value.Next?.Storefront?.PlacedAt).Time(i => i.Value.At)
            .Text(i => OrderSearch.Normalize(i.Value.Key.OrderId))
            .Text(i => Number(i.Value) is { } number ? OrderSearch.Normalize(number) : null)
            .Json(i => i.Value.Next).Time(i => i.Value.Next?.ReservedUntil);

    private static string? Number(OrderCommit commit) => commit.Next is { } next ? OrderSearch.NumberOf(next) : null;

    private static void AddClosed(NpgsqlCommand command, IReadOnlyList<OrderCommit> commits) =>
        new ColumnArrays<(int Item, Closed Value)>(command, Of<Closed>(commits, commit =>
            [
                .. commit.Superseded.Select(id => new Closed(id, MessageState.Superseded, commit.At)),
                .. commit.Delivered is { } id ? [new Closed(id, MessageState.Delivered, commit.At)] : (Closed[])[],
            ]))
            .Number(c => c.Item).Id(c => c.Value.Id).Name(c => c.Value.State).Time(c => c.Value.At);

    private static void AddTimeline(NpgsqlCommand command, IReadOnlyList<OrderCommit> commits) =>
        new ColumnArrays<(int Item, OrderCommit Value)>(
            command, Of<OrderCommit>(commits, static commit => commit.Timeline.Count > 0 ? [commit] : []))
            .Number(t => t.Item).Text(t => t.Value.Key.ToString()).Time(t => t.Value.At).Json(t => t.Value.Timeline);

    private readonly record struct Closed(Guid Id, MessageState State, DateTimeOffset At);
}
