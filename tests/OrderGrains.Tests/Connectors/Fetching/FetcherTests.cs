using System.Net;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Tests.Ingress;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Fetching;

/// <summary>One call for an order, whatever the other side does.</summary>
public sealed class FetcherTests : IDisposable
{
    private const string Head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

    private readonly FakeTimeProvider _time = new();
    private readonly HttpClient _http = new();
    private IPAddress _at = IPAddress.Loopback;
    private readonly GuardedHttp _guarded;

    public FetcherTests() => _guarded = new((_, _) => Task.FromResult<IPAddress[]>([_at]));

    public void Dispose()
    {
        _guarded.Dispose();
        _http.Dispose();
    }

    [Theory]
    [InlineData(""", "Secret": "let-us-in" """, "Authorization", "Bearer let-us-in")]
    [InlineData(""", "Secret": "me:hüsh", "Scheme": "Basic" """, "Authorization", "Basic bWU6aMO8c2g=")]
    [InlineData(""", "Secret": "let-us-in", "Header": "X-Api-Key" """, "X-Api-Key", "let-us-in")]
    public async Task It_says_who_asks(string settings, string header, string value)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, "{}")));

        var got = Assert.IsType<FetchResult.Got>(await GetAsync(peer, settings));

        Assert.Equal("{}"u8.ToArray(), got.Body);
        var call = Assert.Single(peer.Calls);
        Assert.Equal(value, call.Headers[header]);
        Assert.Equal("application/json", call.Headers["Accept"]);
        Assert.Equal(header == "Authorization", call.Headers.ContainsKey("Authorization"));
    }

    [Fact]
    public async Task An_answer_without_end_is_cut_at_the_bound_and_the_connection_with_it()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Repeating(Head + "\r\n", new string(' ', 1000)));

        Assert.Equal(
            new FetchResult.Refused("shop.example: the answer is longer than 65536 bytes"),
            await GetAsync(peer, """, "BodyBytesMax": 65536 """));
        await peer.Left;
    }

    [Theory]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    [InlineData(2_000_000, false)]
    public async Task An_answer_that_says_its_length_is_taken_up_to_the_bound(int length, bool taken)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(200, new string(' ', taken ? length : 0)).Replace(
                "Content-Length: 0", $"Content-Length: {length}", StringComparison.Ordinal)));

        var result = await GetAsync(peer, """, "BodyBytesMax": 65536 """);

        Assert.Equal(taken ? length : -1, result is FetchResult.Got got ? got.Body.Length : -1);
    }

    [Fact]
    public async Task What_may_pass_is_asked_for_again()
    {
        await using var broken = new LoopbackPeer(LoopbackPeer.Saying(Head + "Content-Length: 9\r\n\r\n{"));
        Assert.Equal(
            new FetchResult.Again("shop.example: the answer broke off"), await GetAsync(broken));

        await using var busy = new LoopbackPeer(
            LoopbackPeer.Saying(LoopbackPeer.Response(429, "", "Retry-After: 9")));
        Assert.Equal(
            new FetchResult.Again("shop.example: 429 Too Many Requests", TimeSpan.FromSeconds(9)),
            await GetAsync(busy));

        await using var slow = new LoopbackPeer(LoopbackPeer.SayingAndWaiting(Head + "\r\n{"));
        var waiting = GetAsync(slow);
        await slow.Answered;
        _time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(new FetchResult.Again("shop.example: no answer within 10 s"), await waiting);
    }

    [Theory]
    [InlineData("10.0.0.1", "10.0.0.0/8 (private) is not called: AllowedNetworks would have to hold it")]
    [InlineData("169.254.169.254",
        "169.254.0.0/16 (link-local, metadata of clouds among them) is not called: AllowedNetworks would have to hold "
        + "it")]
    [InlineData("8.8.8.8", "what is not encrypted goes to AllowedNetworks alone")]
    public async Task A_host_whose_name_leads_elsewhere_is_not_called(string address, string rule)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(LoopbackPeer.Response(200, "{}")));
        _at = IPAddress.Parse(address);

        Assert.Equal(
            new FetchResult.Refused($"shop.example: shop.example is at {address}: {rule}"), await GetAsync(peer));
        Assert.Empty(peer.Calls);
    }

    [Theory]
    [InlineData(HttpStatusCode.NoContent, "204 is no answer that has a document")]
    [InlineData(HttpStatusCode.Gone, "410 Gone")]
    public async Task What_has_no_document_is_for_a_person(HttpStatusCode status, string why)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(
            $"HTTP/1.1 {(int)status} x\r\nConnection: close\r\n\r\n"));
        Assert.Equal(new FetchResult.Refused($"shop.example: {why}"), await GetAsync(peer));
    }

    [Fact]
    public async Task What_is_compressed_although_nobody_asked_is_not_taken()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Saying(Head + "Content-Encoding: gzip\r\n\r\n{}"));
        Assert.Equal(
            new FetchResult.Refused("shop.example: the answer has a Content-Encoding, which was not asked for"),
            await GetAsync(peer));
    }

    private Task<FetchResult> GetAsync(LoopbackPeer peer, string settings = "")
    {
        var host = $"http://shop.example:{peer.Port}";
        var rules = FetchWorld.Rules(host, settings);
        Assert.Null(rules.WhyRefused($"{host}/orders/1", out var address));
        return new Fetcher(rules, new CallTools(_http, _time, _guarded))
            .GetAsync(address, TestContext.Current.CancellationToken);
    }
}
