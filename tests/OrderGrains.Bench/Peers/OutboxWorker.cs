using System.Threading.Channels;
using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// Claims what is due in batches, calls the warehouse for a whole batch at once and marks it delivered in one commit.
/// The claim has a term, so what a crash leaves behind is due again later. New work in this process wakes it; for what
/// others left it polls.
/// </summary>
internal sealed class OutboxWorker : IAsyncDisposable
{
    private const int BatchMax = WarehouseCalls.AtOnceMax / LoopCount;

    /// <summary>While one batch is on its way to the warehouse, another is claimed.</summary>
    private const int LoopCount = 2;

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(100);

    private const string Claim = """
        with due as (
            select id from outbox where delivered_at is null and due_at <= now()
            order by id limit $1 for update skip locked)
        update outbox set due_at = now() + interval '30 seconds' from due where outbox.id = due.id
        returning outbox.id, outbox.order_id, outbox.reference, outbox.body
        """;

    private readonly NpgsqlDataSource _source;
    private readonly WarehouseCalls _warehouse;
    private readonly CancellationTokenSource _ending = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly Task[] _loops;

    public OutboxWorker(NpgsqlDataSource source, WarehouseCalls warehouse)
    {
        (_source, _warehouse) = (source, warehouse);
        _loops = [.. Enumerable.Range(0, LoopCount).Select(_ => Task.Run(RunAsync))];
    }

    public void Wake() => _wake.Writer.TryWrite(true);

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await Task.WhenAll(_loops);
        _ending.Dispose();
    }

    private async Task RunAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            try
            {
                if (await DeliverAsync() > 0) continue;
            }
            catch (NpgsqlException)
            {
                // What was claimed is due again when its term has passed.
            }
            using var poll = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            poll.CancelAfter(PollPeriod);
            try
            {
                await _wake.Reader.ReadAsync(poll.Token);
            }
            catch (OperationCanceledException)
            {
            }
        }
    }

    private async Task<int> DeliverAsync()
    {
        var claimed = await ClaimAsync();
        if (claimed.Count == 0) return 0;
        var delivered = await Task.WhenAll(claimed.Select(TryDeliverAsync));
        var done = claimed.Where((_, at) => delivered[at]).ToList();
        await using var mark = _source.CreateBatch();
        Add(mark, "update outbox set delivered_at = now() where id = any($1)", [.. done.Select(each => each.Id)]);
        Add(mark, "update orders set status = 'released' where id = any($1)", [.. done.Select(each => each.OrderId)]);
        await mark.ExecuteNonQueryAsync();
        return claimed.Count;
    }

    private async Task<List<Message>> ClaimAsync()
    {
        await using var claim = _source.CreateCommand(Claim);
        claim.Parameters.Add(new() { Value = BatchMax });
        await using var rows = await claim.ExecuteReaderAsync();
        var claimed = new List<Message>(BatchMax);
        while (await rows.ReadAsync())
        {
            claimed.Add(new Message(
                rows.GetInt64(0), rows.GetInt64(1), rows.GetString(2), await rows.GetFieldValueAsync<byte[]>(3)));
        }
        return claimed;
    }

    private async Task<bool> TryDeliverAsync(Message message)
    {
        try
        {
            await _warehouse.ReleaseAsync(message.Reference, message.Body);
            return true;
        }
        catch (Exception failed) when (failed is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private static void Add(NpgsqlBatch batch, string sql, long[] ids)
    {
        var command = new NpgsqlBatchCommand(sql);
        command.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = ids });
        batch.BatchCommands.Add(command);
    }

    private sealed record Message(long Id, long OrderId, string Reference, byte[] Body);
}
