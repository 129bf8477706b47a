using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace OrderGrains;

/// <summary>
/// Tries the addresses before anything starts: the web server is the last to start, and what has started by then takes
/// a page of lines to end.
/// </summary>
internal static class ListenCheck
{
    /// <param name="configuration">Has <c>urls</c>, as the framework reads them.</param>
    /// <exception cref="AddressInUseException">Another program listens there; the message says where.</exception>
    /// <exception cref="FormatException">It is no address.</exception>
    /// <exception cref="SocketException">It may not be listened at.</exception>
    public static void Run(IConfiguration configuration)
    {
        foreach (var url in (configuration["urls"] ?? "").Split(';', StringSplitOptions.RemoveEmptyEntries))
        {
            var address = BindingAddress.Parse(url.Trim());
            if (!address.IsUnixPipe && !address.IsNamedPipe && address.Port != 0)
                Try(address);
        }
    }

    private static void Try(BindingAddress address)
    {
        var ip = IPAddress.TryParse(address.Host.Trim('[', ']'), out var exact) ? exact
            : address.Host == "localhost" ? IPAddress.Loopback : IPAddress.Any;
        try
        {
            using var socket = new Socket(ip.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(ip, address.Port));
            socket.Listen();
        }
        catch (SocketException e) when (e.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            throw new AddressInUseException(
                $"Another program listens at {address}: choose another address with --urls.", e);
        }
    }
}
