using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// The transaction that most teams write: dedupe row, order, stock, reservations, and for <c>rows</c> the outbox. All
/// statements travel together and commit together in one round trip; the stock's rows, which others wait for, are
/// locked late, and by SKU, so that two orders cannot lock each other out.
/// </summary>
internal sealed class OrderRows(NpgsqlDataSource source)
{
    private const string Dedupe = "insert into webhook (delivery_id) values ($1) on conflict do nothing";

    private const string Order = """
        insert into orders (id, number, status, updated_at, body) values ($1, $2, 'received', $3, $4)
        on conflict (id) do update
        set number = excluded.number, updated_at = excluded.updated_at, body = excluded.body
        where orders.updated_at < excluded.updated_at
        """;

    private const string Line = """
        with taken as (
            update stock set reserved = reserved + $4
            where sku = $3 and on_hand - reserved >= $4
                and not exists (select from reservation where order_id = $1 and line_id = $2)
            returning 1)
        insert into reservation (order_id, line_id, sku, quantity) select $1, $2, $3, $4 from taken
        """;

    private const string Release = """
        with gone as (delete from reservation where order_id = $1 and line_id = $2 returning sku, quantity)
        update stock set reserved = reserved - gone.quantity from gone where stock.sku = gone.sku
        """;

    private const string Outbox = """
        insert into outbox (order_id, reference, body) select $1, $2, $3
        where (select count(*) from reservation where order_id = $1) = $4
        on conflict (reference) do nothing
        """;

    private const string IsWhole = """
        select status <> 'released' and (select count(*) from reservation where order_id = $1) = $2
        from orders where id = $1
        """;

    /// <summary>Reserves, and puts the release into the outbox when every line has its units.</summary>
    public async Task PlaceAsync(OrderBody order, byte[] body, string deliveryId)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = Reserve(connection, order, body, deliveryId);
        Add(batch, Outbox, order.Id, order.Reference, order.ToRelease(), (long)order.LineItems.Count);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Reserves; true when every line has its units and the warehouse has not been told yet.</summary>
    public async Task<bool> ReserveAsync(OrderBody order, byte[] body, string deliveryId)
    {
        await using var connection = await source.OpenConnectionAsync();
        await using var batch = Reserve(connection, order, body, deliveryId);
        Add(batch, IsWhole, order.Id, (long)order.LineItems.Count);
        return (bool)(await batch.ExecuteScalarAsync())!;
    }

    public async Task ReleasedAsync(long orderId)
    {
        await using var update = source.CreateCommand("update orders set status = 'released' where id = $1");
        update.Parameters.Add(new() { Value = orderId });
        await update.ExecuteNonQueryAsync();
    }

    public async Task SetStockAsync(string sku, int onHand)
    {
        await using var set = source.CreateCommand(
            """
            insert into stock (sku, on_hand) values ($1, $2)
            on conflict (sku) do update set on_hand = excluded.on_hand
            """);
        set.Parameters.Add(new() { Value = sku });
        set.Parameters.Add(new() { Value = onHand });
        await set.ExecuteNonQueryAsync();
    }

    public async Task<PeerStock> GetStockAsync(string sku)
    {
        await using var get = source.CreateCommand("select on_hand, reserved from stock where sku = $1");
        get.Parameters.Add(new() { Value = sku });
        await using var row = await get.ExecuteReaderAsync();
        await row.ReadAsync();
        var (onHand, reserved) = (row.GetInt32(0), row.GetInt32(1));
        return new PeerStock(PeerRole.Location, sku, onHand, reserved, onHand - reserved, 0);
    }

    /// <summary>Reservations of one unit for the orders from 1 on, all at once.</summary>
    public async Task OpenAsync(string sku, int count)
    {
        await using var batch = source.CreateBatch();
        Add(batch, "insert into reservation select n, 1, $1, 1 from generate_series(1, $2) as n", sku, count);
        Add(batch, "update stock set reserved = reserved + $2 where sku = $1", sku, count);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>One line of one unit by itself: the stock's row and the reservation, in one transaction.</summary>
    public async Task ReserveLineAsync(long orderId, string sku)
    {
        await using var batch = source.CreateBatch();
        Add(batch, Line, orderId, 1L, sku, 1);
        await batch.ExecuteNonQueryAsync();
    }

    public async Task ReleaseLineAsync(long orderId)
    {
        await using var batch = source.CreateBatch();
        Add(batch, Release, orderId, 1L);
        await batch.ExecuteNonQueryAsync();
    }

    private static NpgsqlBatch Reserve(NpgsqlConnection connection, OrderBody order, byte[] body, string deliveryId)
    {
        var batch = connection.CreateBatch();
        Add(batch, Dedupe, deliveryId);
        Add(batch, Order, order.Id, order.Name, order.UpdatedAt.UtcDateTime, body);
        foreach (var line in order.LineItems.OrderBy(line => line.Sku, StringComparer.Ordinal))
            Add(batch, Line, order.Id, line.Id, line.Sku, line.CurrentQuantity);
        return batch;
    }

    private static void Add(NpgsqlBatch batch, string sql, params ReadOnlySpan<object> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values) command.Parameters.Add(new NpgsqlParameter { Value = value });
        batch.BatchCommands.Add(command);
    }
}
