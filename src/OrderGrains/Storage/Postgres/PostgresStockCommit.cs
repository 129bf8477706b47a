using Npgsql;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// What the commits of many inventory grains write, as one statement. <c>won</c> are the items whose fence held; only
/// what belongs to them is written, and their numbers are the answer.
/// </summary>
internal static class PostgresStockCommit
{
    private static readonly string Fence =
        Planted.Is(PlantedFault.SkipsFence) ? "true" : "s.version = i.expected";

    private static readonly string Sql = $"""
        with item as (
            select * from unnest(
                $1::int[], $2::text[], $3::text[], $4::int[], $5::int[], $6::bigint[], $7::timestamptz[],
                $8::timestamptz[], $9::int[], $10::int[], $11::timestamptz[], $12::timestamptz[], $13::text[])
            as i (n, location, sku, on_hand, reserved, expected, as_of, at, shortfall, counted, adjusted_at, moved_at,
                sku_folded)),
        placed as (
            insert into stock (
                location, sku, sku_folded, on_hand, reserved, shortfall, counted, version, as_of, adjusted_at, moved_at,
                changed_at)
            select location, sku, sku_folded, on_hand, reserved, shortfall, counted, 1, as_of, adjusted_at, moved_at, at
            from item where expected = 0
            on conflict (location, sku) do nothing returning location, sku),
        changed as (
            update stock as s set
                on_hand = i.on_hand, reserved = i.reserved, shortfall = i.shortfall, counted = i.counted,
                version = s.version + 1, as_of = i.as_of, adjusted_at = i.adjusted_at, moved_at = i.moved_at,
                changed_at = i.at
            from item as i
            where i.expected > 0 and s.location = i.location and s.sku = i.sku and {Fence}
                and s.location = any($2) and s.sku = any($3)
            returning i.n),
        won as materialized (
            select i.n from item as i where ((i.location, i.sku) in (select location, sku from placed)) is true
            union all select n from changed),
        held as (
            insert into reservation (
                location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at, move,
                moved, reserved_at)
            select location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at,
                move, moved, at
            from unnest(
                $14::int[], $15::text[], $16::text[], $17::text[], $18::text[], $19::text[], $20::int[], $21::int[],
                $22::int[], $23::int[], $24::timestamptz[], $25::text[], $26::int[], $27::timestamptz[])
            as r (n, location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at,
                move, moved, at)
            where (n in (select n from won)) is true
            on conflict (order_key, location, sku, line_id) do update set
                state = excluded.state, quantity = excluded.quantity, at_warehouse = excluded.at_warehouse,
                waiting = excluded.waiting, consumed = greatest(reservation.consumed, excluded.consumed),
                placed_at = excluded.placed_at, move = excluded.move, moved = excluded.moved,
                reserved_at = excluded.reserved_at),
        moved as (
            insert into stock_movement (
                location, sku, movement_id, kind, delta, on_hand, reason, at, order_key, line_id)
            select location, sku, movement_id, kind, delta, on_hand, reason, at, order_key, line_id
            from unnest(
                $28::int[], $29::text[], $30::text[], $31::text[], $32::text[], $33::int[], $34::int[], $35::text[],
                $36::timestamptz[], $37::text[], $38::text[])
            as m (n, location, sku, movement_id, kind, delta, on_hand, reason, at, order_key, line_id)
            where (n in (select n from won)) is true),
        {PostgresMessages.Replacing(39, "(n in (select n from won)) is true")}
        select n from won
        """;

    /// <summary>For each commit whether it was written, or lost its fence.</summary>
    public static async Task<IReadOnlyList<bool>> WriteAsync(
        NpgsqlConnection connection, IReadOnlyList<StockCommit> commits)
    {
        await using var command = new NpgsqlCommand(Sql, connection);
        var items = commits.Select((commit, at) => (Item: at, Commit: commit)).ToArray();
        new ColumnArrays<(int Item, StockCommit Commit)>(command, items)
            .Number(i => i.Item).Text(i => i.Commit.Key.Location).Text(i => i.Commit.Key.Sku)
            .Number(i => i.Commit.Level.OnHand).Number(i => i.Commit.Level.Reserved)
            .Long(i => i.Commit.ExpectedVersion).Time(i => i.Commit.Level.AsOf).Time(i => i.Commit.At)
            .Number(i => i.Commit.Level.Shortfall).Number(i => i.Commit.Level.Counted)
            .Time(i => i.Commit.Level.AdjustedAt).Time(i => i.Commit.Level.MovedAt)
            .Text(i => SkuFold.Of(i.Commit.Key.Sku));
        AddReservations(command, [.. items.SelectMany(i => i.Commit.Reservations.Select(r => (i.Item, i.Commit, r)))]);
        AddMovements(command, [.. items.SelectMany(i => i.Commit.Movements.Select(m => (i.Item, i.Commit.Key, m)))]);
        PostgresMessages.Add(command, [.. items.SelectMany(i => i.Commit.Messages.Select(m => (i.Item, m)))]);

        var won = new bool[commits.Count];
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync())
            won[reader.GetInt32(0)] = true;
        return won;
    }

    private static void AddReservations(
        NpgsqlCommand command, (int Item, StockCommit Commit, Reservation Held)[] reservations) =>
        new ColumnArrays<(int Item, StockCommit Commit, Reservation Held)>(command, reservations)
            .Number(r => r.Item).Text(r => r.Commit.Key.Location).Text(r => r.Commit.Key.Sku)
            .Text(r => r.Held.Order.ToString()).Text(r => r.Held.LineId).Name(r => r.Held.State)
            .Number(r => r.Held.Quantity).Number(r => r.Held.AtWarehouse).Number(r => r.Held.Waiting)
            .Number(r => r.Held.Consumed).Time(r => r.Held.PlacedAt).Name(r => r.Held.Move).Number(r => r.Held.Moved)
            .Time(r => r.Commit.At);

    private static void AddMovements(
        NpgsqlCommand command, (int Item, StockKey Key, StockMovement Movement)[] movements) =>
        new ColumnArrays<(int Item, StockKey Key, StockMovement Movement)>(command, movements)
            .Number(m => m.Item).Text(m => m.Key.Location).Text(m => m.Key.Sku).Text(m => m.Movement.Id)
            .Name(m => m.Movement.Kind).Number(m => m.Movement.Delta).Number(m => m.Movement.OnHand)
            .Text(m => m.Movement.Reason).Time(m => m.Movement.At).Text(m => m.Movement.Order?.ToString())
            .Text(m => m.Movement.LineId);
}
