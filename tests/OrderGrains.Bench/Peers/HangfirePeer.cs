using Hangfire;
using Hangfire.PostgreSql;
using Hangfire.PostgreSql.Factories;
using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// Hangfire on PostgreSQL: the receipt is stored, then a job is enqueued for it; the job reserves and calls the
/// warehouse. Hangfire's own retries stand behind it.
/// </summary>
internal sealed class HangfirePeer(string database, Uri warehouse) : IPeer
{
    private const int ThreadsMin = 128;

    private readonly NpgsqlDataSource _source = PeerDatabase.Open(database);
    private readonly WarehouseCalls _warehouse = new(warehouse);
    private BackgroundJobServer? _server;
    private BackgroundJobClient _client = null!;
    private OrderRows Rows => field ??= new OrderRows(_source);

    public async Task StartAsync(bool hold)
    {
        await _source.RunScriptAsync("receipt.sql");
        await _source.RunScriptAsync("rows.sql");
        // Enqueue blocks its thread, and so does a worker while its job awaits: the pool must not run dry.
        ThreadPool.SetMinThreads(ThreadsMin, ThreadsMin);
        GlobalConfiguration.Configuration.UseSimpleAssemblyNameTypeSerializer().UseRecommendedSerializerSettings();
        var storage = new PostgreSqlStorage(
            new NpgsqlConnectionFactory(PeerDatabase.Settings(database, PeerDatabase.LibraryConnectionsMax), Options),
            Options);
        _client = new BackgroundJobClient(storage);
        if (hold) return;
        _server = new BackgroundJobServer(
            new BackgroundJobServerOptions { WorkerCount = 20, Activator = new PeerActivator(new OrderJob(this)) },
            storage);
    }

    public async ValueTask ReceiveAsync(byte[] body, string deliveryId)
    {
        await using var insert = _source.CreateCommand(
            "insert into receipt (delivery_id, body) values ($1, $2) on conflict do nothing returning id");
        insert.Parameters.Add(new() { Value = deliveryId });
        insert.Parameters.Add(new() { Value = body });
        if (await insert.ExecuteScalarAsync() is long id) _client.Enqueue<OrderJob>(job => job.RunAsync(id));
    }

    public Task SetStockAsync(string sku, int onHand) => Rows.SetStockAsync(sku, onHand);

    public Task<PeerStock> GetStockAsync(string sku) => Rows.GetStockAsync(sku);

    public async ValueTask DisposeAsync()
    {
        _server?.Dispose();
        _warehouse.Dispose();
        await _source.DisposeAsync();
    }

    private static PostgreSqlStorageOptions Options => new()
    {
        // A job that this process enqueues wakes a worker at once. Long polling would wake those of others too, for a
        // connection of each worker's own; the pool is better spent on jobs.
        EnableLongPolling = false,
        QueuePollInterval = TimeSpan.FromMilliseconds(200),
    };

    /// <summary>What Hangfire calls.</summary>
    public sealed class OrderJob(HangfirePeer peer)
    {
        public async Task RunAsync(long receipt)
        {
            await using var find = peer._source.CreateCommand("select delivery_id, body from receipt where id = $1");
            find.Parameters.Add(new() { Value = receipt });
            await using var row = await find.ExecuteReaderAsync();
            await row.ReadAsync();
            var (deliveryId, body) = (row.GetString(0), await row.GetFieldValueAsync<byte[]>(1));
            await row.CloseAsync();

            var order = OrderBody.Read(body);
            if (!await peer.Rows.ReserveAsync(order, body, deliveryId)) return;
            await peer._warehouse.ReleaseAsync(order.Reference, order.ToRelease());
            await peer.Rows.ReleasedAsync(order.Id);
        }
    }

    private sealed class PeerActivator(OrderJob job) : JobActivator
    {
        public override object ActivateJob(Type jobType) => job;
    }
}
