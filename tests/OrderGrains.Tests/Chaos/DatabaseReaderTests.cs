using System.Data.Common;
using Microsoft.Data.Sqlite;
using Npgsql;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Judging;
using OrderGrains.Tests.Storage.Postgres;
using OrderGrains.Tests.Tidy;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>The judge's own SQL, on both databases' tables as the project's files make them.</summary>
public sealed class DatabaseReaderTests(SharedPostgres server)
{
    private const string Rows = """
        insert into receipt (id, source, topic, delivery_id, received_at, outcome, order_key, reason, settled_at, body)
        values (ID1, 'acme', 'orders/create', 'w1', TIME, 'applied', 'acme/1', null, TIME, BODY1),
            (ID2, 'east-wms', '', 'w2', TIME, 'applied', null, null, TIME, BODY2),
            (ID3, 'acme', 'orders/updated', 'w3', TIME, 'pending', null, null, null, BODY1);
        insert into order_state (key, source, order_id, status, waiting, version, changed_at, id_search, state)
        values ('acme/1', 'acme', '1', 'released', 0, 3, TIME, '1', '{}');
        insert into message (
            id, destination, kind, state, subject_kind, subject, sequence_key, coalescing_key, created_at, attempts,
            next_attempt_at, settled_at)
        values (ID1, 'east-wms', 'release', 'delivered', 'order', 'acme/1', 'acme-1-1', 'acme-1-1', TIME, 2, TIME,
            TIME);
        insert into stock (
            location, sku, sku_folded, on_hand, reserved, shortfall, counted, version, as_of, changed_at)
        values ('east', 'S1', 'S1', 9, 3, 0, 9, 4, TIME, TIME);
        insert into reservation (
            location, sku, order_key, line_id, state, quantity, at_warehouse, waiting, consumed, placed_at, move, moved,
            reserved_at)
        values ('east', 'S1', 'acme/1', '11', 'open', 3, 3, 0, 0, TIME, 'reserved', 3, TIME),
            ('east', 'S1', 'acme/0', '11', 'released', 0, 0, 0, 0, TIME, 'givenBack', 1, TIME);
        insert into stock_movement (location, sku, movement_id, kind, delta, on_hand, reason, at)
        values ('east', 'S1', 'count:1', 'counted', 9, 9, 'counted', TIME);
        """;

    private static readonly DateTimeOffset Time = JudgedRun.Start.AddMicroseconds(250);

    [Fact]
    public async Task It_reads_what_SQLite_has()
    {
        var source = new SqliteConnectionStringBuilder
        {
            DataSource = "judge",
            Mode = SqliteOpenMode.Memory,
            Cache = SqliteCacheMode.Shared,
        }.ToString();
        await using var kept = new SqliteConnection(source);
        await kept.OpenAsync(TestContext.Current.CancellationToken);
        string[] files = ["0001-receipt", "0002-order", "0003-message", "0004-stock"];
        foreach (var file in files)
        {
            await ExecuteAsync(kept, await File.ReadAllTextAsync(
                Path.Combine(SourceTree.Root, "sql", "sqlite", file + ".sql"), TestContext.Current.CancellationToken));
        }

        var time = (Time - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
        await ExecuteAsync(kept, Fill("x'{0:D32}'", $"{time}", "cast('{0}' as blob)") + """
            insert into timeline (order_key, at, kind, summary) values ('acme/1', TIME, 'order.released', 'it has it');
            """.Replace("TIME", $"{time}", StringComparison.Ordinal));
        await CheckAsync(() => new SqliteConnection(source), onPostgres: false);
    }

    [Fact]
    public async Task It_reads_what_PostgreSQL_has()
    {
        var source = await server.CreateDatabaseAsync();
        await using (var connection = new NpgsqlConnection(source))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            var rows = Fill("'00000000-0000-7000-8000-{0:D12}'", $"'{Time:O}'", "'{0}'::bytea");
            await ExecuteAsync(connection, rows + $$"""
                insert into timeline (order_key, at, entries) values ('acme/1', '{{Time:O}}',
                    '[{"at":"{{Time:O}}","kind":"order.released","summary":"it has it"}]');
                """);
        }

        await CheckAsync(() => new NpgsqlConnection(source), onPostgres: true);
        await server.DropDatabaseAsync(source);
    }

    private static async Task CheckAsync(Func<DbConnection> open, bool onPostgres)
    {
        var stop = TestContext.Current.CancellationToken;
        var reader = new DatabaseReader(new JudgeDatabase(open), onPostgres, "acme");
        var facts = await reader.ReadAsync(stop);
        Assert.Equal("w1 applied, w2 applied, w3 pending", string.Join(", ", facts.Receipts
            .OrderBy(row => row.DeliveryId, StringComparer.Ordinal).Select(row => $"{row.DeliveryId} {row.Outcome}")));
        var refused = facts.Receipts.Single(row => row.DeliveryId == "w2");
        Assert.Equal(("order.refused", "acme-1-1", Time), (refused.Kind, refused.Said.Reference, refused.ReceivedAt));
        Assert.Equal([new OrderRow("acme/1", "released")], facts.Orders);
        Assert.Equal(
            [new MessageRow("east-wms", "release", "delivered", "acme/1", "acme-1-1", 2, null, null)], facts.Messages);
        Assert.Equal([new StockRow("east", "S1", 9, 3, 0)], facts.Stock);
        Assert.Equal([new ReservationRow("east", "S1", "acme/1", "11", 3, 3, 0, Time)], facts.Reservations);
        Assert.Equal([new MovementRow("east", "S1", "count:1", "counted", 9, Time, null, null)], facts.Movements);

        var watched = await reader.WatchAsync(stop);
        Assert.Equal((3, 1, 0), (watched.Receipts, watched.Pending, watched.Due));
        Assert.Equal([("east", "S1", 3)], watched.Held);
        Assert.Equal([("east-wms", "w2")], watched.Settled);

        var world = new WorldFacts
        {
            Shop = "acme",
            Locations = [("east-wms", "east")],
            Orders = [JudgedRun.Order(id: 1)],
        };
        var history = new DatabaseHistory(reader, onPostgres);
        var told = (await history.ReadAsync("#1", world, stop)).Select(entry => entry.What).ToList();
        foreach (var begin in (string[])["receipt acme orders/create", "order.released: it has it", "message release",
            "== reservation acme/1", "== the order's row: released"])
            Assert.Contains(told, what => what.StartsWith(begin, StringComparison.Ordinal));
        Assert.Equal(3, (await history.ReadAsync("east/S1", world, stop)).Count);
        Assert.Single(await history.ReadAsync("east-wms w2", world, stop));
    }

    private static string Fill(string id, string time, string body) => Rows
        .Replace("ID1", string.Format(id, 1), StringComparison.Ordinal)
        .Replace("ID2", string.Format(id, 2), StringComparison.Ordinal)
        .Replace("ID3", string.Format(id, 3), StringComparison.Ordinal)
        .Replace("TIME", time, StringComparison.Ordinal)
        .Replace("BODY1", body.Replace("{0}", "{}", StringComparison.Ordinal), StringComparison.Ordinal)
        .Replace("BODY2", body.Replace("{0}", """{"type":"order.refused","data":{"reference":"acme-1-1"}}""",
            StringComparison.Ordinal), StringComparison.Ordinal);

    private static async Task ExecuteAsync(DbConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // The test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
    }
}
