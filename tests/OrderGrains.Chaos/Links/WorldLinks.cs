using System.Net;
using OrderGrains.Chaos.Silos;

namespace OrderGrains.Chaos.Links;

/// <summary>Every link of a world, each through a proxy.</summary>
internal sealed class WorldLinks : IAsyncDisposable
{
    private readonly TimeProvider _time;
    private readonly Link[,] _between;
    private readonly List<TcpProxy> _all = [];
    private readonly List<TcpProxy> _doors = [];
    private readonly List<TcpProxy> _databases = [];
    private readonly List<TcpProxy> _warehouses = [];

    /// <param name="silos">Addresses of them.</param>
    /// <param name="databasePort">Null when the database is a file.</param>
    /// <param name="findProcess">A silo's process now; null while it is down.</param>
    /// <param name="time">Times delays.</param>
    public WorldLinks(
        IReadOnlyList<SiloPlace> silos, int? databasePort, Func<int, int?> findProcess, TimeProvider time)
    {
        _time = time;
        _between = new Link[silos.Count, silos.Count];
        for (var from = 0; from < silos.Count; from++)
        {
            for (var to = 0; to < silos.Count; to++) _between[from, to] = new Link($"silo {from} to silo {to}");
        }

        foreach (var silo in silos)
        {
            Doors.Add(Add(_doors, silo.Http, $"senders to silo {silo.At}"));
            if (databasePort is not { } port) continue;
            Databases.Add(Add(_databases, new IPEndPoint(IPAddress.Loopback, port), $"silo {silo.At} to database"));
            _all.AddRange(silo.Listening.Select(listening => Watch(silos, silo.At, listening, findProcess)));
        }
    }

    /// <summary>From shop and warehouses to each silo.</summary>
    public List<Link> Doors { get; } = [];

    /// <summary>From each silo to the database; empty when it is a file.</summary>
    public List<Link> Databases { get; } = [];

    /// <summary>From all silos to each warehouse.</summary>
    public List<Link> Warehouses { get; } = [];

    public IReadOnlyList<TcpProxy> DoorProxies => _doors;

    public IReadOnlyList<TcpProxy> DatabaseProxies => _databases;

    public IReadOnlyList<TcpProxy> WarehouseProxies => _warehouses;

    /// <summary>One that listens now, the next in the row.</summary>
    public void AddWarehouse(int port) =>
        Warehouses.Add(Add(_warehouses, new IPEndPoint(IPAddress.Loopback, port), "silos to warehouse"));

    /// <summary>Between two silos nothing passes either way.</summary>
    public IDisposable Cut(int one, int other) => Undo.All([CutOneWay(one, other), CutOneWay(other, one)]);

    /// <summary>What one silo says does not reach the other, on whichever's connection.</summary>
    public IDisposable CutOneWay(int from, int to) =>
        Undo.All([_between[from, to].Forth.Hold(), _between[to, from].Back.Hold()]);

    public IDisposable Slow(int one, int other, TimeSpan eachWay) =>
        Undo.All([_between[one, other].Slow(eachWay), _between[other, one].Slow(eachWay)]);

    /// <summary>Connections that one silo has opened to another.</summary>
    public int Count(int from, int to) => _between[from, to].Connections;

    public async ValueTask DisposeAsync()
    {
        foreach (var proxy in _all) await proxy.DisposeAsync();
    }

    private Link Add(List<TcpProxy> kind, IPEndPoint target, string name)
    {
        var link = new Link(name);
        var proxy = new TcpProxy(target, link, _time);
        kind.Add(proxy);
        _all.Add(proxy);
        return link;
    }

    /// <summary>A proxy to a silo, whose connections belong to the link from whichever silo opened them.</summary>
    private TcpProxy Watch(
        IReadOnlyList<SiloPlace> silos, int to, IPEndPoint listening, Func<int, int?> findProcess)
    {
        var stranger = new Link($"strangers to silo {to}");
        return new TcpProxy(listening, socket =>
        {
            var from = FindSilo((IPEndPoint)socket.RemoteEndPoint!, (IPEndPoint)socket.LocalEndPoint!,
                [.. silos.Select(silo => findProcess(silo.At))]);
            return from is { } found ? _between[found, to] : stranger;
        }, _time, listening.Port);
    }

    private static int? FindSilo(IPEndPoint from, IPEndPoint to, IReadOnlyList<int?> processes)
    {
        var process = Origin.FindProcess(from, to, processes.OfType<int>());
        for (var silo = 0; process is not null && silo < processes.Count; silo++)
        {
            if (processes[silo] == process) return silo;
        }

        return null;
    }
}
