using System.Text.Json;
using OrderGrains.Connectors.Fetching;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Asks the shop whose a fulfilment order is, since no webhook says it, and how all of that order stand. The address is
/// the global id.
/// </summary>
internal sealed class PartFetching(ShopifyShopOptions options) : IFetching
{
    /// <summary>There are few, and the shop's points are for parcels and stock.</summary>
    public int CallsAtOnceMax => 2;

    public IFetcher Open(CallTools tools) => new LookUp(new ShopifyAdmin(tools.Http, options, tools.Time, tools.Logs));

    private sealed class LookUp(ShopifyAdmin admin) : IFetcher
    {
        private readonly OrderReader _reader = new(admin);

        public async Task<FetchResult> GetAsync(Uri address, CancellationToken stopping)
        {
            string? orderId = null;
            var (parts, failed) = await _reader.PagesAsync<PartsAnswer, PartNode>(
                AdminDocuments.Parts, address.OriginalString, null, answer =>
                {
                    orderId = answer.FulfillmentOrder?.Order.Id;
                    return answer.FulfillmentOrder?.Order.FulfillmentOrders;
                },
                new AttemptCalls(() => Task.CompletedTask), stopping);
            return failed switch
            {
                // A token may have ended, and a person may give another: the webhook waits for that.
                SendResult.Unauthorized no =>
                    new FetchResult.Again($"the shop does not take our credentials: {no.Why}"),
                not null => FetchResult.Of("the shop", failed),
                null when orderId is null => new FetchResult.Refused(
                    "the shop has no such fulfilment order, or the app may not read it"),
                null => new FetchResult.Got(JsonSerializer.SerializeToUtf8Bytes(
                    new PartsOfOrder(orderId, parts), JsonSerializerOptions.Web)),
            };
        }
    }
}
