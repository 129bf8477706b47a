using System.Net;
using System.Net.Sockets;
using OrderGrains.Chaos.Links;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>A proxy between two sockets of the test, and what its switches do to them.</summary>
public sealed class TcpProxyTests : IAsyncLifetime
{
    /// <summary>Long enough for loopback to have passed what it would have passed.</summary>
    private static readonly TimeSpan NothingFor = TimeSpan.FromMilliseconds(100);

    private readonly TcpListener _server = new(IPAddress.Loopback, 0);
    private readonly Link _link = new("test");
    private TcpProxy _proxy = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync()
    {
        _server.Start();
        _proxy = new TcpProxy((IPEndPoint)_server.LocalEndpoint, _link, TimeProvider.System);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _proxy.DisposeAsync();
        _server.Dispose();
    }

    [Fact]
    public async Task Bytes_pass_both_ways_and_so_does_an_end()
    {
        var (client, server) = await ConnectAsync();

        Assert.Equal(7, await PassAsync(client, server, 7));
        Assert.Equal(8, await PassAsync(server, client, 8));
        client.Shutdown(SocketShutdown.Send);

        Assert.Equal(0, await server.ReceiveAsync(new byte[1], Cancellation));
        Assert.Equal(9, await PassAsync(server, client, 9));
    }

    [Fact]
    public async Task What_is_held_one_way_comes_when_it_is_healed_and_the_other_way_passes()
    {
        var (client, server) = await ConnectAsync();
        var cut = _link.Forth.Hold();

        await client.SendAsync(new byte[] { 1 }, Cancellation);
        var held = server.ReceiveAsync(new byte[1], Cancellation).AsTask();
        Assert.Equal(2, await PassAsync(server, client, 2));
        await Task.WhenAny(held, Task.Delay(NothingFor, Cancellation));
        Assert.False(held.IsCompleted);
        cut.Dispose();

        Assert.Equal(1, await held);
    }

    [Fact]
    public async Task A_cut_tells_nobody_of_an_end()
    {
        var (client, server) = await ConnectAsync();
        using var cut = _link.Cut();

        Break(client);
        var told = server.ReceiveAsync(new byte[1], Cancellation).AsTask();
        await Task.WhenAny(told, Task.Delay(NothingFor, Cancellation));

        Assert.False(told.IsCompleted);
        cut.Dispose();
        await Assert.ThrowsAsync<SocketException>(() => told);
    }

    [Fact]
    public async Task Through_a_cut_nobody_connects()
    {
        var cut = _link.Back.Hold();
        using var client = new TcpClient();
        await client.ConnectAsync(_proxy.Endpoint, Cancellation);

        var accepted = _server.AcceptSocketAsync(Cancellation).AsTask();
        await Task.WhenAny(accepted, Task.Delay(NothingFor, Cancellation));

        Assert.False(accepted.IsCompleted);
        cut.Dispose();
        using var server = await accepted;
    }

    [Fact]
    public async Task A_link_that_is_cut_twice_is_healed_twice()
    {
        var (client, server) = await ConnectAsync();
        var (first, second) = (_link.Cut(), _link.Cut());

        await client.SendAsync(new byte[] { 1 }, Cancellation);
        var held = server.ReceiveAsync(new byte[1], Cancellation).AsTask();
        first.Dispose();
        first.Dispose();
        await Task.WhenAny(held, Task.Delay(NothingFor, Cancellation));
        Assert.False(held.IsCompleted);
        second.Dispose();

        Assert.Equal(1, await held);
    }

    [Fact]
    public async Task What_is_slowed_comes_late()
    {
        var (client, server) = await ConnectAsync();
        var delay = TimeSpan.FromMilliseconds(150);
        using var slow = _link.Slow(delay);
        var since = TimeProvider.System.GetTimestamp();

        Assert.Equal(1, await PassAsync(client, server, 1));
        Assert.Equal(2, await PassAsync(server, client, 2));

        Assert.True(TimeProvider.System.GetElapsedTime(since) >= delay * 1.9);
    }

    [Fact]
    public async Task A_reset_breaks_both_ends_and_the_next_connection_passes()
    {
        var (client, server) = await ConnectAsync();
        Assert.Equal(1, await PassAsync(client, server, 1));

        _link.Reset();

        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1], Cancellation).AsTask());
        await Assert.ThrowsAsync<SocketException>(() => server.ReceiveAsync(new byte[1], Cancellation).AsTask());
        (client, server) = await ConnectAsync();
        Assert.Equal(2, await PassAsync(client, server, 2));
    }

    [Fact]
    public async Task A_proxy_that_refuses_is_as_nobody_and_then_listens_on_the_same_port()
    {
        var (client, _) = await ConnectAsync();
        var refusal = _proxy.Refuse();

        await Assert.ThrowsAsync<SocketException>(() => client.ReceiveAsync(new byte[1], Cancellation).AsTask());
        using var refused = new TcpClient();
        var exception = await Assert.ThrowsAsync<SocketException>(
            () => refused.ConnectAsync(_proxy.Endpoint, Cancellation).AsTask());
        Assert.Equal(SocketError.ConnectionRefused, exception.SocketErrorCode);
        refusal.Dispose();

        var (again, server) = await ConnectAsync();
        Assert.Equal(3, await PassAsync(again, server, 3));
    }

    [Fact]
    public async Task Where_nobody_listens_the_connection_is_broken()
    {
        _server.Stop();
        using var client = new TcpClient();

        // Whether it is told of while it connects or after it is a matter of microseconds.
        await Assert.ThrowsAsync<SocketException>(async () =>
        {
            await client.ConnectAsync(_proxy.Endpoint, Cancellation);
            await client.Client.ReceiveAsync(new byte[1], Cancellation);
        });
    }

    [Fact]
    public async Task The_process_that_connected_is_found()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        var (client, _) = await ConnectAsync();
        var (from, to) = ((IPEndPoint)client.LocalEndPoint!, (IPEndPoint)client.RemoteEndPoint!);

        Assert.Equal(Environment.ProcessId, Origin.FindProcess(from, to, [1, Environment.ProcessId]));
        Assert.Null(Origin.FindProcess(from, to, [int.MaxValue]));
        Assert.Null(Origin.FindProcess(to, new IPEndPoint(IPAddress.Loopback, 1), [Environment.ProcessId]));
    }

    private async Task<(Socket Client, Socket Server)> ConnectAsync()
    {
        var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        var accepting = _server.AcceptSocketAsync(Cancellation);
        await client.ConnectAsync(_proxy.Endpoint, Cancellation);
        return (client, await accepting);
    }

    private static async Task<int> PassAsync(Socket from, Socket to, byte value)
    {
        await from.SendAsync(new[] { value }, Cancellation);
        var got = new byte[1];
        Assert.Equal(1, await to.ReceiveAsync(got, Cancellation));
        return got[0];
    }

    private static void Break(Socket socket)
    {
        socket.LingerState = new LingerOption(enable: true, seconds: 0);
        socket.Close();
    }
}
