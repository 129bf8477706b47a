using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using OrderGrains.Sandbox;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// Who is turned away, with which status and code. Nothing else sends to the sources of these tests, so that what is
/// stored of them is what was stored in error.
/// </summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookRefusalTests(RunningProduct product) : IAsyncLifetime
{
    private static readonly byte[] Body = """{"id":1}"""u8.ToArray();
    private static readonly byte[] TooLong = new byte[3 * 1024 * 1024];

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        foreach (var source in (string[])["refusals", "guarded", "full", "away", "nobody"])
        {
            var stored = await product.GetAsync($"/api/v1/receipts?source={source}", CancellationToken.None);
            Assert.Empty(stored.GetProperty("items").EnumerateArray());
        }
    }

    [Fact]
    public async Task A_forged_signature_is_401() => await product.RefusedAsync(
        product.ByShopify("refusals", Body, "somebody else's secret"), 401, "signature_invalid");

    [Fact]
    public async Task Whoever_says_himself_that_his_address_is_allowed_is_403()
    {
        var request = product.ByShopify("guarded", Body);
        request.Headers.Add("X-Forwarded-For", "203.0.113.5");

        await product.RefusedAsync(request, 403, "address_not_allowed");
    }

    [Fact]
    public async Task A_missing_signature_is_401() => await product.RefusedAsync(
        product.Unsigned("refusals", Body), 401, "signature_invalid");

    [Fact]
    public async Task A_body_changed_on_its_way_is_401()
    {
        var request = product.ByShopify("refusals", Body);
        request.Content = new ByteArrayContent("""{"id":2}"""u8.ToArray());

        await product.RefusedAsync(request, 401, "signature_invalid");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    public async Task A_timestamp_outside_the_tolerance_is_401_however_well_signed(int minutesOld)
    {
        var before = await CountAsync("east-wms");

        await product.RefusedAsync(
            product.ByWarehouse(Body, TimeSpan.FromMinutes(minutesOld)), 401, "signature_invalid");

        Assert.Equal(before, await CountAsync("east-wms"));
    }

    [Fact]
    public async Task A_warehouse_event_signed_by_another_is_401() => await product.RefusedAsync(
        product.ByWarehouse(Body, secret: StandardWebhooks.SecretFor("another")), 401, "signature_invalid");

    [Fact]
    public async Task An_unknown_source_is_404() =>
        await product.RefusedAsync(product.ByShopify("nobody", Body), 404, "source_unknown");

    [Fact]
    public async Task An_address_outside_the_allowed_networks_is_403_even_with_the_secret() =>
        await product.RefusedAsync(product.ByShopify("guarded", Body), 403, "address_not_allowed");

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_body_over_the_limit_is_413(bool chunked)
    {
        var request = product.ByShopify("refusals", TooLong);
        request.Headers.TransferEncodingChunked = chunked;

        await product.RefusedAsync(request, 413, "body_too_large");
    }

    [Fact]
    public async Task A_body_that_cannot_be_read_is_400()
    {
        using var client = new TcpClient();
        await client.ConnectAsync(product.Address.Host, product.Address.Port, TestContext.Current.CancellationToken);
        await using var stream = client.GetStream();
        await stream.WriteAsync(
            "POST /webhooks/v1/refusals HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nno\r\n"u8.ToArray(),
            TestContext.Current.CancellationToken);

        using var answer = new StreamReader(stream);
        var text = await answer.ReadToEndAsync(TestContext.Current.CancellationToken);
        Assert.StartsWith("HTTP/1.1 400 ", text, StringComparison.Ordinal);
        Assert.Contains("body_incomplete", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/xml")]
    public async Task A_content_type_that_cannot_be_is_415(string type)
    {
        var request = product.ByShopify("refusals", Body);
        request.Content!.Headers.ContentType = MediaTypeHeaderValue.Parse(type);

        await product.RefusedAsync(request, 415, "media_type_unsupported");
    }

    [Theory]
    [InlineData("full")]
    [InlineData("away")]
    public async Task A_receipt_that_cannot_be_stored_is_503_and_says_when_to_come_again(string source)
    {
        using var response = await product.RefusedAsync(
            product.ByShopify(source, Body), 503, "inbox_unavailable");

        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
    }

    [Theory]
    [InlineData("GET", "/webhooks/v1/refusals", 405)]
    [InlineData("POST", "/webhooks/v1", 404)]
    [InlineData("POST", "/webhooks/v1/refusals/orders", 404)]
    [InlineData("POST", "/webhooks/v2/refusals", 404)]
    public async Task A_wrong_path_or_method_is_a_problem_with_a_code_too(string method, string path, int status)
    {
        var request = new HttpRequestMessage(new HttpMethod(method), new Uri(product.Address, path));
        if (method == "POST")
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");

        await product.RefusedAsync(request, status, status == 404 ? "notFound" : "methodNotAllowed");
    }

    private async Task<int> CountAsync(string source) => (await product.GetAsync(
        $"/api/v1/receipts?source={source}&limit=200", TestContext.Current.CancellationToken))
        .GetProperty("items").GetArrayLength();
}
