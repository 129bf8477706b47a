using System.Data.Common;

namespace OrderGrains.Chaos.Judging;

/// <summary>Reads the product's tables with plain SQL, in one transaction, so that all is of one moment.</summary>
internal sealed class DatabaseReader(JudgeDatabase database, bool onPostgres, string shop)
{
    /// <summary>All that the judge compares when it is quiet.</summary>
    public Task<DatabaseFacts> ReadAsync(CancellationToken cancellation) => ReadAsync(
        async session => new DatabaseFacts
        {
            Receipts = await session.ListAsync(
                $"""
                select source, topic, delivery_id, received_at, outcome, reason, order_key,
                    case when source <> '{shop}' or order_key in (
                        select order_key from receipt where outcome = 'stale') then body end
                from receipt
                """,
                row => new ReceiptRow(
                    row.Text(0), row.Text(1), row.FindText(2), row.Time(3), row.Text(4), row.FindText(5),
                    row.FindText(6), ReceiptBody.Read(row.FindBytes(7)))),
            Orders = await session.ListAsync(
                "select key, status from order_state", row => new OrderRow(row.Text(0), row.Text(1))),
            Messages = await session.ListAsync(
                """
                select destination, kind, state, subject, sequence_key, attempts, last_answer, reason from message
                """,
                row => new MessageRow(
                    row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Text(4), row.Whole(5), row.FindText(6),
                    row.FindText(7))),
            Stock = await StockAsync(session),
            Reservations = await session.ListAsync(
                """
                select location, sku, order_key, line_id, quantity, at_warehouse, waiting, placed_at
                from reservation where state in ('open', 'waiting')
                """,
                row => new ReservationRow(
                    row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Whole(4), row.Whole(5), row.Whole(6),
                    row.Time(7))),
            Movements = await session.ListAsync(
                "select location, sku, movement_id, kind, delta, at, order_key, line_id from stock_movement",
                row => new MovementRow(
                    row.Text(0), row.Text(1), row.Text(2), row.Text(3), row.Whole(4), row.Time(5), row.FindText(6),
                    row.FindText(7))),
        }, cancellation);

    /// <summary>What must hold at any moment, and how far the product is behind.</summary>
    public Task<WatchedRows> WatchAsync(CancellationToken cancellation) => ReadAsync(
        async session =>
        {
            var counts = await session.ListAsync(
                """
                select (select count(*) from receipt), (select count(*) from receipt where outcome = 'pending'),
                    (select count(*) from message where state = 'due')
                """,
                row => (row.Whole(0), row.Whole(1), row.Whole(2)));
            var stock = await StockAsync(session);
            var held = await session.ListAsync(
                """
                select location, sku, sum(quantity) from reservation where state in ('open', 'waiting')
                group by location, sku
                """,
                row => (row.Text(0), row.Text(1), row.Whole(2)));
            var settled = await session.ListAsync(
                $"""
                select source, delivery_id from receipt
                where source <> '{shop}' and delivery_id is not null
                    and outcome in ('applied', 'duplicate', 'stale', 'ignored')
                """,
                row => (row.Text(0), row.Text(1)));
            var (receipts, pending, due) = counts[0];
            return new WatchedRows(receipts, pending, due, stock, held, settled);
        }, cancellation);

    /// <summary>For histories: a few rows as words.</summary>
    public Task<T> ReadAsync<T>(Func<Session, Task<T>> read, CancellationToken cancellation) =>
        Task.Run(() => ReadOnceAsync(read, cancellation), cancellation);

    private async Task<T> ReadOnceAsync<T>(Func<Session, Task<T>> read, CancellationToken cancellation)
    {
        await using var connection = database.Open();
        if (connection.State is not System.Data.ConnectionState.Open) await connection.OpenAsync(cancellation);
        var session = new Session(connection, cancellation);
        // Not the driver's transaction: on SQLite it would take the one lock for writing.
        await session.ExecuteAsync(
            onPostgres ? "begin isolation level repeatable read read only" : "begin deferred");
        var facts = await read(session);
        await session.ExecuteAsync("commit");
        return facts;
    }

    private static Task<List<StockRow>> StockAsync(Session session) => session.ListAsync(
        "select location, sku, on_hand, reserved, shortfall from stock",
        row => new StockRow(row.Text(0), row.Text(1), row.Whole(2), row.Whole(3), row.Whole(4)));

    /// <summary>An open transaction.</summary>
    internal sealed class Session(DbConnection connection, CancellationToken cancellation)
    {
        private const int TimeoutSeconds = 30;

        public async Task ExecuteAsync(string sql)
        {
            await using var command = Command(sql);
            await command.ExecuteNonQueryAsync(cancellation);
        }

        public async Task<List<T>> ListAsync<T>(
            string sql, Func<DbDataReader, T> read, params (string Name, object Value)[] parameters)
        {
            await using var command = Command(sql);
            foreach (var (name, value) in parameters)
            {
                var parameter = command.CreateParameter();
                (parameter.ParameterName, parameter.Value) = (name, value);
                command.Parameters.Add(parameter);
            }

            await using var rows = await command.ExecuteReaderAsync(cancellation);
            var list = new List<T>();
            while (await rows.ReadAsync(cancellation)) list.Add(read(rows));
            return list;
        }

        private DbCommand Command(string sql)
        {
            var command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are ours; only the shop's name, which the run gives itself, is put in.
            command.CommandText = sql;
#pragma warning restore CA2100
            command.CommandTimeout = TimeoutSeconds;
            return command;
        }
    }
}

/// <summary>One look at the tables during a run.</summary>
/// <param name="Receipts">All of them.</param>
/// <param name="Pending">Of them.</param>
/// <param name="Due">Messages.</param>
/// <param name="Stock">The levels.</param>
/// <param name="Held">Sums of open reservations.</param>
/// <param name="Settled">Warehouses' webhooks that had their effect.</param>
internal sealed record WatchedRows(
    int Receipts, int Pending, int Due, IReadOnlyList<StockRow> Stock,
    IReadOnlyList<(string Location, string Sku, int Quantity)> Held,
    IReadOnlyList<(string Source, string WebhookId)> Settled);
