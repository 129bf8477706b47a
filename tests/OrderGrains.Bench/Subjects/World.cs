using OrderGrains.Bench.Load;
using OrderGrains.Bench.Measuring;
using OrderGrains.Bench.Warehouse;

namespace OrderGrains.Bench.Subjects;

/// <summary>One subject with a database, a warehouse and a load of its own; all is gone at the end.</summary>
internal sealed class World : IAsyncDisposable
{
    /// <summary>More than any run sells: that units run out is the smoke test's matter.</summary>
    private const int PlentyUnits = 1_000_000;

    /// <summary>Webhooks under way at once, where the question is how many a second.</summary>
    public const int ClosedConnections = 64;

    private static int Worlds;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ordergrains-bench-");
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private RunningSubject? _running;
    private int? _serverProcessId;

    private World(Subject subject, OrderShape shape, Database database, TimeProvider time)
    {
        (Subject, Shape, Database) = (subject, shape, database);
        Orders = new SignedOrders(new OrderTemplate(shape, time));
    }

    public Subject Subject { get; }

    public OrderShape Shape { get; }

    public Database Database { get; }

    public WarehouseProcess Warehouse { get; private set; } = null!;

    public RunningSubject Running => _running ?? throw new InvalidOperationException("The subject is not started.");

    public SignedOrders Orders { get; }

    public WebhookLoad Load => new(Running.Addresses, Orders);

    /// <summary>Numbers that had their 200, all phases together.</summary>
    public HashSet<long> Acknowledged { get; } = [];

    public static async Task<World> OpenAsync(
        string server, Subject subject, OrderShape shape, TimeProvider time, CancellationToken cancellation)
    {
        var database = await Database.CreateAsync(server, $"world_{Interlocked.Increment(ref Worlds)}");
        var world = new World(subject, shape, database, time);
        try
        {
            world.Warehouse = await WarehouseProcess.StartAsync(world._http, time, cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens a world, starts its subject, and counts its stock.</summary>
    public static async Task<World> StartAsync(
        string server, Subject subject, OrderShape shape, TimeProvider time, CancellationToken cancellation)
    {
        var world = await OpenAsync(server, subject, shape, time, cancellation);
        try
        {
            await world.StartSubjectAsync(hold: false, cancellation);
            if (subject.KeepsStock) await world.Running.SeedAsync(shape.AllSkus, PlentyUnits, cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    /// <summary>Starts the subject, or starts it again on the same database.</summary>
    public async Task StartSubjectAsync(bool hold, CancellationToken cancellation)
    {
        await StopSubjectAsync();
        _running = await RunningSubject.StartAsync(
            Subject, Database.ConnectionString, _directory.FullName, Warehouse.Address, hold, _http, cancellation);
    }

    public Task SeedAsync(CancellationToken cancellation) =>
        Running.SeedAsync(Shape.AllSkus, PlentyUnits, cancellation);

    public async Task StopSubjectAsync()
    {
        if (_running is not null) await _running.StopAsync();
        _running = null;
    }

    /// <summary>Remembers what a load had acknowledged.</summary>
    public LoadResult Note(LoadResult load)
    {
        for (var number = load.First; number < load.End; number++) Acknowledged.Add(number);
        foreach (var number in load.Refused) Acknowledged.Remove(number);
        return load;
    }

    public async Task<Usage> UsageAsync()
    {
        _serverProcessId ??= await Database.FindServerProcessAsync();
        var subject = Running.ProcessIds.Select(ProcessMeter.Read).ToList();
        return new Usage(
            new ProcessFigures(
                TimeSpan.FromTicks(subject.Sum(each => each.Cpu.Ticks)), subject.Sum(each => each.PeakBytes)),
            ProcessMeter.ReadWithChildren(_serverProcessId.Value),
            ProcessMeter.Read(Warehouse.ProcessId),
            ProcessMeter.Read(Environment.ProcessId),
            await Database.WalBytesAsync());
    }

    public async ValueTask DisposeAsync()
    {
        if (_running is not null) await _running.DisposeAsync();
        if (Warehouse is not null) await Warehouse.DisposeAsync();
        await Database.DisposeAsync();
        _http.Dispose();
        _directory.Delete(recursive: true);
    }
}

/// <summary>What all that takes part has used so far.</summary>
/// <param name="WalBytes">Written to PostgreSQL's log.</param>
internal sealed record Usage(
    ProcessFigures Subject, ProcessFigures Postgres, ProcessFigures Warehouse, ProcessFigures Load, double WalBytes);
