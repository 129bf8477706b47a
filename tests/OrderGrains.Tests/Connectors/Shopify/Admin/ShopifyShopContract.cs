using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>A shop has what it should when its answer proves it: here, that it does not sell the SKU.</summary>
public sealed class ShopifyShopContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content =>
        new StockContent { Sku = "POT", Place = "1", Quantity = 5, Meaning = StockMeaning.Available };

    protected override string Proof =>
        """{"data":{"inventoryItems":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}}""";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = new ShopifyShopOptions { Domain = url.ToString(), AccessToken = Secret };
        return new ShopDestination(new ShopifyShop(new ShopifyAdmin(_http, options, Time), options, Time));
    }

    protected override Type OutcomeOf(int status) => status switch
    {
        // Frozen and locked among them, and another address than the shop's.
        401 or 402 or 403 or 404 or 423 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };
}
