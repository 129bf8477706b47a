using System.Data.Common;
using OrderGrains.Chaos.Links;
using OrderGrains.Chaos.Silos;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// All of a run: the silos as processes of their own, their database, the shop, two warehouses, and every link between
/// them through a proxy of ours.
/// </summary>
internal sealed partial class ChaosWorld : IAsyncDisposable
{
    private const long DiskBytes = 1L << 30;

    private readonly CancellationTokenSource _ending = new();
    private readonly string _data;
    private readonly bool _ownsData;
    private readonly List<string> _troubles = [];
    private HttpClient _senders = null!;
    private HttpClient _probes = null!;
    private Doors _doors = null!;
    private BoundedDisk? _disk;
    private Task _probing = Task.CompletedTask;

    private ChaosWorld(ChaosOptions options, TimeProvider time)
    {
        (Options, Time) = (options, time);
        _ownsData = options.DataDirectory is null;
        _data = options.DataDirectory ?? Directory.CreateTempSubdirectory("ordergrains-chaos-").FullName;
    }

    public ChaosOptions Options { get; }

    public TimeProvider Time { get; }

    public Ledger Ledger { get; } = new();

    public Shop Shop { get; private set; } = null!;

    /// <summary>East and west. The shop ships from east, and from west what east has not.</summary>
    public IReadOnlyList<Warehouse> Warehouses { get; private set; } = [];

    /// <summary>Past every proxy: for the judge, which reads the database while the world stands.</summary>
    public JudgeDatabase Database { get; private set; } = null!;

    /// <summary>What the product says of itself, at whichever silo the balancer names.</summary>
    public ProductApi Api { get; private set; } = null!;

    public SiloGroup Silos { get; private set; } = null!;

    public WorldLinks Links { get; private set; } = null!;

    /// <summary>Null on SQLite.</summary>
    public PostgresServer? Postgres { get; private set; }

    /// <summary>The disk of the database's files; null where it cannot be bounded.</summary>
    public BoundedDisk? Disk => Postgres is null ? _disk : Postgres.Disk;

    /// <summary>The file that SQLite keeps orders in.</summary>
    public string SqliteFile => Path.Combine(DataOf(0), "ordergrains.db");

    /// <summary>Keep the logs and the files of SQLite; where they are. Default: no.</summary>
    public bool Keep { get; set; }

    public string DataDirectory => _data;

    /// <summary>Something around the product went wrong, for <see cref="StopAsync"/> to say.</summary>
    public void NoteTrouble(string sentence)
    {
        lock (_troubles) _troubles.Add(sentence);
    }

    public static async Task<ChaosWorld> StartAsync(
        ChaosOptions options, TimeProvider time, CancellationToken cancellation)
    {
        var world = new ChaosWorld(options, time);
        try
        {
            await world.StartAsync(cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>SIGTERM to all; a sentence for each that did not end in time with code 0.</summary>
    public async Task<IReadOnlyList<string>> StopAsync()
    {
        var ends = await Silos.StopAsync();
        lock (_troubles) return [.. _troubles, .. ends];
    }

    /// <summary>What the silos wrote last, for a failure.</summary>
    public string LastOutput => string.Join('\n', Silos.All.Where(silo => silo.LastOutput.Length > 0)
        .Select(silo => $"silo {silo.At}:\n{silo.LastOutput}"));

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _probing;
        if (Silos is not null) await Silos.DisposeAsync();
        foreach (var warehouse in Warehouses) await warehouse.DisposeAsync();
        if (_admin is not null) await _admin.DisposeAsync();
        if (Links is not null) await Links.DisposeAsync();
        if (Postgres is not null) await Postgres.DisposeAsync();
        _senders?.Dispose();
        _probes?.Dispose();
        if (Keep && _disk is not null) CopyFiles(_disk.Directory, Path.Combine(_data, "kept"));
        if (_disk is not null) await _disk.DisposeAsync();
        if (_ownsData && !Keep) Directory.Delete(_data, recursive: true);
        _ending.Dispose();
    }

    private async Task StartAsync(CancellationToken cancellation)
    {
        Directory.CreateDirectory(_data);
        if (Options.OnPostgres)
            await StartPostgresAsync();
        else
            await OpenSqliteAsync();
        // One more may join.
        var places = Enumerable.Range(0, Options.OnPostgres ? Options.Silos + 1 : 1).Select(SiloPlace.Choose).ToList();
        _probes = new HttpClient(new BreakingLinkHandler());
        // The balancer stands beside the silos: no fault of a link is between them.
        var probe = new ReadyProbe(silo => new Uri($"http://{places[silo].Http}"), _probes, Time);
        Links = new WorldLinks(places, Postgres?.Port, silo => Silos?[silo].ProcessId, Time);
        List<Uri> doors = [.. Links.DoorProxies.Select(proxy => proxy.Address)];
        Silos = new SiloGroup([.. places.Select(place => new SupervisedSilo(
            place.At, start => Launch(place, start), Path.Combine(_data, $"silo{place.At}.log"), doors[place.At],
            Ledger, probe, Time))], Time);
        _doors = new Doors(doors, silo => Silos[silo].IsWanted,
            (silo, token) => Silos[silo].IsReadyAsync(token), Time);
        _senders = new HttpClient(new TryRecorder(_doors, Ledger, Time, new BreakingLinkHandler()));
        Api = new ProductApi(_doors.Next, AdminKey, _probes);
        Shop = new Shop("acme", ShopSecret, _doors.Next, Time, Options.Seed, _senders);
        await StartAdminAsync(cancellation);
        Warehouses = OpenWarehouses();
        foreach (var warehouse in Warehouses)
        {
            await warehouse.StartAsync(cancellation);
            Links.AddWarehouse(warehouse.BaseUrl.Port);
        }

        // All at once, on an empty database: one migrates.
        foreach (var silo in Silos.All.Take(Options.Silos)) silo.Start();
        if (!await Silos.ReadyAsync(Silos.Wanted, Options.StartMax, cancellation))
            throw new InvalidOperationException($"Not ready after {Options.StartMax}.\n{LastOutput}");
        await _doors.ProbeAsync(cancellation);
        _probing = _doors.RunAsync(_ending.Token);
    }

    private static void CopyFiles(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)), overwrite: true);
    }
}

/// <summary>Opens connections for plain SQL, to PostgreSQL or to SQLite's <c>orders</c> file.</summary>
internal sealed class JudgeDatabase(Func<DbConnection> create)
{
    /// <summary>An open connection; throws while the database is away.</summary>
    public DbConnection Open()
    {
        var connection = create();
        try
        {
            connection.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <inheritdoc cref="Open"/>
    public async Task<DbConnection> OpenAsync(CancellationToken cancellation)
    {
        var connection = create();
        try
        {
            await connection.OpenAsync(cancellation);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }
}
