using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>What proves us to the shop, how its errors are understood, and how its points are kept.</summary>
public sealed class AdminCallTests
{
    private const string Nobody =
        """{"inventoryItems":{"nodes":[],"pageInfo":{"hasNextPage":false,"endCursor":null}}}""";

    private static ShopifyShopOptions Credentials =>
        new() { ClientId = "sandbox-app", ClientSecret = "shpss_sandbox" };

    [Fact]
    public async Task A_token_is_asked_for_once_and_again_before_it_ends()
    {
        await using var world = await ShopWorld.StartAsync();
        var shop = world.Open(Credentials);

        foreach (var (minutes, made) in new[] { (0, 1), (23 * 60, 1), (54, 1), (2, 2), (23 * 60, 2) })
        {
            world.Time.Advance(TimeSpan.FromMinutes(minutes));
            Assert.IsType<SendResult.Delivered>(await world.SendAsync(shop, world.Stock($"POT-{minutes}-{made}", 1)));
            Assert.Equal(made, world.Server.TokensMade);
        }
    }

    [Fact]
    public async Task Calls_that_need_a_token_at_once_ask_for_one()
    {
        await using var world = await ShopWorld.StartAsync();
        var shop = world.Open(Credentials);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(
            at => world.SendAsync(shop, world.Stock($"POT-{at}", 1))));

