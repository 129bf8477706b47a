using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>A test of a source goes the way of its webhooks, and takes no effect.</summary>
[Collection(nameof(RunningProduct))]
public sealed class SourceTestTests(RunningProduct product)
{
    [Theory]
    [InlineData("odd")]
    [InlineData("east-wms")]
    public async Task It_is_kept_and_ignored(string source)
    {
        var test = await TestAsync(source);

        Assert.True(test.GetProperty("passed").GetBoolean(), $"{test}");
        Assert.Equal("200 ignored", $"{test.GetProperty("status")} {test.GetProperty("outcome")}");
        Assert.True(test.GetProperty("milliseconds").GetInt64() >= 0);
        var receipt = await product.SettledAsync(test.GetProperty("receiptId").GetString()!);
        Assert.Equal(
            $"{source} ignored a test by an operator",
            $"{receipt.GetProperty("source")} {receipt.GetProperty("outcome")} {receipt.GetProperty("reason")}");
    }

    [Fact]
    public async Task Where_only_the_senders_networks_may_post_it_says_so()
    {
        var test = await TestAsync("guarded");

        Assert.False(test.GetProperty("passed").GetBoolean());
        Assert.Equal(403, test.GetProperty("status").GetInt32());
        Assert.Contains("AllowedNetworks", test.GetProperty("detail").GetString(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> TestAsync(string source)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(product.Address, $"/api/v1/sources/{source}/test"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", RunningProduct.AdminKey);
        using var response = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
    }
}
