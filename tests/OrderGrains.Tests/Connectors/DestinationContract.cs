using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors;

/// <summary>What every destination that calls over HTTP makes of what can come back.</summary>
public abstract class DestinationContract
{
    protected const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    public static TheoryData<int> Statuses { get; } =
    [
        200, 201, 202, 204, 226, 300, 301, 302, 303, 304, 307, 308, 400, 401, 402, 403, 404, 405, 406, 407, 408, 409,
        410, 411, 412, 413, 414, 415, 418, 421, 422, 425, 429, 431, 451, 500, 501, 502, 503, 504, 520, 529, 599,
    ];

    protected FakeTimeProvider Time { get; } = new(Deliveries.Now);

    /// <summary>The destination at the address; a call may take 10 s.</summary>
    protected abstract IDestination Open(Uri url);

    /// <summary>What is sent.</summary>
    protected abstract MessageContent Content { get; }

    /// <summary>The body of a 200 that is a success.</summary>
    protected abstract string Proof { get; }

    /// <summary>What a status means with an empty object for a body.</summary>
    protected abstract Type OutcomeOf(int status);

    /// <summary>Calls that it takes until a status has its meaning.</summary>
    protected virtual int CallsOf(int status) => 1;

    /// <summary>What a 200 means whose body never comes, or is none.</summary>
    protected abstract Type OutcomeWithoutProof { get; }

    /// <summary>
    /// Calls where a connection ends without a word. The client itself makes one anew that has no body, three times.
    /// </summary>
    protected virtual int CallsWithoutAnswer => 1;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_success_is_delivered()
    {
        await using var peer = Peer(LoopbackPeer.Response(200, Proof));

        Assert.IsType<SendResult.Delivered>(await SendAsync(peer.Url));
        Assert.Single(peer.Calls);
    }

    [Theory]
    [MemberData(nameof(Statuses))]
    public async Task Each_status_has_its_meaning(int status)
    {
        await using var peer = Peer(LoopbackPeer.Response(status, status is 204 or 304 ? "" : "{}"));

        Assert.Equal(OutcomeOf(status), (await SendAsync(peer.Url)).GetType());
        Assert.Equal(CallsOf(status), peer.Calls.Count);
    }

    [Theory]
    [InlineData(429, "120", 120)]
    [InlineData(425, "120", 120)]
    [InlineData(503, "120", 120)]
    [InlineData(408, "+90", 90)]
    [InlineData(429, "+90", 90)]
    [InlineData(503, "+90", 90)]
    [InlineData(429, "-90", 0)]
    [InlineData(429, "86400", 3600)]
    [InlineData(429, "99999999999999999999", 3600)]
    [InlineData(429, "+86400", 3600)]
    [InlineData(429, "soon", null)]
    [InlineData(429, "-1 second", null)]
    public async Task Who_is_busy_is_asked_when_he_says_but_within_the_hour(int status, string header, int? seconds)
    {
        // A sign stands for a date so many seconds from now.
        if (int.TryParse(header, out var away) && header is ['+' or '-', ..])
            header = Deliveries.Now.AddSeconds(away).ToString("r", CultureInfo.InvariantCulture);
        await using var peer = Peer(LoopbackPeer.Response(status, "{}", $"Retry-After: {header}"));

        var failed = Assert.IsType<SendResult.Failed>(await SendAsync(peer.Url), exactMatch: false);

        Assert.Equal(seconds is { } wait ? TimeSpan.FromSeconds(wait) : null, failed.After);
    }

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task A_redirect_is_not_followed(int status)
    {
        await using var other = Peer(LoopbackPeer.Response(200, Proof));
        await using var peer = Peer(LoopbackPeer.Response(status, "", $"Location: {other.Url}?token=hush"));

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync(peer.Url));

        Assert.Empty(other.Calls);
        Assert.DoesNotContain("hush", refused.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-")]
    public async Task An_answer_that_takes_too_long_is_unknown(string said)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.SayingAndWaiting(said));

