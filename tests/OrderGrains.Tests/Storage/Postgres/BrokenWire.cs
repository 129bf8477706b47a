using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>
/// A wire between a client and its server that can break at the worst moment: after the server has done what it was
/// asked, and before the client hears of it.
/// </summary>
internal sealed class BrokenWire : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ended = new();
    private readonly int _serverPort;
    private readonly Task _accepting;

    public BrokenWire(int serverPort)
    {
        _serverPort = serverPort;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>What the server says next is not heard: its first word ends the connection.</summary>
    public bool Deaf { get; set; }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        _listener.Stop();
        await _accepting;
        _ended.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        try
        {
            while (true)
                wires.Add(JoinAsync(await _listener.AcceptTcpClientAsync(_ended.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(wires);
        }
    }

    private async Task JoinAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _serverPort);
            var there = CopyAsync(client.GetStream(), server.GetStream(), () => false);
            var back = CopyAsync(server.GetStream(), client.GetStream(), () => Deaf);
            await Task.WhenAny(there, back);
        }
    }

    private async Task CopyAsync(NetworkStream from, NetworkStream to, Func<bool> breaks)
    {
        var buffer = new byte[16 * 1024];
        try
        {
            while (await from.ReadAsync(buffer, _ended.Token) is > 0 and var read && !breaks())
                await to.WriteAsync(buffer.AsMemory(0, read), _ended.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // One end has gone; the other follows.
        }
    }
}
