using System.Text.Json;

namespace OrderGrains.Chaos.Judging;

/// <summary>What the product's tables have of a subject.</summary>
internal sealed class DatabaseHistory(DatabaseReader database, bool onPostgres)
{
    public Task<List<HistoryEntry>> ReadAsync(string subject, WorldFacts world, CancellationToken cancellation) =>
        WorldHistory.FindOrder(subject, world) is { } order
            ? database.ReadAsync(session => OfOrderAsync(session, $"{world.Shop}/{order.Id}"), cancellation)
        : WorldHistory.FindStock(subject, world) is var (location, sku)
            ? database.ReadAsync(session => OfStockAsync(session, location, sku), cancellation)
        : subject.Split(' ', 2) is [var source, var id]
            ? database.ReadAsync(session => ReceiptsAsync(
                session, "source = @a and delivery_id = @b", ("@a", source), ("@b", id)), cancellation)
        : Task.FromResult(new List<HistoryEntry>());

    private async Task<List<HistoryEntry>> OfOrderAsync(DatabaseReader.Session session, string key)
    {
        var entries = await ReceiptsAsync(session, "order_key = @key", ("@key", key));
        entries.AddRange(await TimelineAsync(session, key));
        foreach (var (at, settledAt, what) in await session.ListAsync(
            """
            select created_at, coalesce(settled_at, parked_at), kind, sequence_key, destination, state, attempts,
                last_answer, reason
            from message where subject_kind = 'order' and subject = @key
            """,
            row => (row.Time(0), row.FindTime(1),
                $"message {row.Text(2)} {row.Text(3)} to {row.Text(4)} is {row.Text(5)} after {row.Whole(6)} failures"
                + $" {row.FindText(7)} {row.FindText(8)}"),
            ("@key", key)))
        {
            entries.Add(new HistoryEntry(
                at, settledAt is { } end ? $"{what.TrimEnd()} (at {end:HH:mm:ss.fff})" : what));
        }

        entries.AddRange(await ReservationsAsync(session, "order_key = @key", ("@key", key)));
        entries.AddRange(await session.ListAsync(
            "select changed_at, status, version from order_state where key = @key",
            row => new HistoryEntry(row.Time(0), $"== the order's row: {row.Text(1)}, version {row.Whole(2)}"),
            ("@key", key)));
        return entries;
    }

    private static async Task<List<HistoryEntry>> OfStockAsync(
        DatabaseReader.Session session, string location, string sku)
    {
        (string, object)[] place = [("@location", location), ("@sku", sku)];
        var entries = await session.ListAsync(
            """
            select at, kind, delta, on_hand, reason, movement_id from stock_movement
            where location = @location and sku = @sku
            """,
            row => new HistoryEntry(row.Time(0),
                $"movement {row.Text(1)} {row.Whole(2):+0;-0;0}, {row.Whole(3)} on hand: {row.Text(4)} "
                + $"({row.Text(5)})"),
            place);
        entries.AddRange(await ReservationsAsync(
            session, "location = @location and sku = @sku and state in ('open', 'waiting')", place));
        entries.AddRange(await session.ListAsync(
            """
            select changed_at, on_hand, reserved, shortfall, counted, version from stock
            where location = @location and sku = @sku
            """,
            row => new HistoryEntry(row.Time(0),
                $"== the stock's row: {row.Whole(1)} on hand, {row.Whole(2)} reserved, {row.Whole(3)} not there, "
                + $"{row.Whole(4)} counted, version {row.Whole(5)}"),
            place));
        return entries;
    }

    private static Task<List<HistoryEntry>> ReceiptsAsync(
        DatabaseReader.Session session, string where, params (string, object)[] parameters) => session.ListAsync(
        $"""
        select received_at, source, topic, delivery_id, outcome, reason, settled_at from receipt where {where}
        """,
        row => new HistoryEntry(row.Time(0),
            $"receipt {row.Text(1)} {row.Text(2)} {row.FindText(3)}: {row.Text(4)}"
            + (row.FindTime(6) is { } settled ? $" at {settled:HH:mm:ss.fff}" : "")
            + (row.FindText(5) is { } reason ? $": {reason}" : "")),
        parameters);

    private static Task<List<HistoryEntry>> ReservationsAsync(
        DatabaseReader.Session session, string where, params (string, object)[] parameters) => session.ListAsync(
        $"""
        select reserved_at, location, sku, line_id, state, quantity, at_warehouse, waiting, consumed, move, moved,
            order_key
        from reservation where {where}
        """,
        row => new HistoryEntry(row.Time(0),
            $"== reservation {row.Text(11)} {row.Text(3)} of {row.Text(1)}/{row.Text(2)}: {row.Text(4)}, "
            + $"{row.Whole(5)} held ({row.Whole(6)} at the warehouse), {row.Whole(7)} waiting, {row.Whole(8)} shipped; "
            + $"last {row.Text(9)} {row.Whole(10)}"),
        parameters);

    /// <summary>SQLite has a row for each entry, PostgreSQL one for each commit.</summary>
    private async Task<List<HistoryEntry>> TimelineAsync(DatabaseReader.Session session, string key)
    {
        if (!onPostgres)
        {
            return await session.ListAsync(
                "select at, kind, summary, said from timeline where order_key = @key order by seq",
                row => Entry(row.Time(0), row.Text(1), row.Text(2), row.FindText(3)), ("@key", key));
        }

        var commits = await session.ListAsync(
            "select entries::text from timeline where order_key = @key order by seq",
            row => row.Text(0), ("@key", key));
        return
        [
            .. from commit in commits
               from entry in JsonDocument.Parse(commit).RootElement.EnumerateArray()
               select Entry(
                   entry.GetProperty("at").GetDateTimeOffset(), entry.GetProperty("kind").GetString()!,
                   entry.GetProperty("summary").GetString()!,
                   entry.TryGetProperty("said", out var said) ? said.GetString() : null),
        ];
    }

    private static HistoryEntry Entry(DateTimeOffset at, string kind, string summary, string? said) =>
        new(at, $"{kind}: {summary}{(said is null ? "" : $" ({said})")}");
}
