using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// What most teams write: one transaction for each webhook, and a worker that polls an outbox and calls the warehouse.
/// </summary>
internal sealed class RowsPeer(string database, Uri warehouse) : IPeer
{
    private readonly NpgsqlDataSource _source = PeerDatabase.Open(database);
    private readonly WarehouseCalls _warehouse = new(warehouse);
    private OutboxWorker? _worker;
    private OrderRows Rows => field ??= new OrderRows(_source);

    public async Task StartAsync(bool hold)
    {
        await _source.RunScriptAsync("rows.sql");
        if (!hold) _worker = new OutboxWorker(_source, _warehouse);
    }

    public async ValueTask ReceiveAsync(byte[] body, string deliveryId)
    {
        await Rows.PlaceAsync(OrderBody.Read(body), body, deliveryId);
        _worker?.Wake();
    }

    public Task SetStockAsync(string sku, int onHand) => Rows.SetStockAsync(sku, onHand);

    public Task<PeerStock> GetStockAsync(string sku) => Rows.GetStockAsync(sku);

    public async ValueTask DisposeAsync()
    {
        if (_worker is not null) await _worker.DisposeAsync();
        _warehouse.Dispose();
        await _source.DisposeAsync();
    }
}
