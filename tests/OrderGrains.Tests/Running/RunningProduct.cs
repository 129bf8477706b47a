using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderGrains.Ingress;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Storage;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>
/// The whole product in this process: a database of
/// its own, a free loopback port, and around it a shop and a
/// warehouse. Its end waits for silence and holds the books to
/// account, so that every test in it is a test of the audit.
/// </summary>
public sealed class RunningProduct : IAsyncLifetime
{
    public const string AdminKey = "an-admin-key-of-a-test";
    public const string ViewerKey = "a-viewer-key-of-a-test";
    public const string ShopSecret = "the-live-secret-of-a-test";
    public const string PreviousSecret = "the-previous-secret-of-a-test";

    /// <summary>How SKUs begin whose orders the warehouse leaves alone: a test tells what becomes of them.</summary>
    public const string LeftAlone = "BY-HAND-";

    /// <summary>For a busy machine; a condition that holds ends the wait at once.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly string[] Storefronts =
        ["acme", "digits", "twice", "odd", "refusals", "full", "away", "slow"];
    private TestDatabase _database = null!;
    private IReadOnlyList<(string Name, string Value)> _settings = [];
    private WebApplication _app = null!;

    /// <summary>Begins no trace of its own where the product's are on.</summary>
    public HttpClient Http { get; } =
        new(new SocketsHttpHandler { UseProxy = false, ActivityHeadersPropagator = null });

    public Uri Address { get; private set; } = new("http://127.0.0.1:1");

    public Warehouse Warehouse { get; private set; } = null!;

    public static string EventSecret { get; } = StandardWebhooks.SecretFor("events of a test");

    internal static string RequestSecret { get; } = StandardWebhooks.SecretFor("requests of a test");

    /// <summary>Where all that it logs goes, at every level; null: nowhere.</summary>
    internal ILoggerProvider? Log { get; set; }

    internal TestDatabase Database => _database;

    /// <summary>Once the product has ended, and before its database goes.</summary>
    internal Func<Task>? AtEnd { get; set; }

    internal IServiceProvider Services => _app.Services;

    internal IInbox Inbox => _app.Services.GetRequiredService<IInbox>();

    /// <summary>A product of a test's own, with more settings.</summary>
    public static RunningProduct With(params IReadOnlyList<(string Name, string Value)> settings) =>
        With(collector: null, settings);

    /// <inheritdoc cref="With(IReadOnlyList{ValueTuple{string, string}})"/>
    public static RunningProduct With(
        string? collector, params IReadOnlyList<(string Name, string Value)> settings) =>
        new() { _settings = settings, Collector = collector };

    /// <summary>Where a collector of traces is said to be; null: nowhere.</summary>
    public string? Collector { get; init; }

    public async ValueTask InitializeAsync()
    {
        _database = await TestDatabase.CreateAsync();
        var stock = Catalogue.Stock(plenty: 1000, scarce: 1000).ToDictionary(StringComparer.Ordinal);
        foreach (var sku in (string[])["IPOD2008GREEN", "IPOD2008RED", "IPOD2008BLACK", "IPOD2008PINK", "MÜS-L"])
            stock[sku] = 100;
        Warehouse = new Warehouse(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = RequestSecret,
                EventSecret = EventSecret,
                Stock = stock,
                ShipAfter = TimeSpan.FromMilliseconds(200),
                LeftAlone = LeftAlone,
            },
            () => Address, TimeProvider.System, Http);
        await Warehouse.StartAsync(CancellationToken.None);
        _app = OrderGrainsApp.Create(["--urls=http://127.0.0.1:0", .. Settings().ToArguments()], builder =>
        {
            builder.Logging.ClearProviders();
            if (Log is { } log)
                builder.Logging.AddProvider(log).SetMinimumLevel(LogLevel.Trace).AddFilter(null, LogLevel.Trace);
            builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = Collector;
            builder.Host.ConfigureContainer<IServiceCollection>(
                (_, services) => services.StandBefore<IInbox>(own => new ReluctantInbox(own)));
        });
        await _app.StartAsync();
        Address = new Uri(_app.Urls.First());
        _app.Services.GetRequiredService<IngressOptions>().PublicUrl = Address;
        await EventuallyAsync(token => new ProductApi(() => Address, AdminKey, Http).IsReadyAsync(token));
        await Warehouse.CountAsync().WaitAsync(Patience, TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        var api = new ProductApi(() => Address, AdminKey, Http);
        Audit? audit = null;
        var quiet = await Until.TrueAsync(
            async token => Warehouse.Unfinished == 0 && (audit = await api.FindAuditAsync(token)) is { IsQuiet: true },
            Patience, TimeProvider.System, CancellationToken.None);
        await _app.StopAsync();
        await _app.DisposeAsync();
        await Warehouse.DisposeAsync();
        Http.Dispose();
        if (AtEnd is { } look)
            await look();
        await _database.DisposeAsync();
        Assert.True(quiet, $"not quiet at the end: {audit}");
        Assert.True(audit!.Balanced, $"not balanced at the end: {audit}");
        Assert.Empty(Warehouse.Book.Complaints);
    }

