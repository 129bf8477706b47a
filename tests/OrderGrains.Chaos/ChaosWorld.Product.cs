using System.Net;
using Microsoft.Data.Sqlite;
using Npgsql;
using OrderGrains.Chaos.Silos;
using OrderGrains.Chaos.Trade;
using OrderGrains.Sandbox;

namespace OrderGrains.Chaos;

/// <summary>How the product is configured and started, and its database.</summary>
internal sealed partial class ChaosWorld
{
    public const string SiloRole = "silos";

    private const string ShopSecret = "make-believe-client-secret";
    private const string AdminKey = "chaos-admin-key-of-a-throwaway-product";
    private const string DatabaseName = "orders";

    /// <summary>Hung calls must outlast it.</summary>
    private static readonly TimeSpan WarehouseTimeout = TimeSpan.FromSeconds(2);

    /// <summary>How the silos reach the database, but for the port: each has a proxy of its own.</summary>
    private string _connection = "";

    private string DataOf(int silo) => Path.Combine(_data, $"silo{silo}");

    private async Task StartPostgresAsync()
    {
        Postgres = await PostgresServer.StartAsync(diskBytes: DiskBytes);
        // Not as a superuser: some connections are kept for those when all others are taken.
        _connection = await Postgres.CreateOwnedDatabaseAsync(DatabaseName, SiloRole);
        var judges = new NpgsqlConnectionStringBuilder(Postgres.ConnectionTo(DatabaseName))
        {
            ApplicationName = "judge",
            Pooling = false,
            Timeout = 5,
        }.ConnectionString;
        Database = new JudgeDatabase(() => new NpgsqlConnection(judges));
    }

    private async Task OpenSqliteAsync()
    {
        _disk = await BoundedDisk.MountAsync(DataOf(0), DiskBytes);
        var judges = new SqliteConnectionStringBuilder
        {
            DataSource = SqliteFile,
            Mode = SqliteOpenMode.ReadOnly,
            Pooling = false,
        }.ConnectionString;
        Database = new JudgeDatabase(() => new SqliteConnection(judges));
    }

    private ProductProcess Launch(SiloPlace place, SiloStart start)
    {
        Directory.CreateDirectory(DataOf(place.At));
        var environment = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["ASPNETCORE_URLS"] = $"http://{place.Http}",
            ["Logging__LogLevel__Default"] = "Warning",
            ["Logging__LogLevel__OrderGrains"] = "Warning",
            ["Logging__Console__FormatterName"] = "simple",
            ["Logging__Console__FormatterOptions__SingleLine"] = "true",
            ["Logging__Console__FormatterOptions__UseUtcTimestamp"] = "true",
            ["Logging__Console__FormatterOptions__TimestampFormat"] = "HH:mm:ss.fff ",
        };
        if (Options.Planted is { } planted) environment["ORDERGRAINS_PLANTED"] = planted;
        foreach (var (name, value) in WrongClock.Environment(start.Clock)) environment[name] = value;
        var settings = Settle(place, place.Listening[(int)start.Clock]);
        return ProductProcess.Launch(settings, DataOf(place.At), new ProductLaunch
        {
            Product = Options.Product,
            Environment = environment,
            Hear = start.Hear,
        });
    }

    private ProductSettings Settle(SiloPlace place, IPEndPoint listening)
    {
        var settings = WithWayBack(new ProductSettings(DataOf(place.At), AdminKey)
            .WithShop(Shop.Source, ShopSecret, "east", "west"))
            // Short, so that a run sees many attempts.
            .With("Outbound:DelayMin", "00:00:00.200").With("Outbound:DelayMax", "00:00:05");
        foreach (var (warehouse, proxy) in Warehouses.Zip(Links.WarehouseProxies))
        {
            var name = warehouse.Name;
            settings.WithWarehouse(warehouse, Premises.RequestSecret(name), Premises.EventSecret(name),
                    WarehouseTimeout, callsPerSecondMax: 200)
                .With($"Warehouses:{name}:BaseUrl", proxy.Address.ToString().TrimEnd('/'));
        }

        if (!Options.OnPostgres) return settings;
        var connection = new NpgsqlConnectionStringBuilder(_connection)
        {
            Port = Links.DatabaseProxies[place.At].Port,
        }.ConnectionString;
        return settings.With("Storage:Kind", "Postgres").With("Storage:ConnectionString", connection)
            .With("Cluster:ClusterId", Options.IsSplit ? $"split{place.At}" : "chaos")
            .With("Cluster:AdvertisedAddress", "127.0.0.1")
            .With("Cluster:ListenAddress", $"{listening.Address}")
            .With("Cluster:SiloPort", $"{listening.Port}").With("Cluster:GatewayPort", $"{place.GatewayPort}");
    }
}