        var call = SendAsync(peer.Url);
        await peer.Answered;
        Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new SendResult.Unknown("no answer within 10 s"), await call);
        await peer.Left;
    }

    [Theory]
    [InlineData("Content-Length: 9\r\n\r\n{")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n9\r\n{")]
    public async Task A_body_that_takes_too_long_is_given_up(string said)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.SayingAndWaiting($"HTTP/1.1 200 OK\r\n{said}"));

        var call = SendAsync(peer.Url);
        await peer.Answered;
        // Who needs no body must not wait for it either.
        if (OutcomeWithoutProof != typeof(SendResult.Delivered))
            Time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(OutcomeWithoutProof, (await call).GetType());
    }

    [Theory]
    [InlineData(200, "Content-Type: text/plain\r\n\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    [InlineData(200, "Transfer-Encoding: chunked\r\n\r\n", "10\r\nxxxxxxxxxxxxxxxx\r\n")]
    [InlineData(503, "Transfer-Encoding: chunked\r\n\r\n", "10\r\nxxxxxxxxxxxxxxxx\r\n")]
    [InlineData(503, "Content-Length: 999999999999\r\n\r\n", "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx")]
    public async Task A_body_without_end_is_cut(int status, string head, string body)
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.Repeating($"HTTP/1.1 {status} Status\r\n{head}", body));

        Assert.Equal(
            status == 200 ? OutcomeWithoutProof : OutcomeOf(status), (await SendAsync(peer.Url)).GetType());
        await peer.Left;
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\0\0\0")]
    [InlineData("SSH-2.0-OpenSSH_9.6\r\n")]
    [InlineData("HTTP/1.1 20\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Len")]
    [InlineData("HTTP/1.1 200 OK\r\nno colon\r\n\r\n")]
    public async Task An_answer_that_is_none_is_unknown(string said)
    {
        await using var peer = Peer(said);

        Assert.IsType<SendResult.Unknown>(await SendAsync(peer.Url));
        Assert.Equal(said.Length == 0 ? CallsWithoutAnswer : 1, peer.Calls.Count);
    }

    [Fact]
    public async Task A_head_without_end_is_unknown()
    {
        await using var peer = new LoopbackPeer(
            LoopbackPeer.Repeating("HTTP/1.1 200 OK\r\n", $"X-More: {new string('x', 1000)}\r\n"));

        Assert.IsType<SendResult.Unknown>(await SendAsync(peer.Url));
        await peer.Left;
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\n{")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n64\r\n{}")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n1\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n{}")]
    [InlineData("Content-Type: text/html\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("Content-Encoding: gzip\r\nContent-Length: 2\r\n\r\n{}")]
    public async Task A_broken_body_proves_nothing_and_leaves_other_statuses_their_meaning(string said)
    {
        foreach (var status in (int[])[200, 400, 401, 429, 503])
        {
            await using var peer = Peer($"HTTP/1.1 {status} Status\r\n{said}");

            Assert.Equal(
                status == 200 ? OutcomeWithoutProof : OutcomeOf(status), (await SendAsync(peer.Url)).GetType());
        }
    }

    [Fact]
    public async Task What_comes_before_the_answer_is_passed_over()
    {
        await using var peer = Peer(
            $"HTTP/1.1 103 Early Hints\r\nLink: </>\r\n\r\n{LoopbackPeer.Response(200, Proof)}");

        Assert.IsType<SendResult.Delivered>(await SendAsync(peer.Url));
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_arrived()
    {
        var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var url = new Uri($"http://{listener.LocalEndpoint}/");
        listener.Stop();

        var again = Assert.IsType<SendResult.Again>(await SendAsync(url));

        Assert.StartsWith("ConnectionError: ", again.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_no_TLS_is_spoken_nothing_arrived()
    {
        await using var peer = new LoopbackPeer(
            LoopbackPeer.Saying("HTTP/1.1 400 Speak plainly\r\n\r\n"), reads: false);

        var again = Assert.IsType<SendResult.Again>(await SendAsync(new Uri($"https://127.0.0.1:{peer.Port}/")));

        Assert.StartsWith("SecureConnectionError: ", again.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_that_gives_up_is_told_so()
    {
        await using var peer = new LoopbackPeer(LoopbackPeer.SayingAndWaiting(""));
        using var caller = new CancellationTokenSource();

        var call = Open(peer.Url).SendAsync(Delivery(() => Content), caller.Token);
        await peer.Answered;
        await caller.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => call.WaitAsync(LoopbackPeer.Patience, Cancelled));
    }

    [Fact]
    public async Task What_is_not_asked_for_any_more_is_not_sent()
    {
        await using var peer = Peer(LoopbackPeer.Response(200, Proof));

        Assert.Equal(
            new SendResult.Withdrawn(), await Open(peer.Url).SendAsync(Delivery(() => null), Cancelled));
        Assert.Equal(
            new SendResult.Withdrawn(), await Open(peer.Url).SendAsync(Delivery(() => new Unheard()), Cancelled));
        Assert.Empty(peer.Calls);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(422)]
    [InlineData(429)]
    [InlineData(500)]
    public async Task Words_are_cut_printable_and_without_our_secret(int status)
    {
        var words = $$"""{"detail":"a\r\n{{Secret}} {{new string('x', 1000)}}"}""";
        await using var peer = Peer(LoopbackPeer.Response(status, words));

        var why = await SendAsync(peer.Url) switch
        {
            SendResult.Refused refused => refused.Why,
            SendResult.Unauthorized unauthorized => unauthorized.Why,
            SendResult.Failed failed => failed.Why,
            var other => other.ToString(),
        };

        Assert.Contains("a  … xxx", why, StringComparison.Ordinal);
        Assert.Equal(500, why.Length);
    }

    private Task<SendResult> SendAsync(Uri url) =>
        Open(url).SendAsync(Delivery(() => Content), Cancelled).WaitAsync(LoopbackPeer.Patience, Cancelled);

    private static LoopbackPeer Peer(string said) => new(LoopbackPeer.Saying(said));

    private static Delivery Delivery(Func<MessageContent?> content) =>
        new(Message(), MaybeSent: false, () => Task.FromResult(content()));

    private static OutboundMessage Message() => new()
    {
        Id = Guid.CreateVersion7(Deliveries.Now),
        Destination = "other",
        Kind = MessageKind.Release,
        Subject = Subject.Of(new OrderKey("acme", "1")),
        SequenceKey = "acme-1-1",
        CreatedAt = Deliveries.Now,
    };

    private sealed record Unheard : MessageContent;
}