    public Shop OpenShop(string source, int seed) =>
        new(source, ShopSecret, () => Address, TimeProvider.System, seed, Http);

    /// <summary>Asks the operator API, as the admin if nothing else is said; null when it answers 404.</summary>
    public async Task<JsonElement?> FindAsync(string path, CancellationToken cancellation, string key = AdminKey)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await Http.SendAsync(request, cancellation);
        if (response.StatusCode == System.Net.HttpStatusCode.NotFound)
            return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<JsonElement>(cancellation);
    }

    public async Task<JsonElement> GetAsync(string path, CancellationToken cancellation) =>
        await FindAsync(path, cancellation) ?? throw new InvalidOperationException($"{path} answers 404");

    /// <summary>The answer to <paramref name="path"/> once it is as wanted.</summary>
    public async Task<JsonElement> GetWhenAsync(
        string path, Func<JsonElement, bool> wanted, string key = AdminKey)
    {
        JsonElement? last = null;
        await EventuallyAsync(
            async token => (last = await FindAsync(path, token, key)) is { } found && wanted(found),
            () => $"{path} stays {last}");
        return last!.Value;
    }

    /// <summary>
    /// How the receipt of this 200 ended. A viewer asks, who is not given the body: a count of 50,000 SKUs is 1.6 MB.
    /// </summary>
    public Task<JsonElement> SettledAsync(string receipt) => GetWhenAsync(
        $"/api/v1/receipts/{receipt}", row => row.GetProperty("outcome").GetString() != "pending", ViewerKey);

    public static async Task EventuallyAsync(
        Func<CancellationToken, Task<bool>> condition, Func<string>? complaint = null)
    {
        var held = await Until.TrueAsync(
            condition, Patience, TimeProvider.System, TestContext.Current.CancellationToken,
            TimeSpan.FromMilliseconds(50));
        Assert.True(held, complaint?.Invoke() ?? "it did not come true in time");
    }

    private ProductSettings Settings()
    {
        var all = new ProductSettings(_database.Directory, AdminKey)
            .With("Api:Keys:1:Name", "reader").With("Api:Keys:1:Role", "Viewer").With("Api:Keys:1:Secret", ViewerKey)
            .WithShop("guarded", ShopSecret, "east").With("Sources:guarded:AllowedNetworks:0", "203.0.113.0/24")
            .WithWarehouse(Warehouse, RequestSecret, EventSecret, TimeSpan.FromSeconds(10), callsPerSecondMax: 1000);
        all.WithShop("since", ShopSecret, "east").With("Sources:since:OrdersSince", "2099-01-01T00:00:00Z")
            .With("Sources:since:HandedOver", "Ignore").With("Sources:since:Services:0", "third-party");
        foreach (var source in Storefronts)
            all.WithShop(source, ShopSecret, "east").With($"Sources:{source}:Secrets:1", PreviousSecret);
        foreach (var (name, value) in _database.Settings.Concat(_settings))
            all.With(name, value);
        return all;
    }
}
