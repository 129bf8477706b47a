using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>What an authentic webhook is answered, and what is kept of it.</summary>
[Collection(nameof(RunningProduct))]
public sealed class WebhookAcceptTests(RunningProduct product)
{
    [Fact]
    public async Task Its_200_comes_after_the_exact_bytes_are_stored()
    {
        var body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();

        var receipt = await product.AcceptedAsync(product.ByShopify("odd", body, id: "every-byte"));

        Assert.Equal(body, await product.Inbox.FindBodyAsync(Guid.Parse(receipt)));
        var row = await product.SettledAsync(receipt);
        Assert.Equal("odd", row.GetProperty("source").GetString());
        Assert.Equal("orders/create", row.GetProperty("topic").GetString());
        Assert.Equal("every-byte", row.GetProperty("deliveryId").GetString());
        Assert.Equal(256, row.GetProperty("bodyBytes").GetInt32());
        Assert.Equal("parked", row.GetProperty("outcome").GetString());
        Assert.Equal("the body is not UTF-8", row.GetProperty("reason").GetString());
    }

    [Fact]
    public async Task No_200_comes_before_the_receipt_is_durable()
    {
        var answer = product.AcceptedAsync(product.ByShopify("slow", "{}"u8.ToArray()));
        // Another's whole round trip is time enough for an answer that did not wait.
        await product.SettledAsync(await product.AcceptedAsync(product.ByShopify("odd", "{}"u8.ToArray())));
        Assert.False(answer.IsCompleted);

        ReluctantInbox.Slow.TrySetResult();

        Assert.NotNull(await product.Inbox.FindAsync(Guid.Parse(await answer)));
    }

    [Fact]
    public async Task A_body_sent_in_chunks_is_stored_whole()
    {
        var body = new byte[300_000];
        new Random(1).NextBytes(body);
        var request = product.ByShopify("odd", body);
        request.Headers.TransferEncodingChunked = true;

        var receipt = await product.AcceptedAsync(request);

        Assert.Equal(body, await product.Inbox.FindBodyAsync(Guid.Parse(receipt)));
    }

    [Fact]
    public async Task A_body_of_exactly_the_limit_is_taken()
    {
        var body = new byte[2 * 1024 * 1024];

        var receipt = await product.AcceptedAsync(product.ByShopify("odd", body));

        Assert.Equal(body.Length, (await product.Inbox.FindBodyAsync(Guid.Parse(receipt)))!.Length);
    }

    [Fact]
    public async Task An_empty_body_is_taken_and_parked()
    {
        var receipt = await product.AcceptedAsync(product.ByShopify("odd", []));

        Assert.Equal("the body is empty", (await product.SettledAsync(receipt)).GetProperty("reason").GetString());
    }

    [Theory]
    [InlineData(RunningProduct.ShopSecret)]
    [InlineData(RunningProduct.PreviousSecret)]
    public async Task Each_live_secret_proves_the_sender(string secret) =>
        await product.AcceptedAsync(product.ByShopify("odd", "{}"u8.ToArray(), secret));
}
