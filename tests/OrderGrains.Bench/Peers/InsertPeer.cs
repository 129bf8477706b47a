using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// The least that is durable: one INSERT of the receipt for each webhook, prepared, on pooled connections.
/// </summary>
internal sealed class InsertPeer(string database) : IPeer
{
    private readonly NpgsqlDataSource _source = PeerDatabase.Open(database);

    public Task StartAsync(bool hold) => _source.RunScriptAsync("receipt.sql");

    public async ValueTask ReceiveAsync(byte[] body, string deliveryId)
    {
        await using var insert = _source.CreateCommand(
            "insert into receipt (delivery_id, body) values ($1, $2) on conflict do nothing");
        insert.Parameters.Add(new() { Value = deliveryId });
        insert.Parameters.Add(new() { Value = body });
        await insert.ExecuteNonQueryAsync();
    }

    public Task SetStockAsync(string sku, int onHand) => throw new NotSupportedException();

    public Task<PeerStock> GetStockAsync(string sku) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
