using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Tests.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Console;

/// <summary>What a test of a source says when something else answers than the product.</summary>
public sealed class SourceTesterTests
{
    [Theory]
    [InlineData(401, """{"code":"signature_invalid","detail":"X is missing"}""",
        "came as far as OrderGrains, which turned it away (X is missing)")]
    [InlineData(403, """{"code":"https_required","detail":"x"}""", "pass on X-Forwarded-Proto")]
    [InlineData(403, """{"code":"address_not_allowed","detail":"x"}""", "outside the source's AllowedNetworks")]
    [InlineData(404, """{"code":"source_unknown","detail":"x"}""", "no source has this name")]
    [InlineData(413, """{"code":"body_too_large","detail":"The body is longer"}""", "away: The body is longer")]
    [InlineData(415, """{"code":"media_type_unsupported","detail":"x"}""", "changes headers")]
    [InlineData(503, """{"code":"inbox_unavailable","detail":"x"}""", "look at the database")]
    [InlineData(200, "", "200, and not by OrderGrains: something else answers there")]
    [InlineData(200, """{"receipt":7}""", "200, and not by OrderGrains")]
    [InlineData(200, """{"receipt":"00000000000070008000000000000001"}""", "its receipt is not in this database")]
    [InlineData(204, "", "204, and not by OrderGrains")]
    [InlineData(302, "", "is sent on to https://elsewhere.example/, and senders do not follow")]
    [InlineData(401, "<html>", "lets in only whom it knows")]
    [InlineData(404, "[]", "look at the path in Ingress:PublicUrl")]
    [InlineData(413, "{}", "takes only shorter bodies")]
    [InlineData(429, "", "limits calls")]
    [InlineData(502, "", "reaches none of its processes")]
    [InlineData(500, "", "failed, or refuses")]
    public async Task It_says_where_it_failed(int status, string body, string words)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(status, body, "Location: https://elsewhere.example/")));

        var test = await TestAsync(peer.Url);

        Assert.Contains(words, test.GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.Equal(status, test.GetProperty("status").GetInt32());
        Assert.False(test.GetProperty("passed").GetBoolean());
        Assert.Equal($"{peer.Url}/webhooks/v1/acme", test.GetProperty("address").GetString());
        var call = Assert.Single(peer.Calls);
        Assert.Equal("ordergrains.test", call.Headers[ShopifySource.TopicHeader]);
        Assert.True(TestCall.Is(call.Body));
    }

    [Fact]
    public async Task It_says_that_nobody_listens_that_there_is_no_TLS_and_that_the_answer_is_no_HTTP()
    {
        var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var port = ((IPEndPoint)closed.LocalEndpoint).Port;
        closed.Stop();
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying("not HTTP\r\n\r\n"));
        await using var plain = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200)), reads: false);

        Assert.Contains(
            $"no connection to 127.0.0.1:{port}: ConnectionRefused",
            await DetailAsync(new Uri($"http://127.0.0.1:{port}")), StringComparison.Ordinal);
        Assert.Contains("the answer is not HTTP", await DetailAsync(peer.Url), StringComparison.Ordinal);
        Assert.StartsWith(
            "TLS failed: ", await DetailAsync(new Uri($"https://127.0.0.1:{plain.Port}")), StringComparison.Ordinal);
        Assert.Equal("the name shop.example is not found (DNS)", SourceTester.WordsOf(
            new HttpRequestException(HttpRequestError.NameResolutionError), new Uri("https://shop.example/x")));
    }

    [Fact]
    public async Task It_waits_ten_seconds_for_an_answer_and_one_at_a_time()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.SayingAndWaiting(""));
        await using var host = await HostAsync(peer.Url);
        var waiting = PostAsync(host, "acme");
        await peer.Answered;

        Assert.Equal(
            "a test of this source is under way", (await PostAsync(host, "acme")).GetProperty("detail").GetString());
        host.Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal("no answer within 10 s", (await waiting).GetProperty("detail").GetString());
        Assert.Single(peer.Calls);
    }

    [Fact]
    public async Task What_cannot_be_tested_says_why()
    {
        await using var host = await HostAsync(null);

        Assert.Contains(
            "Ingress:PublicUrl does not say", (await PostAsync(host, "acme")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        Assert.Contains(
            "it is asked for its news", (await PostAsync(host, "asked")).GetProperty("detail").GetString(),
            StringComparison.Ordinal);
        using var unknown = await host.Api(ApiRole.Operator).SendAsync("POST", "/api/v1/sources/nobody/test");
        await unknown.ProblemAsync(HttpStatusCode.NotFound, "notFound");
    }

    [Fact]
    public async Task A_receipt_that_came_to_another_end_says_so()
    {
        var receipt = Sample.Receipt(0, ReceiptOutcome.Parked, "orderId is missing");
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(200, $$"""{"receipt":"{{receipt.Id:N}}"}""")));
        await using var host = await HostAsync(peer.Url);
        host.Inbox.Add(receipt);

        var test = await PostAsync(host, "acme");

        Assert.Equal("parked", test.GetProperty("outcome").GetString());
        Assert.Equal(
            "something on the way changed the body, and the source read it: orderId is missing",
            test.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task The_pages_button_tells_what_came_of_it()
    {
        var receipt = Sample.Receipt(0, ReceiptOutcome.Ignored, TestCall.Reason);
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(200, $$"""{"receipt":"{{receipt.Id:N}}"}""")));
        await using var host = await HostAsync(peer.Url);
        using var browser = await host.SignedInAsync(ApiRole.Operator);

        using var failed = await browser.PostAsync("/sources?handler=Test", [("name", "acme")], formPath: "/sources");
        var page = await browser.TextAsync("/sources");
        Assert.Contains("The test of acme failed: another installation", page, StringComparison.Ordinal);
        Assert.Contains($"{peer.Url}/webhooks/v1/acme", page, StringComparison.Ordinal);

        host.Inbox.Add(receipt);
        using var passed = await browser.PostAsync("/sources?handler=Test", [("name", "acme")], formPath: "/sources");
        Assert.Contains(
            "The test of acme passed: it was answered 200 in", await browser.TextAsync("/sources"),
            StringComparison.Ordinal);
    }

    private static async Task<JsonElement> TestAsync(Uri publicUrl)
    {
        await using var host = await HostAsync(publicUrl);
        return await PostAsync(host, "acme");
    }

    private static async Task<string> DetailAsync(Uri publicUrl) =>
        (await TestAsync(publicUrl)).GetProperty("detail").GetString()!;

    private static async Task<JsonElement> PostAsync(ConsoleHost host, string source)
    {
        using var answer = await host.Api(ApiRole.Operator).SendAsync("POST", $"/api/v1/sources/{source}/test");
        return await answer.ReadAsync(HttpStatusCode.OK);
    }

    private static Task<ConsoleHost> HostAsync(Uri? publicUrl) => ConsoleHost.StartAsync(configure: builder =>
        builder.Services.AddSingleton(new IngressOptions { PublicUrl = publicUrl })
            .AddSingleton(new Sources(new Dictionary<string, Source>(StringComparer.Ordinal)
            {
                ["acme"] = new("acme", new ShopifySource("acme", new ShopifyOptions { Secrets = ["hush"] }), []),
                ["asked"] = new("asked", new Asked(), []),
            })));

    private sealed class Asked : ISource
    {
        public Reading Read(Receipt receipt) => throw new NotSupportedException();
    }
}
