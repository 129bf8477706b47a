using System.Data.Common;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// The receipts. One process owns the file, so a pending row that another incarnation holds is a dead one's.
/// </summary>
/// <param name="database">Shared with the other stores.</param>
/// <param name="incarnation">This run of the process: no other has the same.</param>
internal sealed class SqliteInbox(SqliteDatabase database, string incarnation) : IInbox
{
    private const string Row = """
        id, source, topic, delivery_id, received_at, outcome, reason, order_key, settled_at, coalesce(length(body), 0),
        fetched_at, coalesce(length(fetched), 0)
        """;

    private string _owner = incarnation;
    private int _doubts;

    public async ValueTask<bool> AppendAsync(Receipt receipt, bool held)
    {
        var owner = held ? Volatile.Read(ref _owner) : null;
        if (!database.TryWrite(session => Append(session, receipt, owner), out var done))
            return false;
        try
        {
            await done;
            return true;
        }
        catch (Exception failure) when (failure is not StorageException { IsRefusal: true })
        {
            Doubt();
            throw;
        }
    }

    public async Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim)
    {
        try
        {
            await LeaveDoubtedAsync(claim);
            var owner = Volatile.Read(ref _owner);
            var claimed = await database.WriteAsync(session => Claimed(session, claim, owner));
            return [.. claimed.OrderBy(receipt => receipt.ReceivedAt).ThenBy(receipt => receipt.Id)];
        }
        catch (Exception)
        {
            Doubt();
            throw;
        }
    }

    public Task LetGoAsync() => database.WriteAsync(session => session.Execute(
        "update receipt set owner = null where outcome = 'pending' and owner is not null"));

    public Task ReturnAsync(Guid id, FetchedDocument? fetched = null) => database.WriteAsync(session =>
        session.Execute(
            """
            update receipt set owner = null, fetched = coalesce($fetched, fetched),
                fetched_at = coalesce($at, fetched_at)
            where id = $id and outcome = 'pending'
            """,
            ("$fetched", fetched?.Body), ("$at", fetched?.At), ("$id", id)));

    public Task SettleAsync(ReceiptSettlement settlement) =>
        database.WriteAsync(session => Settle(session, settlement));

    public Task EraseAsync(ReceiptSettlement settlement) => database.WriteAsync(session =>
    {
        Settle(session, settlement);
        return session.Execute(
            """
            update receipt set body = null, fetched = null, fetched_at = null where id = $id and outcome <> 'pending'
            """,
            ("$id", settlement.ReceiptId));
    });

    public async Task<IReadOnlyList<Receipt>> ListOrderlessAsync(
        string source, ReceiptOutcome outcome, Guid after, int countMax) =>
        await database.ReadAsync(session => session.List(
            """
            select id, source, topic, delivery_id, received_at, triggered_at, trace_parent, body, fetched, fetched_at
            from receipt
            where outcome = $outcome and id > $after and source = $source and order_key is null and body is not null
            order by id limit $count
            """,
            ReadReceipt, ("$source", source), ("$outcome", StoredName.Of(outcome)), ("$after", after),
            ("$count", countMax)));

    public Task<int> EraseAsync(IReadOnlyList<Guid> ids) => database.WriteAsync(session => ids.Sum(id =>
        session.Execute(
            """
            update receipt set body = null, fetched = null, fetched_at = null
            where id = $id and outcome in ('duplicate', 'stale', 'ignored')
            """,
            ("$id", id))));

    public Task<ReceiptRow?> FindAsync(Guid id) => database.ReadAsync(session =>
        session.Find($"select {Row} from receipt where id = $id", ReadRow, ("$id", id)));

    public Task<byte[]?> FindBodyAsync(Guid id) => database.ReadAsync(session =>
        session.Find("select body from receipt where id = $id", row => row.FindBytes(0), ("$id", id)));

    public Task<byte[]?> FindFetchedAsync(Guid id) => database.ReadAsync(session =>
        session.Find("select fetched from receipt where id = $id", row => row.FindBytes(0), ("$id", id)));

    public async Task<Page<ReceiptRow>> ListAsync(ReceiptFilter filter, PageRequest page)
    {
        Guid? after = page.Cursor is null ? null : Cursor.ParseId(Cursor.Parse(page.Cursor, 1)[0]);
        var where = new SqlFilter()
            .And("id < $after", ("$after", after))
            .And(
                "id >= $first and received_at >= $since",
                ("$first", filter.Since is { } since ? TimeOrderedId.First(since) : null), ("$since", filter.Since))
            .And("source || '' = $source", ("$source", filter.Source))
            .And("outcome = $outcome", ("$outcome", filter.Outcome is { } outcome ? StoredName.Of(outcome) : null))
            .And("reason = $reason", ("$reason", filter.Reason));
        var rows = await database.ReadAsync(session => session.List(
            $"select {Row} from receipt {where} order by id desc limit $limit",
            ReadRow, where.Values(("$limit", Paging.Limit(page) + 1))));
        return Paging.Page(rows, page, row => Cursor.Of(row.Id.ToString("N")));
    }

    public Task<Guid?> FindFirstParkedAsync(string source, string reason) => database.ReadAsync(
        session => session.Find(
            """
            select id from receipt where outcome = 'parked' and source = $source and reason = $reason
            order by settled_at, id limit 1
            """,
            row => (Guid?)row.GetId(0), ("$source", source), ("$reason", reason)));

    public async Task<IReadOnlyList<ParkedReceipts>> ListParkedGroupsAsync() =>
        await database.ReadAsync(session => session.List(
            """
            select source, reason, count(*) from receipt where outcome = 'parked'
            group by source, reason order by source, reason
            """,
            row => new ParkedReceipts(row.GetString(0), row.GetString(1), row.GetInt32(2))));

    public Task<bool> ResumeAsync(Guid id) => database.WriteAsync(session => session.Execute(
        """
        update receipt set outcome = 'pending', reason = null, settled_at = null, fetched = null, fetched_at = null
        where id = $id and outcome = 'parked'
        """,
        ("$id", id)) > 0);

    public Task<bool> DiscardAsync(Guid id, string reason, DateTimeOffset at) => database.WriteAsync(session =>
        session.Execute(
            """
            update receipt set outcome = 'ignored', reason = $reason, settled_at = $at
            where id = $id and outcome = 'parked'
            """,
            ("$id", id), ("$reason", reason), ("$at", at)) > 0);

    public Task<InboxAudit> AuditAsync(DateTimeOffset now) => database.ReadAsync(session => session.Find(
        $"""
        select {Tally.Columns("all", "applied", "duplicate", "stale", "ignored", "parked", "pending")},
            (select received_at from receipt where outcome = 'pending' order by id limit 1)
        from tally where name = 'receipt'
        """,
        row => new InboxAudit(
            row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetInt64(5),
            row.GetInt64(6), row.FindTime(7) is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0)))!;

    public async Task<IReadOnlyDictionary<string, int>> CountPendingAsync(IReadOnlyCollection<string> sources) =>
        (await database.ReadAsync(session => session.List(
            "select source, count(*) from receipt where outcome = 'pending' group by source",
            row => (Source: row.GetString(0), Count: row.GetInt32(1)))))
        .Where(row => sources.Contains(row.Source, StringComparer.Ordinal))
        .ToDictionary(row => row.Source, row => row.Count, StringComparer.Ordinal);

    public Task<InboxDepth> GetDepthAsync(DateTimeOffset now) => database.ReadAsync(session => session.Find(
        """
        select count(*), (select received_at from receipt where outcome = 'pending' order by id limit 1)
        from receipt where outcome = 'pending'
        """,
        row => new InboxDepth(
            row.GetInt64(0), row.FindTime(1) is { } oldest ? Math.Max(0, (now - oldest).TotalSeconds) : 0)))!;

    /// <summary>Does nothing when the receipt is settled already.</summary>
    internal static int Settle(SqliteSession session, ReceiptSettlement settlement) => session.Execute(
        """
        update receipt set outcome = $outcome, reason = $reason, order_key = $order_key, settled_at = $at, owner = null
        where id = $id and outcome = 'pending'
        """,
        ("$outcome", StoredName.Of(settlement.Outcome)), ("$reason", settlement.Reason),
        ("$order_key", settlement.OrderKey), ("$at", settlement.At), ("$id", settlement.ReceiptId));

    internal static int Append(SqliteSession session, Receipt receipt, string? owner) => session.Execute(
        """
        insert into receipt (
            id, source, topic, delivery_id, received_at, triggered_at, trace_parent, owner, outcome, body)
        values (
            $id, $source, $topic, $delivery_id, $received_at, $triggered_at, $trace_parent, $owner, 'pending', $body)
        """,
        ("$id", receipt.Id), ("$source", receipt.Source), ("$topic", receipt.Topic),
        ("$delivery_id", receipt.DeliveryId), ("$received_at", receipt.ReceivedAt),
        ("$triggered_at", receipt.TriggeredAt), ("$trace_parent", receipt.TraceParent), ("$owner", owner),
        ("$body", receipt.Body));

    /// <summary>
    /// Of each source its oldest that this process does not hold, and of each as many as of the others.
    /// </summary>
    private static IReadOnlyList<Receipt> Claimed(SqliteSession session, Claim claim, string owner)
    {
        var sources = session.List(
            """
            with recursive pending_source (source) as (
                select min(source) from receipt where outcome = 'pending'
                union all
                select (select min(r.source) from receipt as r where r.outcome = 'pending' and r.source > p.source)
                from pending_source as p where p.source is not null)
            select source from pending_source where source is not null
            """,
            row => row.GetString(0)).Except(claim.Except ?? [], StringComparer.Ordinal)
            .Where(source => session.Find(
                """
                select 1 from receipt where outcome = 'pending' and source = $source and owner is not $owner limit 1
                """,
                _ => true, ("$source", source), ("$owner", owner)))
            .ToList();
        var ids = sources.SelectMany(source => session.List(
                """
                select id, length(body) + coalesce(length(fetched), 0) from receipt
                where outcome = 'pending' and source = $source and owner is not $owner order by id limit $count
                """,
                row => (Id: row.GetId(0), Bytes: row.GetInt64(1)), ("$source", source), ("$owner", owner),
                ("$count", Math.Min(claim.CountMax, Math.Max(1, claim.CountMax / sources.Count))))
                .Select((row, turn) => (row.Id, row.Bytes, Turn: turn)))
            .OrderBy(row => row.Turn).ThenBy(row => row.Id).Take(claim.CountMax);
        var (taken, bytes) = (new List<Guid>(), 0L);
        foreach (var row in ids)
        {
            bytes += row.Bytes;
            if (taken.Count > 0 && bytes > claim.BytesMax)
                break;
            taken.Add(row.Id);
        }

        return [.. taken.SelectMany(id => session.List(
            """
            update receipt set owner = $owner where id = $id
            returning id, source, topic, delivery_id, received_at, triggered_at, trace_parent, body, fetched, fetched_at
            """,
            ReadReceipt, ("$owner", owner), ("$id", id)))];
    }

    /// <summary>Something may have been written of which we do not know.</summary>
    private void Doubt() => Interlocked.Increment(ref _doubts);

    /// <summary>What is in memory goes on under the new name; whatever else stands under the old one is free.</summary>
    private async Task LeaveDoubtedAsync(Claim claim)
    {
        var doubts = Volatile.Read(ref _doubts);
        if (doubts == 0)
            return;
        var (old, name) = (Volatile.Read(ref _owner), Guid.CreateVersion7().ToString("N"));
        Volatile.Write(ref _owner, name);
        var held = claim.Held?.Invoke() ?? [];
        await database.WriteAsync(session => held.Sum(id => session.Execute(
            "update receipt set owner = $new where id = $id and owner = $old and outcome = 'pending'",
            ("$new", name), ("$id", id), ("$old", old))));
        Interlocked.Add(ref _doubts, -doubts);
    }

    private static Receipt ReadReceipt(DbDataReader row) => new()
    {
        Id = row.GetId(0),
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
        Id = row.GetId(0),
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
