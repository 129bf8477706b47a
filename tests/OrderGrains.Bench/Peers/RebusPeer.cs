using Npgsql;
using Rebus.Activation;
using Rebus.Backoff;
using Rebus.Bus;
using Rebus.Config;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// Rebus on its PostgreSQL transport: the webhook is sent to the service's own queue as it came, which makes it
/// durable; the handler reserves and calls the warehouse. Rebus' own retries stand behind it.
/// </summary>
internal sealed class RebusPeer(string database, Uri warehouse) : IPeer
{
    private readonly NpgsqlDataSource _source = PeerDatabase.Open(database);
    private readonly WarehouseCalls _warehouse = new(warehouse);
    private readonly BuiltinHandlerActivator _handlers = new();
    private IBus _bus = null!;
    private OrderRows Rows => field ??= new OrderRows(_source);

    public async Task StartAsync(bool hold)
    {
        await _source.RunScriptAsync("rows.sql");
        _handlers.Handle<WebhookReceived>(ApplyAsync);
        var settings = PeerDatabase.Settings(database, PeerDatabase.LibraryConnectionsMax);
        _bus = Configure.With(_handlers)
            .Logging(logging => logging.None())
            .Transport(at => at.UsePostgreSql(settings, "messages", "orders"))
            .Options(options =>
            {
                options.SetNumberOfWorkers(hold ? 0 : 2);
                options.SetMaxParallelism(32);
                // Its own default lets an idle queue wait for up to 250 ms.
                options.SetBackoffTimes(TimeSpan.FromMilliseconds(10), TimeSpan.FromMilliseconds(50));
            })
            .Start();
    }

    public async ValueTask ReceiveAsync(byte[] body, string deliveryId) =>
        await _bus.SendLocal(new WebhookReceived(deliveryId, body));

    public Task SetStockAsync(string sku, int onHand) => Rows.SetStockAsync(sku, onHand);

    public Task<PeerStock> GetStockAsync(string sku) => Rows.GetStockAsync(sku);

    public async ValueTask DisposeAsync()
    {
        _handlers.Dispose();
        _warehouse.Dispose();
        await _source.DisposeAsync();
    }

    private async Task ApplyAsync(WebhookReceived webhook)
    {
        var order = OrderBody.Read(webhook.Body);
        if (!await Rows.ReserveAsync(order, webhook.Body, webhook.DeliveryId)) return;
        await _warehouse.ReleaseAsync(order.Reference, order.ToRelease());
        await Rows.ReleasedAsync(order.Id);
    }

    /// <summary>The message on the queue.</summary>
    internal sealed record WebhookReceived(string DeliveryId, byte[] Body);
}
