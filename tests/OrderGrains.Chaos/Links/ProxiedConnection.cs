using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Chaos.Links;

/// <summary>One connection through a proxy: two sockets, and a pump for each direction.</summary>
internal sealed class ProxiedConnection(Socket client, IPEndPoint target, Link link, TimeProvider time) : IDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly Socket _server = new(target.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly CancellationTokenSource _broken = new();

    /// <summary>Ends when both directions have ended, or the connection was broken.</summary>
    public async Task RunAsync()
    {
        link.Add(this);
        try
        {
            client.NoDelay = true;
            // The three steps of a connection's beginning need both directions.
            await link.Forth.OpenAsync(_broken.Token);
            await link.Back.OpenAsync(_broken.Token);
            await _server.ConnectAsync(target, _broken.Token);
            await Task.WhenAll(
                PumpAsync(client, _server, link.Forth, link.Back), PumpAsync(_server, client, link.Back, link.Forth));
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException
            or ObjectDisposedException)
        {
            // Refused, or broken on purpose.
            Abort(client);
            Abort(_server);
        }
        finally
        {
            link.Remove(this);
            client.Dispose();
            _server.Dispose();
        }
    }

    /// <summary>Both ends get an RST.</summary>
    public void Reset()
    {
        Abort(client);
        Abort(_server);
        try
        {
            _broken.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    public void Dispose() => _broken.Dispose();

    private async Task PumpAsync(Socket from, Socket to, Way way, Way back)
    {
        var buffer = new byte[BufferBytes];
        while (true)
        {
            await way.OpenAsync(_broken.Token);
            var count = await ReadAsync(from, buffer);
            if (way.Delay is var delay && delay > TimeSpan.Zero) await Task.Delay(delay, time, _broken.Token);
            // The end of a connection, by FIN or RST, is news that travels the same way as what was sent.
            await way.OpenAsync(_broken.Token);
            if (count is null)
            {
                Abort(to);
                return;
            }

            if (count == 0)
            {
                Shut(to);
                return;
            }

            if (!await WriteAsync(to, buffer.AsMemory(0, count.Value)))
            {
                await back.OpenAsync(_broken.Token);
                Abort(from);
                return;
            }
        }
    }

    /// <summary>Null when the other end broke the connection.</summary>
    private async Task<int?> ReadAsync(Socket from, Memory<byte> buffer)
    {
        try
        {
            return await from.ReceiveAsync(buffer, _broken.Token);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return null;
        }
    }

    private async Task<bool> WriteAsync(Socket to, ReadOnlyMemory<byte> bytes)
    {
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await to.SendAsync(bytes, _broken.Token)..];
            return true;
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return false;
        }
    }

    private static void Shut(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }
    }

    private static void Abort(Socket socket)
    {
        try
        {
            // With nothing to linger for, closing sends RST.
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is gone already.
        }

        socket.Close(0);
    }
}
