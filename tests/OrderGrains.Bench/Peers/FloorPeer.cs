namespace OrderGrains.Bench.Peers;

/// <summary>
/// The limit of the front: the body is read, the signature checked, and the answer is 200. Keeps nothing.
/// </summary>
internal sealed class FloorPeer : IPeer
{
    public Task StartAsync(bool hold) => Task.CompletedTask;

    public ValueTask ReceiveAsync(byte[] body, string deliveryId) => ValueTask.CompletedTask;

    public Task SetStockAsync(string sku, int onHand) => throw new NotSupportedException();

    public Task<PeerStock> GetStockAsync(string sku) => throw new NotSupportedException();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
