using System.Net.Http.Json;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Peers;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;

namespace OrderGrains.Bench.Subjects;

/// <summary>
/// A subject's processes, and what the bench asks them. Product and peers look the same from outside.
/// </summary>
internal sealed class RunningSubject : IAsyncDisposable
{
    private const string AdminKey = "bench-admin-key-of-a-throwaway-product";
    private const int SeedsAtOnceMax = 16;
    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly List<IAsyncDisposable> _processes = [];
    private readonly HttpClient _http;

    private RunningSubject(HttpClient http) => _http = http;

    /// <summary>Where webhooks go.</summary>
    public List<Uri> Addresses { get; } = [];

    public List<int> ProcessIds { get; } = [];

    private ProductApi Api => new(() => Addresses[0], AdminKey, _http);

    /// <param name="subject">What to start.</param>
    /// <param name="database">Its database, empty or as an earlier start left it.</param>
    /// <param name="directory">For a product's files.</param>
    /// <param name="warehouse">Where the orders go.</param>
    /// <param name="hold">Take webhooks and apply none, or next to none: to fill a backlog.</param>
    /// <param name="http">Left to the caller to dispose.</param>
    /// <param name="cancellation">Gives up.</param>
    public static async Task<RunningSubject> StartAsync(
        Subject subject, string database, string directory, Uri warehouse, bool hold, HttpClient http,
        CancellationToken cancellation)
    {
        var running = new RunningSubject(http);
        try
        {
            foreach (var role in subject.Roles)
            {
                if (subject.IsProduct)
                    await running.StartProductAsync(subject, database, directory, warehouse, hold, role, cancellation);
                else
                    await running.StartPeerAsync(subject.Name, database, warehouse, hold, cancellation);
            }
            return running;
        }
        catch
        {
            await running.DisposeAsync();
            throw;
        }
    }

    /// <summary>Counts each SKU to so many units.</summary>
    public Task SeedAsync(IEnumerable<string> skus, int units, CancellationToken cancellation) =>
        Parallel.ForEachAsync(
            skus, new ParallelOptions { MaxDegreeOfParallelism = SeedsAtOnceMax, CancellationToken = cancellation },
            async (sku, token) =>
            {
                var path = new Uri(Addresses[0], $"/api/v1/stock/{PeerRole.Location}/{sku}");
                using var request = new HttpRequestMessage(HttpMethod.Put, path);
                request.Headers.Authorization = new("Bearer", AdminKey);
                request.Content = JsonContent.Create(new { onHand = units });
                await request.Content.LoadIntoBufferAsync(token);
                using var response = await _http.SendAsync(request, token);
                response.EnsureSuccessStatusCode();
            });

    public Task<StockView?> FindStockAsync(string sku, CancellationToken cancellation) =>
        Api.FindStockAsync(PeerRole.Location, sku, cancellation);

    /// <summary>The product's own audit; null of a peer.</summary>
    public Task<Audit?> FindAuditAsync(CancellationToken cancellation) => Api.FindAuditAsync(cancellation);

    /// <summary>How long the product takes to answer a page or a call whole.</summary>
    public async Task<TimeSpan> TimeAsync(string path, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Addresses[0], path));
        request.Headers.Authorization = new("Bearer", AdminKey);
        var began = TimeProvider.System.GetTimestamp();
        using var response = await _http.SendAsync(request, cancellation);
        response.EnsureSuccessStatusCode();
        return TimeProvider.System.GetElapsedTime(began);
    }

    public Task<string> MetricsAsync(CancellationToken cancellation) =>
        _http.GetStringAsync(new Uri(Addresses[0], "/metrics"), cancellation);

    /// <summary>The product is asked to stop, and does; a peer is killed.</summary>
    public async Task StopAsync()
    {
        foreach (var product in _processes.OfType<ProductProcess>()) await product.StopAsync(TimeProvider.System);
        await DisposeAsync();
    }

    /// <summary>SIGKILL: nothing is finished or flushed.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes) await process.DisposeAsync();
        _processes.Clear();
    }

    private async Task StartProductAsync(
        Subject subject, string database, string directory, Uri warehouse, bool hold, string role,
        CancellationToken cancellation)
    {
        var settings = new ProductSettings(Path.Combine(directory, $"process-{_processes.Count}"), AdminKey)
            .With("Cluster:Role", role)
            .With("Storage:Kind", "Postgres").With("Storage:ConnectionString", database)
            .WithShop(OrderTemplate.Source, OrderTemplate.Secret, PeerRole.Location)
            .With("Warehouses:east-wms:Kind", "Http")
            .With("Warehouses:east-wms:BaseUrl", warehouse.ToString().TrimEnd('/'))
            .With("Warehouses:east-wms:Locations:0", PeerRole.Location)
            .With("Warehouses:east-wms:CallsAtOnceMax", $"{WarehouseCalls.AtOnceMax}")
            .With("Warehouses:east-wms:CallsPerSecondMax", "10000");
        foreach (var (name, value) in subject.Settings) settings.With(name, value);
        if (hold)
        {
            foreach (var (name, value) in Subject.Front.Settings) settings.With(name, value);
        }
        // No peer writes a line for each order.
        var launch = new ProductLaunch
        {
            Environment = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["Logging__LogLevel__OrderGrains"] = "Warning",
            },
        };
        var product = await ProductProcess.StartAsync(
            settings, directory, StartMax, _http, TimeProvider.System, cancellation, launch);
        _processes.Add(product);
        if (role != Subject.SiloRole) Addresses.Add(product.Address);
        ProcessIds.Add(product.ProcessId);
    }

    private async Task StartPeerAsync(
        string name, string database, Uri warehouse, bool hold, CancellationToken cancellation)
    {
        string[] arguments = [PeerRole.RoleName, name, database, warehouse.ToString(), hold ? "hold" : "work"];
        var peer = await RoleProcess.StartAsync(arguments, asWebServer: true, cancellation);
        _processes.Add(peer);
        Addresses.Add(peer.Address);
        ProcessIds.Add(peer.ProcessId);
    }
}
