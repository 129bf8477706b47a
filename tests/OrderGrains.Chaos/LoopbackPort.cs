using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Chaos;

/// <summary>
/// A port for a program that cannot choose one itself. Another may take it first: then it fails to start.
/// </summary>
public static class LoopbackPort
{
    public static int Free()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
