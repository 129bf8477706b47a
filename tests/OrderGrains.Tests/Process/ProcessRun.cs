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

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);
    private static readonly string s_requestSecret = StandardWebhooks.SecretFor("requests of a process");
    private static readonly string s_eventSecret = StandardWebhooks.SecretFor("events of a process");

    private readonly TempDirectory directory = new();
    private readonly ConcurrentQueue<string> lines = new();
    private readonly HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly TimeProvider time = TimeProvider.System;
    private Uri address = new("http://127.0.0.1:1");
    private Shop shop = null!;
    private Warehouse warehouse = null!;
    private ProductProcess product = null!;

    public static IReadOnlyList<string> Secrets => [AdminKey, ShopSecret, s_requestSecret, s_eventSecret];

    /// <summary>Everything that both processes wrote.</summary>
    public IReadOnlyCollection<string> Log => lines;

    public string Metrics { get; private set; } = "";

    public (HttpStatusCode Live, HttpStatusCode Ready) Health { get; private set; }

    public int? ExitCode { get; private set; }

    public TimeSpan StopTook { get; private set; }

    /// <summary>Orders acknowledged before SIGTERM that were not done by then.</summary>
    public int UnfinishedAtStop { get; private set; }

    public (int? ExitCode, string Output) Second { get; private set; }

    public Audit Audit { get; private set; } = null!;

    public IReadOnlyList<(ShopOrder Order, OrderView? View)> Orders { get; private set; } = [];

    public IReadOnlyList<WarehouseOrder> Taken => warehouse.Book.Orders;

    public IReadOnlyCollection<string> Complaints => warehouse.Book.Complaints;

    private ProductApi Api => new(() => address, AdminKey, http);

    public async ValueTask InitializeAsync()
    {
        warehouse = new Warehouse(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = s_requestSecret,
                EventSecret = s_eventSecret,
                Stock = Catalogue.Stock(plenty: 10_000, scarce: 10_000),
                ShipAfter = TimeSpan.FromMilliseconds(300),
            },
            () => address, time, http);
        shop = new Shop("acme", ShopSecret, () => address, time, seed: 11, http);
        await warehouse.StartAsync(CancellationToken.None);
        await StartAsync();
        await warehouse.CountAsync().WaitAsync(s_patience, time);

        await PlaceManyAsync(40);
        await QuietAsync();
        await MeasureAsync();
        Second = await ProductProcess.RunAsync(Settings(), directory.Path, s_patience, time);

        await RestartInTheMiddleAsync();
        await QuietAsync();
        Audit = (await Api.FindAuditAsync(CancellationToken.None))!;
        var orders = new List<(ShopOrder, OrderView?)>();
        foreach (var order in shop.Orders)
            orders.Add((order, await Api.FindOrderAsync("acme", order.Id, CancellationToken.None)));
        Orders = orders;
        await product.StopAsync(time);
    }

    public async ValueTask DisposeAsync()
    {
        await product.DisposeAsync();
        await warehouse.DisposeAsync();
        http.Dispose();
        directory.Dispose();
    }

    private async Task StartAsync()
    {
        Directory.CreateDirectory(directory.Path);
        product = await ProductProcess.StartAsync(Settings(), directory.Path, s_patience, http, time, default,
            new ProductLaunch
            {
                Hear = lines.Enqueue,
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    // All that it can be asked to say, short of a debugger's: no line may hold a buyer or a secret.
                    ["Logging__LogLevel__Default"] = "Information",
                    ["Logging__LogLevel__Microsoft.AspNetCore"] = "Information",
                },
            });
        address = product.Address;
    }

    /// <summary>
    /// With what an operator meets on a bad day: a failing warehouse, a forged and a senseless webhook.
    /// </summary>
    private async Task PlaceManyAsync(int count)
    {
        warehouse.Faults.Enqueue(new Fault.Status(503), times: 3);
        var deliveries = Enumerable.Range(0, count).Select(_ => shop.Place()).ToList();
        await Task.WhenAll(deliveries.Select(delivery => shop.SendAsync(delivery, CancellationToken.None)));
        await shop.SendOnceAsync(deliveries[0], CancellationToken.None);
        await shop.SendOnceAsync(Shop.Forge(deliveries[1]), CancellationToken.None);
        var senseless = Encoding.UTF8.GetString(deliveries[2].Body.Span)
            .Replace("\"quantity\":", "\"quantity\":-", StringComparison.Ordinal);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(address, "/webhooks/v1/acme"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(senseless));
        request.Headers.Add("X-Shopify-Topic", "orders/create");
        request.Headers.Add("X-Shopify-Hmac-Sha256", Convert.ToBase64String(System.Security.Cryptography.HMACSHA256
            .HashData(Encoding.UTF8.GetBytes(ShopSecret), Encoding.UTF8.GetBytes(senseless))));
        using var response = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    private async Task MeasureAsync()
    {
        using var live = await http.GetAsync(new Uri(address, "/health/live"));
        using var ready = await http.GetAsync(new Uri(address, "/health/ready"));
        Health = (live.StatusCode, ready.StatusCode);
        // Gauges are read from the database every few seconds: the parked webhook shows that they were.
        await Until.TrueAsync(
            async token => (Metrics = await http.GetStringAsync(new Uri(address, "/metrics"), token))
                .Contains("kind=\"receipt\"} 1", StringComparison.Ordinal),
            s_patience, time, CancellationToken.None);
    }

    private async Task RestartInTheMiddleAsync()
    {
        warehouse.Faults.Rule = _ => new Fault.HangBefore(TimeSpan.FromMilliseconds(500));
        var before = shop.WebhooksAcknowledged;
        var deliveries = Enumerable.Range(0, 60).Select(_ => shop.Place()).ToList();
        var sending = Task.WhenAll(deliveries.Select(delivery => shop.SendAsync(delivery, CancellationToken.None)));
        await Until.TrueAsync(
            _ => Task.FromResult(shop.WebhooksAcknowledged - before >= 20), s_patience, time, CancellationToken.None,
            TimeSpan.FromMilliseconds(1));

        var began = time.GetTimestamp();
        ExitCode = await product.StopAsync(time);
        StopTook = time.GetElapsedTime(began);
        UnfinishedAtStop = shop.WebhooksAcknowledged - warehouse.Book.Orders.Count;
        await product.DisposeAsync();
        warehouse.Faults.Rule = null;
        await StartAsync();
        await sending.WaitAsync(s_patience, time);
    }

    private async Task QuietAsync() => Assert.True(
        await Until.TrueAsync(
            async token => warehouse.Unfinished == 0
                && warehouse.Book.Orders.Count(order => order.Status == WarehouseStatus.Shipped) == shop.Orders.Count()
                && await Api.FindAuditAsync(token) is { IsQuiet: true },
            s_patience, time, CancellationToken.None),
        $"not quiet: {await Api.FindAuditAsync(CancellationToken.None)}");

    private ProductSettings Settings() => new ProductSettings(Path.Combine(directory.Path, "data"), AdminKey)
        .WithShop("acme", ShopSecret, "east")
        .WithWarehouse(warehouse, s_requestSecret, s_eventSecret, TimeSpan.FromSeconds(5), callsPerSecondMax: 200)
        .With("Outbound:DelayMin", "00:00:00.200");
}
