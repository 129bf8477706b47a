using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using OrderGrains.Sandbox;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>Webhooks written by hand, and what their answers must be.</summary>
internal static class Webhooks
{
    private static int Count;

    /// <summary>As Shopify signs and posts.</summary>
    public static HttpRequestMessage ByShopify(
        this RunningProduct product, string source, byte[] body, string secret = RunningProduct.ShopSecret,
        string? id = null, string topic = "orders/create")
    {
        var request = Unsigned(product, source, body);
        request.Headers.Add("X-Shopify-Topic", topic);
        request.Headers.Add("X-Shopify-Webhook-Id", id ?? $"test-{Interlocked.Increment(ref Count)}");
        request.Headers.Add("X-Shopify-Hmac-Sha256",
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)));
        return request;
    }

    /// <summary>As a warehouse signs its events (Standard Webhooks).</summary>
    public static HttpRequestMessage ByWarehouse(
        this RunningProduct product, byte[] body, TimeSpan age = default, string? secret = null, string? id = null,
        string source = "east-wms")
    {
        var request = Unsigned(product, source, body);
        var at = TimeProvider.System.GetUtcNow() - age;
        id ??= $"msg_{Interlocked.Increment(ref Count)}";
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("webhook-signature",
            StandardWebhooks.Sign(secret ?? RunningProduct.EventSecret, id, at.ToUnixTimeSeconds(), body));
        return request;
    }

    public static HttpRequestMessage Unsigned(this RunningProduct product, string source, byte[] body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(product.Address, $"/webhooks/v1/{source}"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        return request;
    }

    /// <summary>The id of the receipt that its 200 names.</summary>
    public static async Task<string> AcceptedAsync(this RunningProduct product, HttpRequestMessage request)
    {
        using var response = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {text}");
        var answer = JsonElement.Parse(text);
        Assert.Equal("receipt", Assert.Single(answer.EnumerateObject()).Name);
        return answer.GetProperty("receipt").GetString()!;
    }

    /// <summary>RFC 9457 with this status and code, and nothing in it that a sender must not see.</summary>
    public static async Task<HttpResponseMessage> RefusedAsync(
        this RunningProduct product, HttpRequestMessage request, int status, string code)
    {
        var response = await product.Http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(status == (int)response.StatusCode, $"{(int)response.StatusCode}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonElement.Parse(text);
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.Equal(status, problem.GetProperty("status").GetInt32());
        Assert.False(string.IsNullOrEmpty(problem.GetProperty("detail").GetString()), text);
        foreach (var secret in (string[])
            [RunningProduct.ShopSecret, RunningProduct.PreviousSecret, RunningProduct.EventSecret, "hunter2", "   at "])
            Assert.DoesNotContain(secret, text, StringComparison.Ordinal);
        return response;
    }
}
