using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>
/// Limits other than the default: one receipt in memory at a time, and the longest body that may be configured.
/// </summary>
public sealed class WebhookLimitTests : IAsyncLifetime
{
    private const int BodyBytesMax = 64 * 1024 * 1024;

    private readonly RunningProduct _product = RunningProduct.With(
        ("Ingress:HeldMax", "1"), ("Ingress:AppliedAtOnceMax", "1"), ("Ingress:BodyBytesMax", BodyBytesMax.ToString()),
        ("Ingress:BodiesBytesMax", $"{16L * BodyBytesMax}"));

    public ValueTask InitializeAsync() => _product.InitializeAsync();

    public ValueTask DisposeAsync() => _product.DisposeAsync();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task The_longest_body_that_may_be_configured_is_taken_and_one_byte_more_is_413(bool chunked)
    {
        var request = _product.ByShopify("odd", new byte[BodyBytesMax]);
        request.Headers.TransferEncodingChunked = chunked;
        var receipt = await _product.AcceptedAsync(request);
        Assert.Equal(BodyBytesMax, (await _product.Inbox.FindAsync(Guid.Parse(receipt)))!.BodyBytes);

        request = _product.ByShopify("odd", new byte[BodyBytesMax + 1]);
        request.Headers.ExpectContinue = true;
        request.Headers.TransferEncodingChunked = chunked;
        await _product.RefusedAsync(request, 413, "body_too_large");
    }

    [Fact]
    public async Task What_memory_has_no_place_for_waits_in_the_database_and_is_applied_all_the_same()
    {
        var shop = _product.OpenShop("acme", seed: 3);
        var orders = Enumerable.Range(0, 40).Select(_ => shop.Place()).ToList();

        var outcomes = await Task.WhenAll(
            orders.Select(order => shop.SendOnceAsync(order, TestContext.Current.CancellationToken)));

        Assert.All(outcomes, outcome => Assert.True(outcome.Acknowledged));
        await _product.GetWhenAsync("/api/v1/orders?source=acme&status=shipped&limit=200",
            found => found.GetProperty("items").GetArrayLength() == orders.Count);
    }
}
