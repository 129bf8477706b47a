using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderGrains.Connectors.WooCommerce;
using OrderGrains.Tests.Connectors.WooCommerce;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Recorded requests of a real shop, byte for byte with their headers, posted to the whole product.</summary>
public sealed class WebhookWooCommerceTests : IAsyncLifetime
{
    private readonly RunningProduct _product = RunningProduct.With(
        ("Sources:woo:Kind", "WooCommerce"), ("Sources:woo:Secrets:0", WooCommerceSample.Secret),
        ("Sources:woo:Locations:0", "east"), ("Sources:woo:Statuses:in-transit", "Done"));

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task What_a_shop_posts_becomes_its_orders()
    {
        // The shop wants exactly 200, and it names no receipt.
        using (var ping = await _product.Http.SendAsync(Recorded("ping"), Cancellation))
        {
            Assert.Equal(HttpStatusCode.OK, ping.StatusCode);
            Assert.Empty(await ping.Content.ReadAsStringAsync(Cancellation));
        }

        await EndsAsync("order.updated-on-hold", "applied");
        await _product.GetWhenAsync("/api/v1/orders/woo/12", order => Status(order) == "onHold");
        await EndsAsync("order.created", "stale");
        await EndsAsync("order.updated-cancelled", "applied");
        var cancelled = await _product.GetWhenAsync("/api/v1/orders/woo/12", order => Status(order) == "cancelled");
        Assert.Equal("its status is cancelled", cancelled.GetProperty("cancelReason").GetString());
        await EndsAsync("order.deleted", "applied");
        var deleted = await _product.GetAsync("/api/v1/orders/woo/12", Cancellation);
        Assert.Equal("deleted in the storefront", deleted.GetProperty("cancelReason").GetString());
        Assert.Null(_product.Warehouse.Book.Find("woo-12-1"));

        await EndsAsync("order.created-same-second-A", "applied");
        await EndsAsync("order.created-same-second-A", "duplicate");
        var shipped = await _product.GetWhenAsync("/api/v1/orders/woo/14", order => Status(order) == "shipped");
        Assert.Equal([("5", "IPOD2008PINK", 2), ("6", "M\u00DCS-L", 1)],
            shipped.GetProperty("lines").EnumerateArray().Select(line => (line.GetProperty("lineId").GetString(),
                line.GetProperty("sku").GetString(), line.GetProperty("shipped").GetInt32())));

        Assert.Contains("woocommerce_rest_cannot_view",
            await EndsAsync("order.created-permission-error", "parked"), StringComparison.Ordinal);
        Assert.Contains("IPOD2008PINK: the shop has 23 in stock",
            await EndsAsync("product.updated-stock", "ignored"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_status_of_a_plugin_means_what_the_configuration_says()
    {
        var body = WooCommerceSample.With(("status", "\"in-transit\""));
        await _product.SettledAsync(await _product.AcceptedAsync(Signed("order.updated", body)));

        var order = await _product.GetWhenAsync("/api/v1/orders/woo/12", found => Status(found) == "shipped");
        Assert.Equal([2, 1], order.GetProperty("lines").EnumerateArray()
            .Select(line => line.GetProperty("elsewhere").GetInt32()));
        Assert.Null(_product.Warehouse.Book.Find("woo-12-1"));
    }

    [Fact]
    public async Task An_order_comes_back_out_of_the_trash_and_is_sent()
    {
        await _product.SettledAsync(await _product.AcceptedAsync(Signed("order.deleted", """{"id":20}"""u8.ToArray())));
        await _product.GetWhenAsync("/api/v1/orders/woo/20", order => Status(order) == "cancelled");

        var restored = WooCommerceSample.With(("id", "20"), ("date_modified_gmt",
            $"\"{TimeProvider.System.GetUtcNow():yyyy-MM-ddTHH:mm:ss}\""));
        // The shop says it under two topics with one body, in either order.
        await _product.SettledAsync(await _product.AcceptedAsync(Signed("order.updated", restored)));
        Assert.Equal("cancelled", Status(await _product.GetAsync("/api/v1/orders/woo/20", Cancellation)));
        await _product.SettledAsync(await _product.AcceptedAsync(Signed("order.restored", restored)));
        await _product.GetWhenAsync("/api/v1/orders/woo/20", order => Status(order) == "shipped");
    }

    [Fact]
    public async Task What_another_signed_is_refused()
    {
        var forged = Recorded("order.created");
        forged.Content = new ByteArrayContent(WooCommerceSample.With(("status", "\"completed\"")));
        using (await _product.RefusedAsync(forged, 401, "signature_invalid"))
        {
            Assert.Null(await _product.FindAsync("/api/v1/orders/woo/12", Cancellation));
        }
    }

    private async Task<string?> EndsAsync(string recording, string outcome)
    {
        var receipt = await _product.SettledAsync(await _product.AcceptedAsync(Recorded(recording)));
        var reason = receipt.TryGetProperty("reason", out var said) ? said.GetString() : null;
        Assert.True(outcome == receipt.GetProperty("outcome").GetString(), $"{recording}: {receipt}");
        return reason;
    }

    private HttpRequestMessage Recorded(string recording)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_product.Address, "/webhooks/v1/woo"));
        request.Content = new ByteArrayContent(WooCommerceSample.Body(recording));
        foreach (var (name, values) in WooCommerceSample.Headers(recording))
        {
            if (name == "Content-Type")
                request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(values.ToString());
            else if (name is not ("Host" or "Content-Length" or "Connection"))
                Assert.True(request.Headers.TryAddWithoutValidation(name, values.ToString()));
        }

        return request;
    }

    private HttpRequestMessage Signed(string topic, byte[] body)
    {
        var request = _product.Unsigned("woo", body);
        request.Headers.Add(WooCommerceSource.TopicHeader, topic);
        request.Headers.Add(WooCommerceSource.SignatureHeader, Convert.ToBase64String(
            HMACSHA256.HashData(Encoding.UTF8.GetBytes(WooCommerceSample.Secret), body)));
        return request;
    }

    private static string? Status(JsonElement order) => order.GetProperty("status").GetString();
}
