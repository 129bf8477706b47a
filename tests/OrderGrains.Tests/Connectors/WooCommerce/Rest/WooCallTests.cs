using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>What a shop's answers mean, and how it is called.</summary>
public sealed class WooCallTests : IDisposable
{
    private const string Secret = "cs_hush";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    public void Dispose() => _http.Dispose();

    [Theory]
    [InlineData(401, """{"code":"woocommerce_rest_cannot_view","message":"No"}""", typeof(SendResult.Unauthorized))]
    [InlineData(400, """{"code":"woocommerce_rest_cannot_edit","message":"No"}""", typeof(SendResult.Unauthorized))]
    [InlineData(403, "<html>Blocked</html>", typeof(SendResult.Unauthorized))]
    [InlineData(404, """{"code":"woocommerce_rest_shop_order_invalid_id"}""", typeof(SendResult.Refused))]
    [InlineData(404, """{"code":"rest_no_route","message":"No"}""", typeof(SendResult.Unknown))]
    [InlineData(404, "<html>Not found</html>", typeof(SendResult.Unknown))]
    [InlineData(400, """{"code":"rest_invalid_param","message":"No"}""", typeof(SendResult.Refused))]
    [InlineData(400, """{"code":{"a":1},"message":["\ud800"],"data":"\ud800"}""", typeof(SendResult.Refused))]
    [InlineData(500, """{"code":"internal_server_error","message":"No"}""", typeof(SendResult.Unknown))]
    [InlineData(503, "<html>Briefly unavailable</html>", typeof(SendResult.Unknown))]
    [InlineData(200, "<html>Just a moment</html>", typeof(SendResult.Unknown))]
    [InlineData(200, "<b>Notice</b>{}", typeof(SendResult.Unknown))]
    [InlineData(200, "null", typeof(SendResult.Unknown))]
    [InlineData(200, "[]", typeof(SendResult.Unknown))]
    [InlineData(200, """{"success":false}""", typeof(SendResult.Unknown))]
    [InlineData(200, """{"id":"x","status":"processing"}""", typeof(SendResult.Unknown))]
    [InlineData(200, """{"id":12,"status":null}""", typeof(SendResult.Unknown))]
    [InlineData(200, """{"id":13,"status":"processing"}""", typeof(SendResult.Unknown))]
    [InlineData(200, """{"id":12,"status":"trash","line_items":[null]}""", typeof(SendResult.Delivered))]
    public async Task An_answer_to_a_look_at_an_order(int status, string body, Type meaning)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(status, body)));

        Assert.Equal(meaning, (await SendAsync(peer.Url, Parcel())).GetType());
    }

    [Theory]
    [InlineData("""[null,{"id":1,"sku":null}]""", typeof(SendResult.Delivered))]
    [InlineData("""[{"id":2,"sku":"POT","manage_stock":"parent"}]""", typeof(SendResult.Delivered))]
    [InlineData("""[{"id":2,"sku":"POT","manage_stock":true,"stock_quantity":5.0}]""", typeof(SendResult.AlreadyThere))]
    [InlineData("""[{"id":2,"sku":"POT","manage_stock":true,"stock_quantity":"5"}]""", typeof(SendResult.AlreadyThere))]
    [InlineData("""[{"id":2,"sku":"POT","manage_stock":true,"stock_quantity":1e999}]""", typeof(SendResult.Unknown))]
    [InlineData("""[{"sku":"POT"}]""", typeof(SendResult.Unknown))]
    [InlineData("""{"code":"x"}""", typeof(SendResult.Unknown))]
    public async Task An_answer_to_a_look_at_a_product(string body, Type meaning)
    {
        // Where it is to be written, the answer is no batch.
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, body)));

        Assert.Equal(meaning, (await SendAsync(peer.Url, WooWorld.Stock("POT", 5))).GetType());
    }

    [Theory]
    [InlineData("""{"update":[]}""", typeof(SendResult.Unknown))]
    [InlineData("""{"update":[null,{"id":3}]}""", typeof(SendResult.Unknown))]
    [InlineData("""{"create":[]}""", typeof(SendResult.Unknown))]
    [InlineData(
        """{"update":[{"id":2,"error":{"code":"woocommerce_rest_cannot_edit"}}]}""", typeof(SendResult.Unauthorized))]
    [InlineData("""{"update":[{"id":2,"error":{"code":"x","data":{"status":500}}}]}""", typeof(SendResult.Unknown))]
    [InlineData("""{"update":[{"id":2,"error":{"code":"x","data":{"status":400}}}]}""", typeof(SendResult.Refused))]
    [InlineData("""{"update":[{"id":2,"error":{}}]}""", typeof(SendResult.Refused))]
    [InlineData("""{"update":[{"id":2,"manage_stock":false,"stock_quantity":null}]}""", typeof(SendResult.Delivered))]
    [InlineData("""{"update":[{"id":2,"manage_stock":true,"stock_quantity":4}]}""", typeof(SendResult.Refused))]
    [InlineData("""{"update":[{"id":"2","manage_stock":true,"stock_quantity":5}]}""", typeof(SendResult.Delivered))]
    public async Task An_answer_to_a_batch(string body, Type meaning)
    {
        var answers = new Queue<string>([
            """[{"id":2,"sku":"POT","type":"simple","manage_stock":true,"stock_quantity":null}]""", body]);
        await using var peer = new LoopbackPeer((stream, cancelled) =>
            LoopbackPeer.Saying(LoopbackPeer.Response(200, answers.Dequeue()))(stream, cancelled));

        Assert.Equal(meaning, (await SendAsync(peer.Url, WooWorld.Stock("POT", 5))).GetType());
    }

    [Fact]
    public async Task The_key_goes_in_a_header_and_never_into_words()
    {
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"ck_quiet:{Secret}"));
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(
            400, $$"""{"code":"x","message":"ck_quiet {{Secret}} Basic {{pair}}"}""")));

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(peer.Url, Parcel()));

        Assert.Equal("400 x: … … Basic …", refused.Why);
        Assert.Equal($"Basic {pair}", Assert.Single(peer.Calls).Headers["Authorization"]);
        Assert.Equal("OrderGrains", peer.Calls[0].Headers["User-Agent"]);
    }

    [Fact]
    public async Task A_wrong_key_is_said_to_be_wrong()
    {
        await using var world = await WooWorld.StartAsync();
        world.Shop.MakeOrder(("POT", 1));

        var result = await world.SendAsync(world.Open(options => options.ConsumerSecret = "other"), Parcel());

        Assert.IsType<SendResult.Unauthorized>(result);
    }

    [Fact]
    public async Task Who_is_busy_is_asked_when_he_says()
    {
        await using var world = await WooWorld.StartAsync();
        var order = world.Shop.MakeOrder(("POT", 1));
        world.Server.Fault = name => name.StartsWith("POST", StringComparison.Ordinal) ? WooFault.Busy : WooFault.None;

        var again = Assert.IsType<SendResult.Again>(await world.SendAsync(world.Open(), world.Parcel(order)));

        Assert.Equal(TimeSpan.FromSeconds(2), again.After);
    }

    private static ParcelContent Parcel() => new()
    {
        OrderId = "12",
        Parcel = "woo-12-1/s1",
        ShippedAt = Deliveries.Now,
        Lines = [new ShippedLine("1", 1)],
    };

    private Task<SendResult> SendAsync(Uri url, MessageContent content)
    {
        var options = new WooCommerceShopOptions
        {
            BaseUrl = url.ToString(),
            ConsumerKey = "ck_quiet",
            ConsumerSecret = Secret,
        };
        var time = TimeProvider.System;
        var shop = new ShopDestination(new WooCommerceShop(new WooCommerceRest(_http, options, time), options, time));
        var delivery = new Delivery(
            new OutboundMessage
            {
                Id = Guid.CreateVersion7(Deliveries.Now),
                Destination = "woo",
                Kind = MessageKind.Parcel,
                Subject = Subject.Of(new OrderKey("woo", "12")),
                SequenceKey = "woo/12",
                CreatedAt = Deliveries.Now,
            },
            MaybeSent: false, () => Task.FromResult<MessageContent?>(content));
        return shop.SendAsync(delivery, TestContext.Current.CancellationToken)
            .WaitAsync(LoopbackPeer.Patience, TestContext.Current.CancellationToken);
    }
}
