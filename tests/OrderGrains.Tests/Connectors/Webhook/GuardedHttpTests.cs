using System.Net;
using System.Net.Sockets;
using OrderGrains.Connectors;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>Nobody reaches our network by naming it as a subscriber.</summary>
public sealed class GuardedHttpTests : IAsyncDisposable
{
    private readonly LoopbackPeer _peer = new(LoopbackPeer.Saying(LoopbackPeer.Response(200)), IPAddress.Any);
    private readonly Queue<IPAddress[]> _names = new();
    private readonly GuardedHttp _guarded;

    public GuardedHttpTests() => _guarded = new((_, _) => Task.FromResult(_names.Dequeue()));

    public async ValueTask DisposeAsync()
    {
        _guarded.Dispose();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.0/8 (loopback)")]
    [InlineData("2130706433", "127.0.0.0/8 (loopback)")]
    [InlineData("0x7f000001", "127.0.0.0/8 (loopback)")]
    [InlineData("0x7f.1", "127.0.0.0/8 (loopback)")]
    [InlineData("0177.0.0.01", "127.0.0.0/8 (loopback)")]
    [InlineData("127.1", "127.0.0.0/8 (loopback)")]
    [InlineData("0", "0.0.0.0/8 (this network)")]
    [InlineData("169.254.169.254", "169.254.0.0/16 (link-local, metadata of clouds among them)")]
    [InlineData("0xa9fea9fe", "169.254.0.0/16 (link-local, metadata of clouds among them)")]
    [InlineData("[::1]", "::1/128 (loopback)")]
    [InlineData("[::ffff:10.0.0.1]", "10.0.0.0/8 (private)")]
    [InlineData("[::ffff:7f00:1]", "127.0.0.0/8 (loopback)")]
    [InlineData("[64:ff9b::7f00:1]", "127.0.0.0/8 (loopback)")]
    [InlineData("[fe80::1%1]", "fe80::/10 (link-local)")]
    public async Task An_address_is_refused_however_it_is_spelled(string host, string rule)
    {
        Assert.Equal(
            new SendResult.Refused($"{rule} is not called: AllowedNetworks would have to hold it"),
            await SendAsync(host));
        Assert.Empty(_peer.Calls);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("10.0.0.1")]
    [InlineData("169.254.169.254")]
    [InlineData("::ffff:127.0.0.1")]
    [InlineData("fd00:ec2::254")]
    public async Task A_name_of_such_an_address_is_refused(string address)
    {
        _names.Enqueue([IPAddress.Parse(address)]);

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync("hooks.example"));

        Assert.StartsWith($"hooks.example is at {address}: ", refused.Why, StringComparison.Ordinal);
        Assert.Empty(_peer.Calls);
    }

    [Fact]
    public async Task A_name_that_changes_after_it_was_checked_leads_nowhere_else()
    {
        _names.Enqueue([IPAddress.Parse("127.0.0.2")]);
        _names.Enqueue([IPAddress.Parse("127.0.0.1")]);

        Assert.IsType<SendResult.Delivered>(await SendAsync("hooks.example", "127.0.0.2/32"));
        // One look-up for one connection.
        Assert.Single(_names);

        Assert.IsType<SendResult.Refused>(await SendAsync("hooks.example", "127.0.0.2/32"));
        Assert.Empty(_names);
        Assert.Single(_peer.Calls);
    }

    [Fact]
    public async Task Of_several_addresses_only_those_are_called_that_may_be()
    {
        _names.Enqueue([IPAddress.Parse("127.0.0.1"), IPAddress.Parse("127.0.0.2")]);

        Assert.IsType<SendResult.Delivered>(await SendAsync("hooks.example", "127.0.0.2/32"));
        Assert.Equal(IPAddress.Parse("127.0.0.2"), Assert.Single(_peer.Calls).At);
    }

    [Fact]
    public async Task Where_nobody_answers_the_next_address_is_called()
    {
        await using var lone = new LoopbackPeer(
            LoopbackPeer.Saying(LoopbackPeer.Response(200)), IPAddress.Parse("127.0.0.3"));
        _names.Enqueue([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("::ffff:127.0.0.3")]);

        Assert.IsType<SendResult.Delivered>(await SendAsync("hooks.example", "127.0.0.0/8", lone.Port));
        Assert.Single(lone.Calls);
    }

