using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// All that stands around the product and outlives it: the shop, the two warehouses, and the times when things were
/// broken on purpose.
/// </summary>
internal sealed class World : IAsyncDisposable
{
    private const string ShopSecret = "make-believe-client-secret";
    private const string AdminKey = "chaos-admin-key-of-a-throwaway-product";

    /// <summary>Hung calls must outlast it.</summary>
    private static readonly TimeSpan WarehouseTimeout = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly List<(DateTimeOffset From, DateTimeOffset To)> _disturbances = [];
    private volatile Uri _product = new("http://127.0.0.1:1");

    public World(ChaosOptions options, string dataDirectory, TimeProvider time)
    {
        Time = time;
        Http = new HttpClient(new SocketsHttpHandler { UseProxy = false });
        Api = new ProductApi(() => _product, AdminKey, Http);
        Shop = new Shop("acme", ShopSecret, () => _product, time, options.Seed, Http) { ScarcePerMille = 30 };
        // East runs short of some things, so that orders move west or split; the scarce thing is short at both.
        East = Open("east", Catalogue.Stock(plenty: Math.Max(20, options.Orders * 3 / 10), scarce: 2));
        West = Open("west", Catalogue.Stock(plenty: options.Orders + 50, scarce: 2));
        var settings = new ProductSettings(dataDirectory, AdminKey).WithShop(Shop.Source, ShopSecret, "east", "west");
        Settle = () =>
        {
            foreach (var warehouse in Warehouses)
            {
                settings.WithWarehouse(warehouse, RequestSecret(warehouse.Name), EventSecret(warehouse.Name),
                    WarehouseTimeout, callsPerSecondMax: 500);
            }
            foreach (var (name, value) in options.Settings) settings.With(name, value);
            return settings;
        };
    }

    public TimeProvider Time { get; }

    public HttpClient Http { get; }

    public ProductApi Api { get; }

    public Shop Shop { get; }

    public Warehouse East { get; }

    public Warehouse West { get; }

    public IReadOnlyList<Warehouse> Warehouses => [East, West];

    /// <summary>The product's configuration; ask once the warehouses listen.</summary>
    public Func<ProductSettings> Settle { get; }

    /// <summary>Where the product is now; after its death the senders meet a closed door there.</summary>
    public Uri Product { set => _product = value; }

    public bool IsSilent => Warehouses.All(warehouse => warehouse.Unfinished == 0);

    public async Task StartAsync(CancellationToken cancellation)
    {
        foreach (var warehouse in Warehouses) await warehouse.StartAsync(cancellation);
    }

    public void NoteDisturbance(DateTimeOffset from, DateTimeOffset to)
    {
        lock (_lock) _disturbances.Add((from, to));
    }

    /// <summary>
    /// Whether something was broken on purpose between the two, or so shortly before that it may still show.
    /// </summary>
    public bool WasDisturbed(DateTimeOffset from, DateTimeOffset to, TimeSpan aftermath)
    {
        lock (_lock) return _disturbances.Any(each => each.From <= to && each.To + aftermath >= from);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var warehouse in Warehouses) await warehouse.DisposeAsync();
        Http.Dispose();
    }

    private Warehouse Open(string location, IReadOnlyDictionary<string, int> stock)
    {
        var name = $"{location}-wms";
        var options = new WarehouseOptions
        {
            Name = name,
            Location = location,
            RequestSecret = RequestSecret(name),
            EventSecret = EventSecret(name),
            Stock = stock,
            // Long enough that a prompt cancel comes in time.
            ShipAfter = TimeSpan.FromSeconds(3),
            TwoParcelsPercent = 20,
            EventsTwicePercent = 10,
        };
        return new Warehouse(options, () => _product, Time, Http);
    }

    private static string RequestSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} requests");

    private static string EventSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} events");
}
