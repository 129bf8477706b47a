using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Wire;

/// <summary>
/// Clients that call only what <see cref="AddressGuard"/> lets through. A name is resolved once for each connection,
/// and the address that was checked is the one connected to: a name that changes in between changes nothing.
/// </summary>
/// <param name="resolve">Finds the addresses of a name.</param>
public sealed class GuardedHttp(Func<string, CancellationToken, Task<IPAddress[]>> resolve) : IDisposable
{
    /// <summary>How much of an answer that nobody reads is taken so that the connection can be used again.</summary>
    private const int DrainBytesMax = 4 * 1024;

    /// <summary>A connection in use must not outlive a change of its name for long.</summary>
    private static readonly TimeSpan ConnectionAgeMax = TimeSpan.FromMinutes(5);

    /// <summary>As long as the longest call.</summary>
    private static readonly TimeSpan ConnectMax = TimeSpan.FromSeconds(20);

    private readonly Dictionary<string, HttpClient> _clients = new(StringComparer.Ordinal);

    /// <summary>Resolves as the machine does.</summary>
    public GuardedHttp() : this(Dns.GetHostAddressesAsync)
    {
    }

    /// <summary>
    /// A client that follows no redirects, uses no proxy and keeps no cookies. It has no timeout of its own. All who
    /// allow the same networks share one, with its connections.
    /// </summary>
    /// <param name="allowed">Networks that may be called although they are not public.</param>
    /// <param name="plainInside">What is not encrypted goes to those networks alone.</param>
    public HttpClient Client(IReadOnlyList<IPNetwork> allowed, bool plainInside = false)
    {
        var key = string.Join(' ', allowed.Select(network => network.ToString())
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Append(plainInside ? "inside" : ""));
        lock (_clients)
        {
            if (!_clients.TryGetValue(key, out var client))
            {
                _clients[key] = client = new HttpClient(Handler(allowed, plainInside))
                {
                    Timeout = Timeout.InfiniteTimeSpan,
                };
            }

            return client;
        }
    }

    public void Dispose()
    {
        lock (_clients)
        {
            foreach (var client in _clients.Values)
                client.Dispose();
            _clients.Clear();
        }
    }

    private SocketsHttpHandler Handler(IReadOnlyList<IPNetwork> allowed, bool plainInside) => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        PooledConnectionLifetime = ConnectionAgeMax,
        ConnectTimeout = ConnectMax,
        MaxResponseDrainSize = DrainBytesMax,
        ConnectCallback = (context, cancelled) => ConnectAsync(
            context.DnsEndPoint, address => AddressGuard.WhyRefused(address, allowed)
                // Connections are shared by requests to one address of one scheme.
                ?? (plainInside && context.InitialRequestMessage.RequestUri?.Scheme != Uri.UriSchemeHttps
                    ? AddressGuard.WhyOutside(address, allowed) : null),
            cancelled),
    };

    private async ValueTask<Stream> ConnectAsync(
        DnsEndPoint to, Func<IPAddress, string?> whyRefused, CancellationToken cancelled)
    {
        var isAddress = IPAddress.TryParse(to.Host, out var literal);
        var found = isAddress ? [literal!] : await resolve(to.Host, cancelled);
        var open = found.Where(address => whyRefused(address) is null)
            .Select(AddressGuard.Plain).ToList();
        if (open.Count == 0 && found is [var first, ..])
        {
            var why = whyRefused(first)!;
            throw new AddressRefusedException(isAddress ? why : $"{to.Host} is at {first}: {why}");
        }

        var last = new SocketException((int)SocketError.HostNotFound);
        foreach (var address in open)
        {
            var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(address, to.Port, cancelled);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (SocketException error)
            {
                socket.Dispose();
                last = error;
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw last;
    }
}
