using System.Net;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Tests.Connectors.Warehouses;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>How a shop is asked whose a fulfilment order is.</summary>
public sealed class PartFetchingTests
{
    private static readonly Uri Address = new("gid://shopify/FulfillmentOrder/7");

    [Fact]
    public async Task Credentials_that_the_shop_does_not_take_are_waited_for() => Assert.StartsWith(
        "the shop does not take our credentials: ",
        Assert.IsType<FetchResult.Again>(await GetAsync((HttpStatusCode.Unauthorized, "{}"))).Why,
        StringComparison.Ordinal);

    [Fact]
    public async Task All_parts_of_the_order_are_kept_page_by_page()
    {
        var got = Assert.IsType<FetchResult.Got>(await GetAsync(Page("7", "c1"), Page("8", null)));

        Assert.Equal(
            """
            {"orderId":"gid://shopify/Order/12","parts":[
            {"id":"7","status":"OPEN","fulfillmentHolds":[]},{"id":"8","status":"OPEN","fulfillmentHolds":[]}]}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(got.Body));
    }

    [Fact]
    public async Task One_that_the_shop_does_not_have_is_refused() => Assert.IsType<FetchResult.Refused>(
        await GetAsync((HttpStatusCode.OK, """{"data":{"fulfillmentOrder":null}}""")));

    private static async Task<FetchResult> GetAsync(params (HttpStatusCode Status, string Body)[] answers)
    {
        var left = new Queue<(HttpStatusCode Status, string Body)>(answers);
        using var http = new HttpClient(new ScriptedHandler((_, _) =>
        {
            var (status, body) = left.Dequeue();
            return Task.FromResult(new HttpResponseMessage(status)
            {
                Content = new StringContent(body, Encoding.UTF8, "application/json"),
            });
        }));
        var options = new ShopifyShopOptions { Domain = "acme.myshopify.com", AccessToken = "shpat_sandbox" };
        return await new PartFetching(options)
            .Open(new CallTools(http, new FakeTimeProvider(Deliveries.Now), new GuardedHttp()))
            .GetAsync(Address, TestContext.Current.CancellationToken);
    }

    private static (HttpStatusCode Status, string Body) Page(string id, string? next) => (HttpStatusCode.OK, $$"""
        {"data":{"fulfillmentOrder":{"order":{"id":"gid://shopify/Order/12","fulfillmentOrders":{
        "pageInfo":{"hasNextPage":{{(next is null ? "false" : "true")}},"endCursor":"{{next}}"},
        "nodes":[{"id":"{{id}}","status":"OPEN","fulfillmentHolds":[]}]
        } } } } }
        """);
}
