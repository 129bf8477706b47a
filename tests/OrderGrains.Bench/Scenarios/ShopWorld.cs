using OrderGrains.Bench.Subjects;
using OrderGrains.Chaos;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Sandbox.Warehouses;
using Shelf = OrderGrains.Sandbox.Warehouses.Warehouse;

namespace OrderGrains.Bench.Scenarios;

/// <summary>
/// One warehouse and shops with a way back, around one process of the product on a database of its own.
/// </summary>
internal sealed class ShopWorld : IAsyncDisposable
{
    public const string Secret = "make-believe-client-secret";

    private const string AdminKey = "bench-admin-key-of-a-throwaway-product";

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);

    private readonly Run _run;
    private readonly Database _database;
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("ordergrains-bench-");
    private readonly List<ShopifyAdminServer> _shops = [];
    private ProductProcess? _product;

    private ShopWorld(Run run, Database database, IReadOnlyDictionary<string, int> stock)
    {
        (_run, _database) = (run, database);
        Warehouse = new Shelf(
            new WarehouseOptions
            {
                Name = "east-wms",
                Location = "east",
                RequestSecret = StandardWebhooks.SecretFor("requests"),
                EventSecret = StandardWebhooks.SecretFor("events"),
                Stock = stock,
            },
            () => Address, run.Time, Http);
        Settings = new ProductSettings(_directory.FullName, AdminKey)
            .With("Storage:Kind", "Postgres").With("Storage:ConnectionString", database.ConnectionString);
    }

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public Shelf Warehouse { get; }

    public ProductSettings Settings { get; }

    public Uri Address => _product!.Address;

    public static async Task<ShopWorld> CreateAsync(Run run, IReadOnlyDictionary<string, int> stock)
    {
        var world = new ShopWorld(run, await Database.CreateAsync(run.Server, run.Scenario.Name), stock);
        await world.Warehouse.StartAsync(run.Cancellation);
        world.Settings.WithWarehouse(
            world.Warehouse, StandardWebhooks.SecretFor("requests"), StandardWebhooks.SecretFor("events"),
            TimeSpan.FromSeconds(5), callsPerSecondMax: 1000);
        return world;
    }

    /// <summary>A Shopify shop that sells what the warehouse has, and has none of it yet.</summary>
    public async Task<(ShopifyAdminServer Admin, long Place)> AddShopAsync(string name)
    {
        var admin = new ShopifyAdminServer(new ShopifyAdminOptions(), _run.Time);
        _shops.Add(admin);
        await admin.StartAsync(_run.Cancellation);
        var place = admin.Shop.AddLocation();
        foreach (var sku in Warehouse.Book.OnHand.Keys) admin.Shop.AddItem(sku, place, 0);
        Settings.WithShop(name, Secret, "east").WithWayBack(name, admin, place, "east");
        return (admin, place);
    }

    /// <summary>The product starts, and the warehouse counts what it has.</summary>
    public async Task StartAsync()
    {
        _product = await ProductProcess.StartAsync(
            Settings, _directory.FullName, StartMax, Http, _run.Time, _run.Cancellation, new ProductLaunch
            {
                Environment = new Dictionary<string, string>(StringComparer.Ordinal)
                {
                    ["Logging__LogLevel__OrderGrains"] = "Warning",
                },
            });
        await Warehouse.CountAsync();
    }

    /// <summary>What a shop finds wrong with our calls makes the run's figures void.</summary>
    public void Judge() => _run.Judge(_shops.SelectMany(shop => shop.Complaints));

    public async ValueTask DisposeAsync()
    {
        if (_product is not null) await _product.DisposeAsync();
        await Warehouse.DisposeAsync();
        foreach (var shop in _shops) await shop.DisposeAsync();
        Http.Dispose();
        await _database.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