        Assert.Equal(1, world.Server.TokensMade);
    }

    [Fact]
    public async Task A_token_that_was_taken_back_is_renewed_once()
    {
        await using var world = await ShopWorld.StartAsync();
        var shop = world.Open(Credentials);
        await world.SendAsync(shop, world.Stock("POT", 1));
        world.Server.RevokeTokens();

        Assert.IsType<SendResult.Delivered>(await world.SendAsync(shop, world.Stock("MUG", 1)));

        Assert.Equal(2, world.Server.TokensMade);
        world.Server.Fault = _ => ShopifyFault.Unauthorized;
        Assert.IsType<SendResult.Unauthorized>(await world.SendAsync(shop, world.Stock("CUP", 1)));
        Assert.Equal(3, world.Server.TokensMade);
    }

    [Fact]
    public async Task Wrong_credentials_are_unauthorized_and_not_repeated()
    {
        await using var world = await ShopWorld.StartAsync();
        var token = new ShopifyShopOptions { AccessToken = "shpat_wrong" };
        var secret = new ShopifyShopOptions { ClientId = "sandbox-app", ClientSecret = "shpss_wrong" };

        foreach (var options in new[] { token, secret })
        {
            var no = Assert.IsType<SendResult.Unauthorized>(
                await world.SendAsync(world.Open(options), world.Stock("POT", 1)));
            Assert.DoesNotContain("_wrong", no.Why, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("""{"data":null,"errors":[{"message":"","extensions":{"code":"ACCESS_DENIED"}}]}""", "Unauthorized")]
    [InlineData("""{"errors":[{"message":"no","extensions":{"code":"SHOP_INACTIVE"}}]}""", "Unauthorized")]
    [InlineData("""{"errors":[{"message":"no","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}""", "Unknown")]
    [InlineData("""{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]}""", "NotYet")]
    [InlineData("""{"errors":[{"message":"no such field","extensions":{"code":"undefinedField"}}]}""", "Refused")]
    [InlineData("""{"errors":[{"message":"no such field"}]}""", "Refused")]
    [InlineData("""{"errors":"Not Found"}""", "Refused")]
    [InlineData("""{"errors":[17]}""", "Unknown")]
    [InlineData("""{"data":null}""", "Unknown")]
    [InlineData("""{"data":{"inventoryItems":null}}""", "Unknown")]
    [InlineData("""{"data":{"inventoryItems":{"nodes":[{"id":"1"}]}}}""", "Unknown")]
    [InlineData("[]", "Unknown")]
    [InlineData("<!DOCTYPE html>", "Unknown")]
    [InlineData($$"""{"errors":[],"data":{{Nobody}}}""", "Delivered")]
    public async Task A_200_means_what_its_body_says(string body, string outcome)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, body)));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        Assert.Equal(outcome, (await SendAsync(Open(http, peer.Url, new WaitingTime()), "POT")).GetType().Name);
    }

    [Theory]
    [InlineData(402, "frozen")]
    [InlineData(404, "wrong Domain, or a version that is not served")]
    [InlineData(423, "locked")]
    public async Task Some_statuses_are_said_in_words(int status, string words)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(status, "{}")));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var result = await SendAsync(Open(http, peer.Url, new WaitingTime()), "POT");

        Assert.Contains(words, result.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_is_throttled_comes_again_when_there_are_points_enough()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, Cost(
            """{"errors":[{"message":"Throttled","extensions":{"code":"THROTTLED"}}]""", 301, 51, 100))));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });

        var again = Assert.IsType<SendResult.NotYet>(
            await SendAsync(Open(http, peer.Url, new WaitingTime()), "POT"));

        Assert.Equal(TimeSpan.FromSeconds(2.5), again.After);
    }

    [Fact]
    public async Task Half_of_the_points_are_left_and_a_short_wait_is_waited()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, Cost(
            $$"""{"data":{{Nobody}}""", 301, 1101, 100))));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var time = new WaitingTime();
        var shop = Open(http, peer.Url, time);
        await SendAsync(shop, "POT");

        Assert.IsType<SendResult.Delivered>(await SendAsync(shop, "MUG"));

        // 1,000 of 2,000 and 301 are needed, and 200 are missing.
        Assert.Equal(2, (time.GetUtcNow() - Deliveries.Now).TotalSeconds, 0.1);
        Assert.Equal(2, peer.Calls.Count);
    }

    [Fact]
    public async Task Who_would_have_to_wait_long_comes_again()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, Cost(
            $$"""{"data":{{Nobody}}""", 301, 501, 100))));
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        var time = new WaitingTime();
        var shop = Open(http, peer.Url, time);
        await SendAsync(shop, "POT");

        var again = Assert.IsType<SendResult.NotYet>(await SendAsync(shop, "MUG"));

        Assert.Equal(TimeSpan.FromSeconds(8), again.After);
        Assert.Single(peer.Calls);
        time.Advance(again.After);
        Assert.IsType<SendResult.Delivered>(await SendAsync(shop, "MUG"));
    }

    /// <summary>An answer, with what it says of the points.</summary>
    private static string Cost(string answer, int requested, int available, int perSecond) => answer
        + $",\"extensions\":{{\"cost\":{{\"requestedQueryCost\":{requested},\"actualQueryCost\":null,"
        + $"\"throttleStatus\":{{\"maximumAvailable\":2000.0,\"currentlyAvailable\":{available},"
        + $"\"restoreRate\":{perSecond}.0}}}}}}}}";

    private static ShopDestination Open(HttpClient http, Uri url, TimeProvider time)
    {
        var options = new ShopifyShopOptions { Domain = url.ToString(), AccessToken = "shpat_1" };
        return new ShopDestination(new ShopifyShop(new ShopifyAdmin(http, options, time), options, time));
    }

    private static async Task<SendResult> SendAsync(ShopDestination shop, string sku) => await shop.SendAsync(
        new Delivery(
            new OutboundMessage
            {
                Id = Guid.Empty,
                Destination = "acme",
                Kind = MessageKind.Stock,
                Subject = new Subject(SubjectKind.Stock, "east/POT"),
                SequenceKey = "east/POT",
                CreatedAt = Deliveries.Now,
            },
            MaybeSent: false,
            () => Task.FromResult<MessageContent?>(new StockContent
            {
                Sku = sku,
                Place = "1",
                Quantity = 1,
                Meaning = StockMeaning.Available,
            })),
        TestContext.Current.CancellationToken).WaitAsync(LoopbackPeer.Patience, TestContext.Current.CancellationToken);
}
