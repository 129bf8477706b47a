using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Chaos.Links;

/// <summary>
/// Listens on a loopback port and forwards each connection to a target. Which <see cref="Link"/> a connection belongs
/// to is asked once, when it comes; the link's switches then rule it.
/// </summary>
internal sealed class TcpProxy : IAsyncDisposable
{
    private const int Backlog = 512;
    private static readonly TimeSpan ResetAgain = TimeSpan.FromMilliseconds(20);

    private readonly Lock _lock = new();
    private readonly Func<Socket, Link> _choose;
    private readonly TimeProvider _time;
    private readonly ConcurrentDictionary<Task, bool> _running = new();
    private readonly ConcurrentDictionary<Link, bool> _links = new();
    private Socket? _listener;
    private Task _accepting = Task.CompletedTask;
    private int _refusals;

    /// <param name="target">Where connections lead.</param>
    /// <param name="choose">The link of a connection that just came.</param>
    /// <param name="time">Times delays.</param>
    /// <param name="port">Where it listens; 0 for any free port.</param>
    public TcpProxy(IPEndPoint target, Func<Socket, Link> choose, TimeProvider time, int port = 0)
    {
        (Target, _choose, _time) = (target, choose, time);
        Endpoint = new IPEndPoint(IPAddress.Loopback, port);
        Listen();
    }

    public TcpProxy(IPEndPoint target, Link link, TimeProvider time, int port = 0)
        : this(target, _ => link, time, port)
    {
    }

    public IPEndPoint Target { get; }

    public IPEndPoint Endpoint { get; private set; }

    public int Port => Endpoint.Port;

    public Uri Address => new($"http://{Endpoint}");

    /// <summary>
    /// Nobody listens any more and what is connected breaks, until what is returned is disposed of.
    /// </summary>
    public IDisposable Refuse()
    {
        lock (_lock)
        {
            _refusals++;
            _listener?.Dispose();
            _listener = null;
        }

        Reset();
        return new Undo(() =>
        {
            lock (_lock)
            {
                if (--_refusals == 0) Listen();
            }
        });
    }

    /// <summary>Breaks all that is connected now.</summary>
    public void Reset()
    {
        foreach (var link in _links.Keys) link.Reset();
    }

    public async ValueTask DisposeAsync()
    {
        Refuse();
        await _accepting;
        // One that is just being accepted has no link to be reset with yet.
        while (!_running.IsEmpty)
        {
            Reset();
            await Task.WhenAny(Task.WhenAll(_running.Keys), Task.Delay(ResetAgain, _time));
        }
    }

    private void Listen()
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            // Its own earlier connections may linger on the port.
            listener.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            listener.Bind(Endpoint);
            listener.Listen(Backlog);
        }
        catch
        {
            listener.Dispose();
            throw;
        }

        Endpoint = (IPEndPoint)listener.LocalEndPoint!;
        _listener = listener;
        _accepting = AcceptAsync(listener);
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (true)
        {
            Socket client;
            try
            {
                client = await listener.AcceptAsync();
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                if (_listener != listener) return;
                // One that was gone before it was accepted, or no room for another, ends no listening.
                await Task.Delay(ResetAgain, _time);
                continue;
            }

            // Choosing may read files; the next one shall not wait for it.
            var running = Task.Run(() => ForwardAsync(client));
            _running[running] = true;
            _ = running.ContinueWith(
                done => _running.TryRemove(done, out _), CancellationToken.None, TaskContinuationOptions.None,
                TaskScheduler.Default);
        }
    }

    private async Task ForwardAsync(Socket client)
    {
        var link = _choose(client);
        _links[link] = true;
        using var connection = new ProxiedConnection(client, Target, link, _time);
        await connection.RunAsync();
    }
}
