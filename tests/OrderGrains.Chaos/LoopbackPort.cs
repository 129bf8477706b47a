using System.Net;
using System.Net.Sockets;

namespace OrderGrains.Chaos;

/// <summary>A port for a program that cannot choose one itself.</summary>
public static class LoopbackPort
{
    /// <summary>
    /// Below the range that Linux and Windows hand out to whoever asks for any port: between this choice and the
    /// program's start nobody else takes it by chance.
    /// </summary>
    private const int First = 20_000;
    private const int Count = 12_000;

    public static int Free()
    {
        while (true)
        {
            var port = First + Random.Shared.Next(Count);
            using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
                return port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