    [Fact]
    public async Task A_redirect_to_such_an_address_is_not_followed()
    {
        await using var leading = new LoopbackPeer(LoopbackPeer.Saying(
            LoopbackPeer.Response(302, "", $"Location: http://127.0.0.1:{_peer.Port}/secret")));

        Assert.IsType<SendResult.Refused>(await SendAsync("127.0.0.1", "127.0.0.1/32", leading.Port));
        Assert.Single(leading.Calls);
        Assert.Empty(_peer.Calls);
    }

    [Fact]
    public async Task Networks_that_are_allowed_are_opened_and_no_other()
    {
        Assert.IsType<SendResult.Delivered>(await SendAsync("127.0.0.1", "127.0.0.1/32"));
        Assert.IsType<SendResult.Delivered>(await SendAsync("[::ffff:127.0.0.1]", "127.0.0.1/32"));
        Assert.IsType<SendResult.Refused>(await SendAsync("127.0.0.2", "127.0.0.1/32"));
        Assert.IsType<SendResult.Refused>(await SendAsync("127.0.0.1", "127.0.0.2/32"));
        Assert.IsType<SendResult.Refused>(await SendAsync("127.0.0.1", "10.0.0.0/8"));
        Assert.Equal(2, _peer.Calls.Count);
    }

    [Fact]
    public async Task A_name_that_is_none_now_may_be_one_later()
    {
        _names.Enqueue([]);
        Assert.IsType<SendResult.Again>(await SendAsync("hooks.example"));

        using var failing = new GuardedHttp((_, _) => throw new SocketException((int)SocketError.TryAgain));
        Assert.IsType<SendResult.Again>(await Events.To(failing.Client([]), TimeProvider.System)
            .SendAsync(Events.Delivery(Events.Shipped), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task The_machine_resolves_names_when_nobody_else_does()
    {
        using var guarded = new GuardedHttp();

        var refused = Assert.IsType<SendResult.Refused>(
            await Events.To(guarded.Client([]), TimeProvider.System, url: $"http://localhost:{_peer.Port}/")
                .SendAsync(Events.Delivery(Events.Shipped), TestContext.Current.CancellationToken));

        Assert.StartsWith("localhost is at ", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public void All_who_allow_the_same_share_a_client()
    {
        var (east, west) = (IPNetwork.Parse("10.1.0.0/16"), IPNetwork.Parse("10.2.0.0/16"));

        Assert.Same(_guarded.Client([]), _guarded.Client([]));
        Assert.Same(_guarded.Client([east, west]), _guarded.Client([west, east, west]));
        Assert.NotSame(_guarded.Client([]), _guarded.Client([east]));
        Assert.NotSame(_guarded.Client([west]), _guarded.Client([east]));
    }

    [Theory]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("127.0.0.2/32", false)]
    public async Task What_is_not_encrypted_can_be_kept_inside_the_networks_that_are_named(string inside, bool passes)
    {
        _names.Enqueue(passes ? [IPAddress.Loopback] : [IPAddress.Parse("8.8.8.8")]);
        var client = _guarded.Client([IPNetwork.Parse(inside)], plainInside: true);

        var result = await Events.To(client, TimeProvider.System, url: $"http://hooks.example:{_peer.Port}/")
            .SendAsync(Events.Delivery(Events.Shipped), TestContext.Current.CancellationToken);

        Assert.Equal(passes ? new SendResult.Delivered() : new SendResult.Refused(
            "hooks.example is at 8.8.8.8: what is not encrypted goes to AllowedNetworks alone"), result);
        Assert.NotSame(client, _guarded.Client([IPNetwork.Parse(inside)]));
    }

    private Task<SendResult> SendAsync(string host, string? allowed = null, int? port = null) => Events
        .To(_guarded.Client(allowed is null ? [] : [IPNetwork.Parse(allowed)]), TimeProvider.System,
            url: $"http://{host}:{port ?? _peer.Port}/latest/meta-data")
        .SendAsync(Events.Delivery(Events.Shipped), TestContext.Current.CancellationToken);
}
