using System.Collections.Concurrent;
using System.Net;
using System.Text;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Process;

/// <summary>
/// One life of the real process: it starts, takes orders to their shipment, is measured, is stopped by SIGTERM in the
/// middle of more orders, starts again on the same directory and finishes them. Tests look at what was seen.
/// </summary>
public sealed class ProcessRun : IAsyncLifetime
{
    public const string AdminKey = "an-admin-key-of-a-process";
    public const string ShopSecret = "the-shop-secret-of-a-process";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);
    private static readonly string RequestSecret = StandardWebhooks.SecretFor("requests of a process");
    private static readonly string EventSecret = StandardWebhooks.SecretFor("events of a process");

    private readonly TempDirectory _directory = new();
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TimeProvider _time = TimeProvider.System;
    private Uri _address = new("http://127.0.0.1:1");
    private Shop _shop = null!;
    private Warehouse _warehouse = null!;
    private ProductProcess _product = null!;

    public static IReadOnlyList<string> Secrets => [AdminKey, ShopSecret, RequestSecret, EventSecret];

    /// <summary>Everything that both processes wrote.</summary>
    public IReadOnlyCollection<string> Log => _lines;

    public string Metrics { get; private set; } = "";

    public (HttpStatusCode Live, HttpStatusCode Ready) Health { get; private set; }

    public int? ExitCode { get; private set; }

    public TimeSpan StopTook { get; private set; }

    /// <summary>Orders acknowledged before SIGTERM that were not done by then.</summary>
    public int UnfinishedAtStop { get; private set; }

    public (int? ExitCode, string Output) Second { get; private set; }

    public Audit Audit { get; private set; } = null!;

    public IReadOnlyList<(ShopOrder Order, OrderView? View)> Orders { get; private set; } = [];

    public IReadOnlyList<WarehouseOrder> Taken => _warehouse.Book.Orders;

    public IReadOnlyCollection<string> Complaints => _warehouse.Book.Complaints;

    private ProductApi Api => new(() => _address, AdminKey, _http);

    public async ValueTask InitializeAsync()
    {
        _warehouse = new Warehouse(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = RequestSecret,
                EventSecret = EventSecret,
                Stock = Catalogue.Stock(plenty: 10_000, scarce: 10_000),
                ShipAfter = TimeSpan.FromMilliseconds(300),
            },
            () => _address, _time, _http);
        _shop = new Shop("acme", ShopSecret, () => _address, _time, seed: 11, _http);
        await _warehouse.StartAsync(CancellationToken.None);
        await StartAsync();
        await _warehouse.CountAsync().WaitAsync(Patience, _time);

        await PlaceManyAsync(40);
        await QuietAsync();
        await MeasureAsync();
        Second = await ProductProcess.RunAsync(Settings(), _directory.Path, Patience, _time);

        await RestartInTheMiddleAsync();
        await QuietAsync();
        Audit = (await Api.FindAuditAsync(CancellationToken.None))!;
        var orders = new List<(ShopOrder, OrderView?)>();
        foreach (var order in _shop.Orders)
            orders.Add((order, await Api.FindOrderAsync("acme", order.Id, CancellationToken.None)));
        Orders = orders;
        await _product.StopAsync(_time);
    }

    public async ValueTask DisposeAsync()
    {
        await _product.DisposeAsync();
        await _warehouse.DisposeAsync();
        _http.Dispose();
        _directory.Dispose();
    }

    private async Task StartAsync()
    {
        Directory.CreateDirectory(_directory.Path);
        _product = await ProductProcess.StartAsync(Settings(), _directory.Path, Patience, _http, _time, default,
            new ProductLaunch
            {
                Hear = _lines.Enqueue,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // All that it can be asked to say, short of a debugger's: no line may hold a buyer or a secret.
                    ["Logging__LogLevel__Default"] = "Information",
                    ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
                },
            });
        _address = _product.Address;
    }

    /// <summary>
    /// With what an operator meets on a bad day: a failing warehouse, a forged and a senseless webhook.
    /// </summary>
    private async Task PlaceManyAsync(int count)
    {
        _warehouse.Faults.Enqueue(new Fault.Status(503), times: 3);
        var deliveries = Enumerable.Range(0, count).Select(_ => _shop.Place()).ToList();
        await Task.WhenAll(deliveries.Select(delivery => _shop.SendAsync(delivery, CancellationToken.None)));
        await _shop.SendOnceAsync(deliveries[0], CancellationToken.None);
        await _shop.SendOnceAsync(Shop.Forge(deliveries[1]), CancellationToken.None);
        var senseless = Encoding.UTF8.GetString(deliveries[2].Body.Span)
            .Replace("\"quantity\":", "\"quantity\":-", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address, "/webhooks/v1/acme"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(senseless));
        request.Headers.Add("X-Shopify-Topic", "orders/create");
        request.Headers.Add("X-Shopify-Hmac-Sha256", Convert.ToBase64String(System.Security.Cryptography.HMACSHA256
            .HashData(Encoding.UTF8.GetBytes(ShopSecret), Encoding.UTF8.GetBytes(senseless))));
        using var response = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task MeasureAsync()
    {
        using var live = await _http.GetAsync(new Uri(_address, "/health/live"));
        using var ready = await _http.GetAsync(new Uri(_address, "/health/ready"));
        Health = (live.StatusCode, ready.StatusCode);
        // Gauges are read from the database every few seconds: the parked webhook shows that they were.
        await Until.TrueAsync(
            async token => (Metrics = await _http.GetStringAsync(new Uri(_address, "/metrics"), token))
                .Contains("kind=\"receipt\"} 1", StringComparison.Ordinal),
            Patience, _time, CancellationToken.None);
    }

    private async Task RestartInTheMiddleAsync()
    {
        _warehouse.Faults.Rule = _ => new Fault.HangBefore(TimeSpan.FromMilliseconds(500));
        var before = _shop.WebhooksAcknowledged;
        var deliveries = Enumerable.Range(0, 60).Select(_ => _shop.Place()).ToList();
        var sending = Task.WhenAll(deliveries.Select(delivery => _shop.SendAsync(delivery, CancellationToken.None)));
        await Until.TrueAsync(
            _ => Task.FromResult(_shop.WebhooksAcknowledged - before >= 20), Patience, _time, CancellationToken.None,
            TimeSpan.FromMilliseconds(1));

        var began = _time.GetTimestamp();
        ExitCode = await _product.StopAsync(_time);
        StopTook = _time.GetElapsedTime(began);
        UnfinishedAtStop = _shop.WebhooksAcknowledged - _warehouse.Book.Orders.Count;
        await _product.DisposeAsync();
        _warehouse.Faults.Rule = null;
        await StartAsync();
        await sending.WaitAsync(Patience, _time);
    }

    private async Task QuietAsync() => Assert.True(
        await Until.TrueAsync(
            async token => _warehouse.Unfinished == 0
                && _warehouse.Book.Orders.Count(order => order.Status == WarehouseStatus.Shipped)
                    == _shop.Orders.Count()
                && await Api.FindAuditAsync(token) is { IsQuiet: true },
            Patience, _time, CancellationToken.None),
        $"not quiet: {await Api.FindAuditAsync(CancellationToken.None)}");

    private ProductSettings Settings() => new ProductSettings(Path.Combine(_directory.Path, "data"), AdminKey)
        .WithShop("acme", ShopSecret, "east")
        .WithWarehouse(_warehouse, RequestSecret, EventSecret, TimeSpan.FromSeconds(5), callsPerSecondMax: 200)
        .With("Outbound:DelayMin", "00:00:00.200");
}
