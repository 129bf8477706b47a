using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Storage.Postgres;
using OrderGrains.Tests.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Cluster;

/// <summary>The product several times over on one PostgreSQL: in this process, or as one that can be killed.</summary>
internal sealed class ClusterWorld : IAsyncDisposable
{
    public const string AdminKey = "an-admin-key-of-a-cluster";
    private const string ShopSecret = "the-shop-secret-of-a-cluster";
    private readonly SharedPostgres _server;
    private readonly string _database;
    private readonly TempDirectory _directory = new();
    private readonly List<IAsyncDisposable> _running = [];
    private int _orders;

    private ClusterWorld(SharedPostgres server, string database) => (_server, _database) = (server, database);

    public HttpClient Http { get; } = new(new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false });

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ClusterWorld> OpenAsync(SharedPostgres server)
    {
        var world = new ClusterWorld(server, await server.CreateDatabaseAsync());
        Directory.CreateDirectory(world._directory.Path);
        return world;
    }

    /// <param name="role">Its part.</param>
    /// <param name="more">Settings as arguments.</param>
    /// <param name="log">Where it logs; null: nowhere.</param>
    public async Task<WebApplication> StartAsync(
        ClusterRole role, string[]? more = null, ILoggerProvider? log = null)
    {
        var app = OrderGrainsApp.Create(
            ["--urls=http://127.0.0.1:0", .. Settings(role).ToArguments(), .. more ?? []],
            builder =>
            {
                builder.Logging.ClearProviders();
                if (log is not null)
                    builder.Logging.AddProvider(log);
            });
        _running.Add(app);
        await app.StartAsync(Cancelled);
        return app;
    }

    public async Task<ProductProcess> StartProcessAsync(ClusterRole role)
    {
        var process = await ProductProcess.StartAsync(
            Settings(role), _directory.Path, RunningProduct.Patience, Http, TimeProvider.System, Cancelled);
        _running.Add(process);
        return process;
    }

    public async Task<HttpStatusCode> StatusAsync(WebApplication app, string path)
    {
        using var answer = await Http.GetAsync(new Uri(AddressOf(app), path), Cancelled);
        return answer.StatusCode;
    }

    /// <summary>A new order, through a proxy, from a network that may send.</summary>
    public async Task<(HttpStatusCode Status, string? Receipt)> PostOrderAsync(WebApplication app)
    {
        var body = Encoding.UTF8.GetBytes($$"""
            { "id": {{Interlocked.Increment(ref _orders)}}, "name": "#1", "financial_status": "paid",
              "created_at": "2026-03-01T12:00:00Z", "updated_at": "2026-03-01T12:00:00Z",
              "line_items": [{ "id": 1, "sku": "MUG", "quantity": 1, "current_quantity": 1,
                "fulfillable_quantity": 1, "requires_shipping": true }] }
            """);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(AddressOf(app), "/webhooks/v1/acme"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("X-Forwarded-For", "203.0.113.7");
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("X-Shopify-Topic", "orders/create");
        request.Headers.Add("X-Shopify-Hmac-Sha256",
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(ShopSecret), body)));
        using var answer = await Http.SendAsync(request, Cancelled);
        return answer.StatusCode != HttpStatusCode.OK
            ? (answer.StatusCode, null)
            : (answer.StatusCode, (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled))
                .GetProperty("receipt").GetString());
    }

    public async Task<string?> OutcomeAsync(WebApplication app, string receipt)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get, new Uri(AddressOf(app), $"/api/v1/receipts/{receipt}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AdminKey);
        using var answer = await Http.SendAsync(request, Cancelled);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>(Cancelled)).GetProperty("outcome").GetString();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var product in _running.AsEnumerable().Reverse())
        {
            if (product is WebApplication app)
                await app.StopAsync(CancellationToken.None);
            await product.DisposeAsync();
        }

        Http.Dispose();
        _directory.Dispose();
        await _server.DropDatabaseAsync(_database);
    }

    private static Uri AddressOf(WebApplication app) => new(app.Urls.First());

    private ProductSettings Settings(ClusterRole role) => new ProductSettings(_directory.Path, AdminKey)
        .With("Storage:Kind", "Postgres").With("Storage:ConnectionString", _database)
        .With("Cluster:Role", $"{role}")
        .With("Ingress:TrustedProxies:0", "127.0.0.0/8")
        .WithShop("acme", ShopSecret, "east").With("Sources:acme:AllowedNetworks:0", "203.0.113.0/24")
        .With("Warehouses:east-wms:Kind", "Http").With("Warehouses:east-wms:BaseUrl", "http://127.0.0.1:1")
        .With("Warehouses:east-wms:Locations:0", "east");
}
