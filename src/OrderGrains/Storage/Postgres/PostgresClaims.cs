using System.Data.Common;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Who holds the pending receipts. Each process has a row in <c>receipt_owner</c> that every claim renews; the pending
/// receipts of a process that was not seen for a <see cref="Lease"/> are adopted by those who claim. Nothing rests on
/// who is right about a death: a receipt that two processes apply takes effect once.
/// </summary>
internal sealed class PostgresClaims(PostgresDatabase database, TimeSpan lease)
{
    /// <summary>
    /// About as long as Orleans takes to declare a silo dead, and far longer than a garbage collection's pause.
    /// </summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(8);

    /// <summary>Sources that have something pending, from one to the next by the index of what is pending.</summary>
    public const string PendingSources = """
        pending_source (source) as (
            (select source from receipt where outcome = 'pending' order by source limit 1)
            union all
            select (
                select r.source from receipt as r where r.outcome = 'pending' and r.source > p.source
                order by r.source limit 1)
            from pending_source as p where p.source is not null)
        """;

    /// <summary>When the oldest of what is pending came; after <see cref="PendingSources"/>.</summary>
    public const string OldestPending = """
        select min(o.received_at) from pending_source as p cross join lateral (
            select received_at from receipt where outcome = 'pending' and source = p.source order by id limit 1) as o
        """;

    /// <summary>The server's own start counts as seen: while it was away, nobody could renew.</summary>
    private const string Living = """
        select id from receipt_owner
        where greatest(seen_at, pg_postmaster_start_time()) > clock_timestamp() - make_interval(secs => @lease)
        """;

    private readonly Lock _sync = new();

    /// <summary>Owners that this process was, until a write under that name had an unknown outcome.</summary>
    private readonly List<long> _doubted = [];

    /// <summary>This process as an owner; null at first, and after a write whose outcome is unknown.</summary>
    private Task<long>? _owner;

    /// <summary>What that came to, once it is known.</summary>
    private long? _me;

    public async Task<IReadOnlyList<Receipt>> ClaimAsync(Claim claim)
    {
        long? me = null;
        try
        {
            me = await OwnerAsync();
            await LeaveDoubtedAsync(me.Value, claim);
            var claimed = await database.WriteAsync(
                $"""
                with recursive living as ({Living}),
                me as (
                    insert into receipt_owner (id, seen_at) overriding system value values (@me, clock_timestamp())
                    on conflict (id) do update set seen_at = excluded.seen_at),
                {PendingSources},
                free_source as materialized (
                    select p.source from pending_source as p
                    where p.source <> all (@except) and exists (
                        select from receipt where outcome = 'pending' and source = p.source
                            and owner is distinct from @me
                            and (owner is null or owner not in (select id from living)))),
                free as (
                    select r.id, r.source, r.bytes
                    from free_source as p cross join lateral (
                        select id, source, coalesce(length(body), 0) + coalesce(length(fetched), 0) as bytes
                        from receipt
                        where outcome = 'pending' and source = p.source and owner is distinct from @me
                            and (owner is null or owner not in (select id from living))
                        order by id
                        limit least(@count, greatest(1, @count / (select greatest(1, count(*)) from free_source)))
                        for update skip locked) as r),
                turn as (select id, bytes, row_number() over (partition by source order by id) as n from free),
                fits as (
                    select id, row_number() over (order by n, id) as place, sum(bytes) over (order by n, id) as upto
                    from turn),
                chosen as materialized (
                    select id from fits where place <= @count and (place = 1 or upto <= @bytes))
                update receipt as r set owner = @me
                where r.id = any (array(select id from chosen)) and r.outcome || '' = 'pending'
                    and r.id >= (select id from chosen order by id limit 1)
                    and r.id <= (select id from chosen order by id desc limit 1)
                returning r.id, r.source, r.topic, r.delivery_id, r.received_at, r.triggered_at, r.trace_parent, r.body,
                    r.fetched, r.fetched_at
                """,
                ReadReceipt, ("@me", me), ("@lease", lease.TotalSeconds), ("@count", claim.CountMax),
                ("@bytes", claim.BytesMax), ("@except", claim.Except?.ToArray() ?? []));

            // RETURNING promises no order.
            return [.. claimed.OrderBy(receipt => receipt.ReceivedAt).ThenBy(receipt => receipt.Id)];
        }
        catch (Exception)
        {
            // Whatever it was, some may have been claimed that nobody has.
            Doubt(me);
            throw;
        }
    }

    public async Task LetGoAsync()
    {
        long[] mine;
        lock (_sync)
        {
            mine = _me is { } me ? [.. _doubted, me] : [.. _doubted];
            (_owner, _me) = (null, null);
            _doubted.Clear();
        }

        if (mine.Length > 0)
            await database.ExecuteAsync("delete from receipt_owner where id = any(@mine)", ("@mine", mine));
    }

    public Task<long> OwnerAsync()
    {
        lock (_sync)
        {
            return _owner is { } known and ({ IsCompleted: false } or { IsCompletedSuccessfully: true })
                ? known : _owner = RegisterAsync();
        }
    }

    /// <summary>
    /// Something may have been written under this name of which we do not know: under another we go on.
    /// </summary>
    public void Doubt(long? owner)
    {
        lock (_sync)
        {
            if (owner is not { } me || _me != me)
                return;
            (_owner, _me) = (null, null);
            _doubted.Add(me);
        }
    }

    /// <summary>
    /// What is in memory goes on under the new name. The old one ends, and with it whatever else stands under it, be it
    /// that it is committed later: that is free at once.
    /// </summary>
    private async Task LeaveDoubtedAsync(long me, Claim claim)
    {
        long[] doubted;
        lock (_sync)
            doubted = [.. _doubted];
        if (doubted.Length == 0)
            return;
        await database.ExecuteAsync(
            """
            with kept as (
                update receipt set owner = @me where id = any(@held) and owner = any(@doubted) and outcome = 'pending')
            delete from receipt_owner where id = any(@doubted)
            """,
            ("@me", me), ("@held", claim.Held?.Invoke().ToArray() ?? []), ("@doubted", doubted));
        lock (_sync)
            _doubted.RemoveAll(doubted.Contains);
    }

    /// <summary>A new owner. Those that died a day ago hold nothing any more.</summary>
    private async Task<long> RegisterAsync()
    {
        var me = (await database.WriteAsync(
            """
            with dead as (
                delete from receipt_owner where id in (
                    select id from receipt_owner where seen_at < clock_timestamp() - interval '1 day'
                    for update skip locked))
            insert into receipt_owner (seen_at) values (clock_timestamp()) returning id
            """,
            row => row.GetInt64(0))).Single();
        lock (_sync)
            _me = me;
        return me;
    }

    internal static Receipt ReadReceipt(DbDataReader row) => new()
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
}
