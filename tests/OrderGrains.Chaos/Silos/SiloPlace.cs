using System.Net;

namespace OrderGrains.Chaos.Silos;

/// <summary>Where a silo is.</summary>
/// <param name="At">Which, from 0.</param>
/// <param name="Http">Where its web server listens.</param>
/// <param name="Listening">
/// Where it listens for other silos, by its <see cref="Clock"/>; a proxy listens on the same port of 127.0.0.1.
/// </param>
/// <param name="GatewayPort">For clients, of which there are none.</param>
internal sealed record SiloPlace(int At, IPEndPoint Http, IReadOnlyList<IPEndPoint> Listening, int GatewayPort)
{
    /// <summary>Each silo listens at a loopback address of its own.</summary>
    public static SiloPlace Choose(int at)
    {
        var address = new IPAddress([127, 0, 0, (byte)(at + 2)]);
        var listening = Enum.GetValues<Clock>().Select(_ => new IPEndPoint(address, LoopbackPort.Free()));
        return new SiloPlace(
            at, new IPEndPoint(IPAddress.Loopback, LoopbackPort.Free()), [.. listening], LoopbackPort.Free());
    }
}

/// <summary>
/// The time of day that a silo sees. Orleans tells the lives of a silo at one address apart by the time when each
/// began, and ends one that seems older than what was there before it; so each clock has a port of its own.
/// </summary>
internal enum Clock
{
    Right,
    Ahead,
    Behind,
}
