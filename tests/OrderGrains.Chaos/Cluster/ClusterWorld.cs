using System.Collections.Concurrent;
using System.Net;
using Npgsql;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos.Cluster;

/// <summary>One try of the shop at sending a webhook.</summary>
/// <param name="From">When it was sent.</param>
/// <param name="To">When it was answered, or given up.</param>
/// <param name="Status">The answer; null when none came.</param>
public sealed record Attempt(DateTimeOffset From, DateTimeOffset To, HttpStatusCode? Status);

/// <summary>
/// A PostgreSQL, silos as processes of their own, nginx before them, a shop that sends through nginx, and a warehouse.
/// </summary>
public sealed class ClusterWorld : IAsyncDisposable
{
    private const string AdminKey = "cluster-admin-key-of-a-throwaway-product";
    private const string ShopSecret = "make-believe-client-secret";
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(90);

    private readonly TimeProvider _time;
    private readonly string _data = Directory.CreateTempSubdirectory("ordergrains-cluster-").FullName;
    private readonly string _connection;
    private readonly int[] _ports;
    private readonly ProductProcess?[] _silos;
    private readonly long[] _written;
    private readonly ConcurrentQueue<Attempt> _attempts = new();
    private NginxServer? _nginx;

    private ClusterWorld(
        PostgresServer postgres, string connection, int silos, int seed, int scarce, TimeProvider time,
        TimeSpan answerMax)
    {
        (Postgres, _connection, _time) = (postgres, connection, time);
        _ports = [.. Enumerable.Range(0, silos).Select(_ => LoopbackPort.Free())];
        _silos = new ProductProcess?[silos];
        _written = new long[silos];
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Shop = new Shop("acme", ShopSecret, () => Address, time, seed, Http) { AnswerMax = answerMax };
        Warehouse = new Warehouse(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = StandardWebhooks.SecretFor("cluster requests"),
                EventSecret = StandardWebhooks.SecretFor("cluster events"),
                Stock = Catalogue.Stock(plenty: 1_000_000, scarce),
                ShipAfter = TimeSpan.FromHours(1),
            },
            () => Address, time, Http);
        Api = new ProductApi(() => Address, AdminKey, Http);
    }

    public PostgresServer Postgres { get; }

    public HttpClient Http { get; }

    /// <summary>As long as Shopify waits.</summary>
    public static readonly TimeSpan ShopAnswerMax = TimeSpan.FromSeconds(5);

    public Shop Shop { get; }

    public Warehouse Warehouse { get; }

    public ProductApi Api { get; }

    /// <summary>Every try of the shop, in the order of their ends.</summary>
    public IReadOnlyCollection<Attempt> Attempts => _attempts;

    public string NginxLog => _nginx?.ErrorLog ?? "";

    private Uri Address => _nginx?.Address ?? new Uri("http://127.0.0.1:1");

    /// <param name="silos">How many processes.</param>
    /// <param name="seed">Draws the orders.</param>
    /// <param name="time">Times everything.</param>
    /// <param name="cancellation">Ends the start.</param>
    /// <param name="scarce">Units of the scarce thing on the first day.</param>
    /// <param name="answerMax">How long the shop waits for an answer; null: as long as shops do.</param>
    public static async Task<ClusterWorld> StartAsync(
        int silos, int seed, TimeProvider time, CancellationToken cancellation, int scarce = 1_000_000,
        TimeSpan? answerMax = null)
    {
        var postgres = await PostgresServer.StartAsync();
        var world = new ClusterWorld(postgres, await postgres.CreateDatabaseAsync(), silos, seed, scarce, time,
            answerMax ?? ShopAnswerMax);
        try
        {
            await world.Warehouse.StartAsync(cancellation);
            // All at once, on an empty database: one migrates.
            await Task.WhenAll(Enumerable.Range(0, silos).Select(at => world.StartSiloAsync(at, cancellation)));
            world._nginx = await NginxServer.StartAsync(world._ports, time);
            await world.Warehouse.CountAsync().WaitAsync(StartMax, time, cancellation);
            return world;
        }
        catch
        {
            await world.DisposeAsync();
            throw;
        }
    }

    public async Task StartSiloAsync(int at, CancellationToken cancellation)
    {
        var directory = Path.Combine(_data, $"silo{at}");
        Directory.CreateDirectory(directory);
        var settings = new ProductSettings(directory, AdminKey)
            .WithShop(Shop.Source, ShopSecret, "east")
            .WithWarehouse(Warehouse, StandardWebhooks.SecretFor("cluster requests"),
                StandardWebhooks.SecretFor("cluster events"), TimeSpan.FromSeconds(5), callsPerSecondMax: 10_000)
            .With("Storage:Kind", "Postgres").With("Storage:ConnectionString", _connection)
            .With("Cluster:SiloPort", $"{LoopbackPort.Free()}").With("Cluster:GatewayPort", $"{LoopbackPort.Free()}")
            .With("Ingress:TrustedProxies:0", "127.0.0.0/8");
        _silos[at] = await ProductProcess.StartAsync(
            settings, directory, StartMax, Http, _time, cancellation, new ProductLaunch
            {
                Hear = line => Interlocked.Add(ref _written[at], line.Length + 1),
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{_ports[at]}",
                    ["Logging__LogLevel__Default"] = "Warning",
                    ["Logging__LogLevel__OrderGrains"] = "Warning",
                },
            });
    }

    /// <summary><c>kill -9</c>.</summary>
    public async Task KillSiloAsync(int at)
    {
        await _silos[at]!.KillAsync();
        await _silos[at]!.DisposeAsync();
    }

    /// <summary>SIGTERM; the exit code, null when it did not end in time.</summary>
    public async Task<int?> StopSiloAsync(int at)
    {
        var code = await _silos[at]!.StopAsync(_time);
        await _silos[at]!.DisposeAsync();
        return code;
    }

    /// <summary>All of a silo's threads stand still for a while.</summary>
    public Task PauseSiloAsync(int at, TimeSpan pause) => _silos[at]!.PauseAsync(pause, _time);

    /// <summary>How many silos the cluster has declared dead so far.</summary>
    public async Task<long> CountDeadAsync(CancellationToken cancellation)
    {
        await using var source = NpgsqlDataSource.Create(_connection + ";Pooling=false");
        // Orleans.Runtime.SiloStatus.Dead is 6.
        await using var command = source.CreateCommand("select count(*) from OrleansMembershipTable where Status = 6");
        return (long)(await command.ExecuteScalarAsync(cancellation))!;
    }

    /// <summary>Characters that the processes in this place wrote so far.</summary>
    public long Written(int at) => Interlocked.Read(ref _written[at]);

    /// <summary>It ended by itself; <see cref="StopSiloAsync"/> has its code.</summary>
    public bool HasEnded(int at) => _silos[at]!.HasExited;

    /// <summary>Posts to one silo, past the proxy; null when no answer came.</summary>
    public async Task<HttpStatusCode?> PostToAsync(int at, Delivery delivery, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, $"http://127.0.0.1:{_ports[at]}/webhooks/v1/{Shop.Source}");
        request.Content = new ReadOnlyMemoryContent(delivery.Body);
        request.Content.Headers.Add("Content-Type", "application/json");
        foreach (var (name, value) in delivery.Headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var answer = await Http.SendAsync(request, cancellation);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>What the newest process in this place wrote last; it may have ended.</summary>
    public string LastOutput(int at) => _silos[at]?.LastOutput ?? "";

    /// <summary>Sends once, and notes what came of it.</summary>
    public async Task<bool> SendOnceAsync(Delivery delivery, CancellationToken cancellation)
    {
        var from = _time.GetUtcNow();
        var outcome = await Shop.SendOnceAsync(delivery, cancellation);
        _attempts.Enqueue(new Attempt(from, _time.GetUtcNow(), outcome.LastStatus));
        return outcome.Acknowledged;
    }

    /// <summary>
    /// Waits until nothing is pending and nothing due, and the warehouse has this many orders that nobody stopped.
    /// </summary>
    public async Task<Audit?> QuietAsync(int orders, TimeSpan deadline, CancellationToken cancellation)
    {
        Audit? audit = null;
        await Until.TrueAsync(
            async token => (audit = await Api.FindAuditAsync(token)) is { IsQuiet: true }
                && Warehouse.Book.Orders.Count(order => order.IsLive) >= orders,
            deadline, _time, cancellation, TimeSpan.FromMilliseconds(250));
        return audit;
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null) await _nginx.DisposeAsync();
        foreach (var silo in _silos)
        {
            if (silo is not null) await silo.DisposeAsync();
        }
        await Warehouse.DisposeAsync();
        await Postgres.DisposeAsync();
        Http.Dispose();
        Directory.Delete(_data, recursive: true);
    }
}
