using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>A shop has what it should when its answer proves it: here, that it does not sell the SKU.</summary>
public sealed class WooCommerceShopContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content =>
        new StockContent { Sku = "POT", Place = "", Quantity = 5, Meaning = StockMeaning.Available };

    protected override string Proof => "[]";

    protected override int CallsWithoutAnswer => 4;

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = new WooCommerceShopOptions
        {
            BaseUrl = url.ToString(),
            ConsumerKey = "ck_contract",
            ConsumerSecret = Secret,
        };
        return new ShopDestination(new WooCommerceShop(new WooCommerceRest(_http, options, Time), options, Time));
    }

    protected override Type OutcomeOf(int status) => status switch
    {
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        // A 404 that is not WooCommerce's own says nothing of the message: the plugin is off.
        < 300 or 404 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };
}
