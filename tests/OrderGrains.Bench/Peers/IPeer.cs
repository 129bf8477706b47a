namespace OrderGrains.Bench.Peers;

/// <summary>What a peer does behind the web server that all share.</summary>
internal interface IPeer : IAsyncDisposable
{
    /// <summary>Makes its tables and starts its workers.</summary>
    /// <param name="hold">Take webhooks, but start no worker: to fill a backlog.</param>
    Task StartAsync(bool hold);

    /// <summary>An authentic webhook; ends when it is durable.</summary>
    ValueTask ReceiveAsync(byte[] body, string deliveryId);

    Task SetStockAsync(string sku, int onHand);

    Task<PeerStock> GetStockAsync(string sku);
}

/// <summary>Units of one SKU, in the members that the product's API has too.</summary>
internal sealed record PeerStock(string Location, string Sku, int OnHand, int Reserved, int Available, int Waiting);

internal sealed record PeerCount(int OnHand);
