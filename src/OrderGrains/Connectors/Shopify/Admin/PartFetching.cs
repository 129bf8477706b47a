using System.Text.Json;
using OrderGrains.Connectors.Fetching;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Asks the shop whose a fulfilment order is, since no webhook says it. The address is the global id.
/// </summary>
internal sealed class PartFetching(ShopifyShopOptions options) : IFetching
{
    /// <summary>There are few, and the shop's points are for parcels and stock.</summary>
    public int CallsAtOnceMax => 2;

    public IFetcher Open(CallTools tools) => new LookUp(new ShopifyAdmin(tools.Http, options, tools.Time, tools.Logs));

    private sealed class LookUp(ShopifyAdmin admin) : IFetcher
    {
        public async Task<FetchResult> GetAsync(Uri address, CancellationToken stopping)
        {
            var (answer, failed) = await admin.CallAsync<PartAnswer>(
                AdminDocuments.Part, new { id = address.OriginalString },
                new AttemptCalls(() => Task.CompletedTask), stopping);
            if (answer is null)
                return FetchResult.Of("the shop", failed!);
            return answer.FulfillmentOrder is { } found
                ? new FetchResult.Got(JsonSerializer.SerializeToUtf8Bytes(found, JsonSerializerOptions.Web))
                : new FetchResult.Refused("the shop has no such fulfilment order, or the app may not read it");
        }
    }
}
