using System.Data.Common;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>The receipts.</summary>
internal sealed class PostgresInbox : IInbox, IAsyncDisposable
{
    private const string Row = """
        id, source, topic, delivery_id, received_at, outcome, reason, order_key, settled_at,
        coalesce(length(body), 0), fetched_at, coalesce(length(fetched), 0)
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresClaims _claims;
    private readonly PostgresWriter<PostgresReceipts.Appended, bool> _appends;
    private readonly PostgresWriter<ReceiptSettlement, bool> _settlements;

    public PostgresInbox(PostgresDatabase database, int waitingMax = 4_096, TimeSpan? lease = null)
    {
        _database = database;
        _claims = new PostgresClaims(database, lease ?? PostgresClaims.Lease);
        _appends = new(
            database.Writers, PostgresReceipts.AppendAsync, new WriterLimits(waitingMax, BatchMax: 256),
            appended => appended.Receipt.Id, appended => appended.Receipt.Body.Length);
        _settlements = new(
            database.Writers, PostgresReceipts.SettleAsync, new WriterLimits(waitingMax, BatchMax: 256),
            settlement => settlement.ReceiptId);
    }

    internal PostgresWriter<PostgresReceipts.Appended, bool> Appends => _appends;

    public async ValueTask<bool> AppendAsync(Receipt receipt, bool held)
    {
        long? me = null;
        try
        {
            me = held ? await _claims.OwnerAsync() : null;
            if (!_appends.TryWrite(new(receipt, me), out var done))
                return false;
            return await done;
        }
        catch (Exception failure) when (failure is not StorageException { IsRefusal: true })
        {
            _claims.Doubt(me);
            throw;
        }
    }

    public Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim) => _claims.ClaimAsync(claim);

    public Task LetGoAsync() => _claims.LetGoAsync();

    public Task ReturnAsync(Guid id, FetchedDocument? fetched = null) => _database.ExecuteAsync(
        """
        update receipt set owner = null, fetched = coalesce(@fetched::bytea, fetched),
            fetched_at = coalesce(@at::timestamptz, fetched_at)
        where id = @id and outcome = 'pending'
        """,
        ("@id", id), ("@fetched", fetched?.Body.ToArray()), ("@at", fetched?.At));

    public Task SettleAsync(ReceiptSettlement settlement) => _settlements.WriteAsync(settlement);

    public Task EraseAsync(ReceiptSettlement settlement) => _database.ExecuteAsync(
        """
        update receipt set
            outcome = @outcome, reason = @reason, order_key = @order_key, settled_at = @at, owner = null, body = null,
            fetched = null, fetched_at = null
        where id = @id and outcome = 'pending'
        """,
        ("@id", settlement.ReceiptId), ("@outcome", StoredName.Of(settlement.Outcome)), ("@reason", settlement.Reason),
        ("@order_key", settlement.OrderKey), ("@at", settlement.At));

    public async Task<IReadOnlyList<Receipt>> ListOrderlessAsync(
        string source, ReceiptOutcome outcome, Guid after, int countMax) => await _database.ListAsync(
        $"""
        select id, source, topic, delivery_id, received_at, triggered_at, trace_parent, body, fetched, fetched_at
        from receipt
        where outcome = '{StoredName.Of(outcome)}' and id > @after and source = @source and order_key is null
            and body is not null
        order by id limit @count
        """,
        PostgresClaims.ReadReceipt, ("@source", source), ("@after", after), ("@count", countMax));

    public Task<int> EraseAsync(IReadOnlyList<Guid> ids) => _database.ExecuteAsync(
        """
        update receipt set body = null, fetched = null, fetched_at = null
        where id = any(@ids) and outcome in ('duplicate', 'stale', 'ignored')
        """,
        ("@ids", ids.ToArray()));

    public Task<ReceiptRow?> FindAsync(Guid id) =>
        _database.FindAsync($"select {Row} from receipt where id = @id", ReadRow, ("@id", id));

    public Task<byte[]?> FindBodyAsync(Guid id) =>
        _database.FindAsync("select body from receipt where id = @id", row => row.FindBytes(0), ("@id", id));

    public Task<byte[]?> FindFetchedAsync(Guid id) => _database.FindAsync(
        "select fetched from receipt where id = @id", row => row.FindBytes(0), ("@id", id));

    public async Task<Page<ReceiptRow>> ListAsync(ReceiptFilter filter, PageRequest page)
    {
        Guid? after = page.Cursor is null ? null : Cursor.ParseId(Cursor.Parse(page.Cursor, 1)[0]);
        var where = new SqlFilter()
            .And("id < @after", ("@after", after))
            .And(
                "id >= @first and received_at >= @since",
                ("@first", filter.Since is { } since ? TimeOrderedId.First(since) : null), ("@since", filter.Since))
            .And("source || '' = @source", ("@source", filter.Source))
            .And("outcome = @outcome", ("@outcome", filter.Outcome is { } outcome ? StoredName.Of(outcome) : null))
            .And("reason = @reason", ("@reason", filter.Reason));
        var rows = await _database.ListAsync(
            $"select {Row} from receipt {where} order by id desc limit @limit",
            ReadRow, where.Values(("@limit", Paging.Limit(page) + 1)));
        return Paging.Page(rows, page, row => Cursor.Of(row.Id.ToString("N")));
    }

    public Task<Guid?> FindFirstParkedAsync(string source, string reason) => _database.FindAsync(
        """
        select id from receipt where outcome = 'parked' and source = @source and reason = @reason
        order by settled_at, id limit 1
        """,
        row => (Guid?)row.GetGuid(0), ("@source", source), ("@reason", reason));

    public async Task<IReadOnlyList<ParkedReceipts>> ListParkedGroupsAsync() => await _database.ListAsync(
        """
        select source, reason, count(*) from receipt where outcome = 'parked'
        group by source, reason order by source, reason collate "C"
        """,
        row => new ParkedReceipts(row.GetString(0), row.GetString(1), (int)row.GetInt64(2)));

    public async Task<bool> ResumeAsync(Guid id) => await _database.ExecuteAsync(
        """
        update receipt set outcome = 'pending', reason = null, settled_at = null, fetched = null, fetched_at = null
        where id = @id and outcome = 'parked'
        """,
        ("@id", id)) > 0;

    public async Task<bool> DiscardAsync(Guid id, string reason, DateTimeOffset at) => await _database.ExecuteAsync(
        """
        update receipt set outcome = 'ignored', reason = @reason, settled_at = @at
        where id = @id and outcome = 'parked'
        """,
        ("@id", id), ("@reason", reason), ("@at", at)) > 0;

    public async Task<InboxAudit> AuditAsync(DateTimeOffset now) => (await _database.FindAsync(
        $"""
        with recursive {PostgresClaims.PendingSources}
        select {Tally.Columns("all", "applied", "duplicate", "stale", "ignored", "parked", "pending")},
            ({PostgresClaims.OldestPending})
        from ({PostgresTally.Of("receipt")}) as tally
        """,
        row => new InboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), AgeOf(row.FindTime(7), now))))!;

    public async Task<InboxDepth> GetDepthAsync(DateTimeOffset now) => (await _database.FindAsync(
        $"""
        with recursive {PostgresClaims.PendingSources}
        select count(*), ({PostgresClaims.OldestPending})
        from receipt where outcome = 'pending'
        """,
        row => new InboxDepth(row.GetInt64(0), AgeOf(row.FindTime(1), now))))!;

    public async Task<IReadOnlyDictionary<string, int>> CountPendingAsync(IReadOnlyCollection<string> sources) =>
        (await _database.ListAsync(
            """
            select source, count(*)::int from receipt
            where outcome = 'pending' and source = any(@sources) group by source
            """,
            row => (Source: row.GetString(0), Count: row.GetInt32(1)), ("@sources", sources.ToArray())))
        .ToDictionary(row => row.Source, row => row.Count, StringComparer.Ordinal);

    public async ValueTask DisposeAsync()
    {
        await _appends.DisposeAsync();
        await _settlements.DisposeAsync();
        try
        {
            await LetGoAsync();
        }
        catch (StorageException)
        {
            // The lease ends by itself.
        }
    }

    private static double AgeOf(DateTimeOffset? oldest, DateTimeOffset now) =>
        oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0;

    private static ReceiptRow ReadRow(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Source = row.GetString(1),
        Topic = row.GetString(2),
        DeliveryId = row.FindText(3),
        ReceivedAt = row.GetTime(4),
        Outcome = row.GetName<ReceiptOutcome>(5),
        Reason = row.FindText(6),
        OrderKey = row.FindText(7),
        SettledAt = row.FindTime(8),
        BodyBytes = row.GetInt32(9),
        FetchedAt = row.FindTime(10),
        FetchedBytes = row.GetInt32(11),
    };
}
