using System.IO.Compression;
using System.Net;
using OrderGrains.Ingress;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What one sender may do to the front, and that the others do not notice.</summary>
public sealed class WebhookFrontTests : IAsyncLifetime
{
    private static readonly byte[] Body = """{"id":1}"""u8.ToArray();

    private readonly RunningProduct _product = RunningProduct.With(
        ("Sources:odd:WebhooksPerSecondMax", "0.1"), ("Sources:odd:WebhooksAtOnceMax", "2"));

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Fact]
    public async Task A_source_that_sends_more_a_second_than_it_may_is_asked_to_wait_and_the_others_are_not()
    {
        await _product.AcceptedAsync(_product.ByShopify("odd", Body));
        await _product.AcceptedAsync(_product.ByShopify("odd", Body));

        var refused = await SendAsync(_product.ByShopify("odd", Body));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 10);
        await _product.AcceptedAsync(_product.ByShopify("refusals", Body));
    }

    [Fact]
    public async Task An_address_that_forges_is_turned_away_after_a_while_and_honest_sources_of_it_are_not()
    {
        var statuses = new List<HttpStatusCode>();
        for (var at = 0; at < StrangerLimit.FailuresAtOnceMax + 40; at++)
            statuses.Add((await SendAsync(_product.ByShopify("refusals", Body, "somebody else's secret"))).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, statuses[0]);
        Assert.Equal(HttpStatusCode.Unauthorized, statuses[StrangerLimit.FailuresAtOnceMax - 1]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        await _product.AcceptedAsync(_product.ByShopify("acme", Body));
    }

    [Fact]
    public async Task Sources_that_there_are_not_are_asked_for_a_limited_number_of_times()
    {
        var statuses = new List<HttpStatusCode>();
        for (var at = 0; at < StrangerLimit.FailuresAtOnceMax + 40; at++)
            statuses.Add((await SendAsync(_product.ByShopify($"nobody-{at}", Body))).StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, statuses[0]);
        Assert.Contains(HttpStatusCode.TooManyRequests, statuses);
        await _product.AcceptedAsync(_product.ByShopify("acme", Body));
    }

    [Fact]
    public async Task A_body_that_is_compressed_is_proven_as_it_was_sent_and_kept_as_it_was_meant()
    {
        var compressed = new MemoryStream();
        await using (var gzip = new GZipStream(compressed, CompressionMode.Compress))
            await gzip.WriteAsync(Body, TestContext.Current.CancellationToken);
        var request = _product.ByShopify("refusals", compressed.ToArray());
        request.Content!.Headers.ContentEncoding.Add("gzip");

        var receipt = Guid.Parse(await _product.AcceptedAsync(request));

        Assert.Equal(Body, await _product.Inbox.FindBodyAsync(receipt));
    }

    [Theory]
    [InlineData("zstd", 415, "encoding_unsupported")]
    [InlineData("gzip", 400, "encoding_invalid")]
    public async Task An_encoding_that_cannot_be_undone_is_refused(string encoding, int status, string code)
    {
        var request = _product.ByShopify("refusals", Body);
        request.Content!.Headers.ContentEncoding.Add(encoding);

        await _product.RefusedAsync(request, status, code);
    }

    [Fact]
    public async Task A_few_bytes_that_become_more_than_a_body_may_have_are_413()
    {
        var compressed = new MemoryStream();
        await using (var brotli = new BrotliStream(compressed, CompressionMode.Compress))
            await brotli.WriteAsync(new byte[16 * 1024 * 1024], TestContext.Current.CancellationToken);
        var request = _product.ByShopify("refusals", compressed.ToArray());
        request.Content!.Headers.ContentEncoding.Add("br");

        await _product.RefusedAsync(request, 413, "body_too_large");
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        await _product.Http.SendAsync(request, TestContext.Current.CancellationToken);
}
