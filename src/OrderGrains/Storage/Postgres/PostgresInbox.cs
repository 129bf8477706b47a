using System.Data.Common;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// The receipts. Each process has a row in <c>receipt_owner</c> that every claim renews; the pending receipts of a
/// process that was not seen for a <see cref="Lease"/> are adopted by those who claim. Nothing rests on who is
/// right about a death: a receipt that two processes apply takes effect once.
/// </summary>
internal sealed class PostgresInbox : IInbox, IAsyncDisposable
{
    /// <summary>Bytes of bodies that may wait to be written.</summary>
    public const long WaitingBytesMax = 256 * 1024 * 1024;

    /// <summary>
    /// About as long as Orleans takes to declare a silo dead, and far longer than a garbage collection's pause.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    private const string Row = """
        id, source, topic, delivery_id, received_at, outcome, reason, order_key, settled_at,
        coalesce(length(body), 0), fetched_at, coalesce(length(fetched), 0)
        """;

    /// <summary>The server's own start counts as seen: while it was away, nobody could renew.</summary>
    private const string Living = """
        select id from receipt_owner
        where greatest(seen_at, pg_postmaster_start_time()) > clock_timestamp() - make_interval(secs => @lease)
        """;

    private readonly PostgresDatabase _database;
    private readonly PostgresWriter<PostgresReceipts.Appended, bool> _appends;
    private readonly PostgresWriter<ReceiptSettlement, bool> _settlements;
    private readonly double _leaseSeconds;
    private readonly ByteBudget _waitingBytes = new(WaitingBytesMax);

    private readonly Lock _sync = new();

    /// <summary>This process as an owner; null at first, and after a write whose outcome is unknown.</summary>
    private Task<long>? _owner;

    public PostgresInbox(PostgresDatabase database, int waitingMax = 4_096, TimeSpan? lease = null)
    {
        _database = database;
        _leaseSeconds = (lease ?? Lease).TotalSeconds;
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
        if (!_waitingBytes.TryTake(receipt.Body.Length))
            return false;
        try
        {
            long? me = held ? await OwnerAsync() : null;
            if (!_appends.TryWrite(new(receipt, me), out var done))
                return false;
            return await done;
        }
        catch (StorageException)
        {
            Doubt();
            throw;
        }
        finally
        {
            _waitingBytes.Return(receipt.Body.Length);
        }
    }

    public async Task<IReadOnlyList<Receipt>> ClaimAsync(int countMax, IReadOnlyCollection<string>? except = null)
    {
        try
        {
            var me = await OwnerAsync();
            var claimed = await _database.WriteAsync(
                $"""
                with living as ({Living}),
                me as (
                    insert into receipt_owner (id, seen_at) overriding system value values (@me, clock_timestamp())
                    on conflict (id) do update set seen_at = excluded.seen_at returning id),
                free as (
                    select id from receipt
                    where outcome = 'pending' and (owner is null or owner not in (select id from living))
                        and owner is distinct from @me and source <> all (@except)
                    order by id limit @count for update skip locked)
                update receipt as r set owner = me.id from free, me where r.id = free.id
                returning r.id, r.source, r.topic, r.delivery_id, r.received_at, r.triggered_at, r.trace_parent, r.body,
                    r.fetched, r.fetched_at
                """,
                ReadReceipt, ("@me", me), ("@lease", _leaseSeconds), ("@count", countMax),
                ("@except", except?.ToArray() ?? []));

            // RETURNING promises no order.
            return [.. claimed.OrderBy(receipt => receipt.ReceivedAt).ThenBy(receipt => receipt.Id)];
        }
        catch (StorageException)
        {
            Doubt();
            throw;
        }
    }

    public async Task LetGoAsync()
    {
        if (Interlocked.Exchange(ref _owner, null) is { IsFaulted: false } me)
            await _database.ExecuteAsync("delete from receipt_owner where id = @me", ("@me", await me));
    }

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
        ReadReceipt, ("@source", source), ("@after", after), ("@count", countMax));

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
            .And("source = @source", ("@source", filter.Source))
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
        """
        select count(*),
            count(*) filter (where outcome = 'applied'), count(*) filter (where outcome = 'duplicate'),
            count(*) filter (where outcome = 'stale'), count(*) filter (where outcome = 'ignored'),
            count(*) filter (where outcome = 'parked'), count(*) filter (where outcome = 'pending'),
            (select received_at from receipt where outcome = 'pending' order by id limit 1)
        from receipt
        """,
        row => new InboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), AgeOf(row.FindTime(7), now))))!;

    public async Task<InboxDepth> GetDepthAsync(DateTimeOffset now) => (await _database.FindAsync(
        """
        select count(*), (select received_at from receipt where outcome = 'pending' order by id limit 1)
        from receipt where outcome = 'pending'
        """,
        row => new InboxDepth(row.GetInt64(0), AgeOf(row.FindTime(1), now))))!;

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

    private Task<long> OwnerAsync()
    {
        lock (_sync)
            return _owner is { IsFaulted: false } known ? known : _owner = RegisterAsync();
    }

    /// <summary>
    /// Something may have been written under our name of which we do not know: under another name we go on, and what
    /// the old one holds is adopted when its lease ends.
    /// </summary>
    private void Doubt() => _owner = null;

    /// <summary>A new owner. Those that died a day ago hold nothing any more.</summary>
    private async Task<long> RegisterAsync() => (await _database.WriteAsync(
        """
        with dead as (
            delete from receipt_owner where id in (
                select id from receipt_owner where seen_at < clock_timestamp() - interval '1 day'
                for update skip locked))
        insert into receipt_owner (seen_at) values (clock_timestamp()) returning id
        """,
        row => row.GetInt64(0))).Single();

    private static double AgeOf(DateTimeOffset? oldest, DateTimeOffset now) =>
        oldest is { } since ? Math.Max(0, (now - since).TotalSeconds) : 0;

    private static Receipt ReadReceipt(DbDataReader row) => new()
    {
        Id = row.GetGuid(0),
        Source = row.GetString(1),
        Topic = row.GetString(2),
        DeliveryId = row.FindText(3),
        ReceivedAt = row.GetTime(4),
        TriggeredAt = row.FindTime(5),
        TraceParent = row.FindText(6),
        Body = row.GetFieldValue<byte[]>(7),
        Fetched = row.FindBytes(8) is { } fetched ? new FetchedDocument(fetched, row.GetTime(9)) : null,
    };

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
