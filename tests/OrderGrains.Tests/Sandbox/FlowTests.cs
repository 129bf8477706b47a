using System.Collections.Concurrent;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

/// <summary>
/// Shop and warehouse against a listener that refuses at first: both go on until they have their 200.
/// </summary>
public sealed class FlowTests
{
    [Fact]
    public async Task Both_senders_retry_under_one_id_until_they_are_acknowledged()
    {
        var cancellation = TestContext.Current.CancellationToken;
        var posts = new ConcurrentQueue<(string Path, string Id, string Type)>();
        await using var listener = await ListenAsync(posts, cancellation);
        var address = new Uri(listener.Urls.First());
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var shop = new Shop("acme", "secret", () => address, TimeProvider.System, seed: 1, http)
        {
            RetryDelays = [TimeSpan.FromMilliseconds(10)],
        };
        var outcome = await shop.SendAsync(shop.Place(), cancellation);
        Assert.Equal(new SendOutcome(true, 2, HttpStatusCode.OK), outcome);

        await using var warehouse = new Warehouse(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                EventSecret = StandardWebhooks.SecretFor("events"),
                Stock = new Dictionary<string, int>(StringComparer.Ordinal) { ["TEA"] = 5 },
                ShipAfter = TimeSpan.FromMilliseconds(50),
            },
            () => address, TimeProvider.System, http);
        await warehouse.StartAsync(cancellation);
        await warehouse.CountAsync().WaitAsync(cancellation);

        Assert.Collection(posts.Select(post => post.Path),
            path => Assert.Equal("/webhooks/v1/acme", path),
            path => Assert.Equal("/webhooks/v1/acme", path),
            path => Assert.Equal("/webhooks/v1/east-wms", path),
            path => Assert.Equal("/webhooks/v1/east-wms", path));
        Assert.Equal(2, posts.Select(post => post.Id).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal("stock.counted", posts.Last().Type);
        Assert.Equal((1, 1, 0), (shop.WebhooksAcknowledged, warehouse.EventsAcknowledged, warehouse.Unfinished));
    }

    /// <summary>503 to each first attempt, 200 to each second.</summary>
    private static async Task<WebApplication> ListenAsync(
        ConcurrentQueue<(string Path, string Id, string Type)> posts,
        CancellationToken cancellation)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls=http://127.0.0.1:0"]);
        builder.Logging.ClearProviders();
        var listener = builder.Build();
        listener.MapPost("/webhooks/v1/{source}", async (HttpContext context) =>
        {
            using var body = await JsonDocument.ParseAsync(context.Request.Body, cancellationToken: cancellation);
            var headers = context.Request.Headers;
            var id = headers.TryGetValue("webhook-id", out var standard) ? standard : headers["X-Shopify-Webhook-Id"];
            var isFirst = posts.All(post => post.Id != id);
            var type = body.RootElement.TryGetProperty("type", out var named) ? named.GetString()! : "";
            posts.Enqueue((context.Request.Path, id.ToString(), type));
            return isFirst ? Results.StatusCode(503) : Results.Ok();
        });
        await listener.StartAsync(cancellation);
        return listener;
    }
}
