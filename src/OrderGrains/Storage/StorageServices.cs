using Microsoft.Extensions.DependencyInjection.Extensions;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Storage.Postgres;
using OrderGrains.Storage.Sqlite;
using OrderGrains.Vocabulary;
using Orleans.Storage;

namespace OrderGrains.Storage;

/// <summary>Puts a database behind the ports and behind Orleans.</summary>
public static class StorageServices
{
    /// <summary>Loads Microsoft.Data.Sqlite: Orleans knows SQLite by the name of an older library.</summary>
    private const string SqliteInvariant = "System.Data.SQLite";

    /// <summary>
    /// The ports on SQLite in <paramref name="dataDirectory"/>. The files are opened, locked and migrated before any
    /// hosted service starts; a directory that another process holds ends the start.
    /// </summary>
    public static IServiceCollection AddSqliteStorage(
        this IServiceCollection services, string dataDirectory, StorageOptions? options = null)
    {
        services.AddSingleton(options ?? new StorageOptions());
        services.AddSingleton(_ => SqliteDatabase.Open(dataDirectory));
        return services.AddSqlitePorts();
    }

    /// <summary>The ports on a database that is open already and outlives the host: a test's silos share it.</summary>
    internal static IServiceCollection AddSqliteStorage(this IServiceCollection services, SqliteDatabase database)
    {
        services.AddSingleton(database);
        services.AddSingleton(new StorageOptions());
        return services.AddSqlitePorts();
    }

    /// <summary>
    /// The ports on PostgreSQL. The database is migrated before any hosted service starts, by one of the processes that
    /// start at the same time.
    /// </summary>
    public static IServiceCollection AddPostgresStorage(this IServiceCollection services, StorageOptions options)
    {
        var connectionString = options.ConnectionString
            ?? throw new ArgumentException("PostgreSQL needs a connection string.", nameof(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(options);
        services.AddSingleton(_ => new PostgresDatabase(connectionString));
        services.AddSingleton<PostgresPartitions>();
        services.AddHostedService<PostgresStart>();
        services.AddHostedService(s => s.GetRequiredService<PostgresPartitions>());
        services.AddHostedService<PostgresTally>();
        services.AddSingleton<IInbox>(s => new PostgresInbox(s.GetRequiredService<PostgresDatabase>()));
        services.AddSingleton<IPulls>(s => new PostgresPulls(
            s.GetRequiredService<PostgresDatabase>(),
            Guid.CreateVersion7(s.GetRequiredService<TimeProvider>().GetUtcNow())));
        services.AddSingleton<IOrderStore, PostgresOrderStore>();
        services.AddSingleton<IStockStore, PostgresStockStore>();
        services.AddSingleton<IOutbox, PostgresOutbox>();
        services.AddSingleton<ITrail, PostgresTrail>();
        services.AddSingleton<ISessions, PostgresSessions>();
        return services;
    }

    /// <summary>
    /// Orleans' grain storage ("Default") and reminders on SQLite in the same directory. Needs
    /// <see cref="AddSqliteStorage(IServiceCollection, string, StorageOptions)"/>, which migrates their file too.
    /// </summary>
    public static ISiloBuilder AddSqliteOrleans(this ISiloBuilder silo, string dataDirectory)
    {
        var connection = SqliteDatabase.OrleansConnectionOf(dataDirectory);
        return silo
            .AddAdoNetGrainStorageAsDefault(builder => builder.Configure<IServiceProvider>((options, services) =>
            {
                options.Invariant = SqliteInvariant;
                options.ConnectionString = connection;
                options.GrainStorageSerializer =
                    ActivatorUtilities.CreateInstance<SystemTextJsonGrainStorageSerializer>(services);
            }))
            .UseAdoNetReminderService(options =>
            {
                options.Invariant = SqliteInvariant;
                options.ConnectionString = connection;
            });
    }

    private static IServiceCollection AddSqlitePorts(this IServiceCollection services)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddHostedService<SqliteStart>();
        services.AddHostedService<SqlitePurge>();
        services.AddSingleton<IInbox>(provider => new SqliteInbox(
            provider.GetRequiredService<SqliteDatabase>(),
            Guid.CreateVersion7(provider.GetRequiredService<TimeProvider>().GetUtcNow()).ToString("N")));
        services.AddSingleton<IPulls, SqlitePulls>();
        services.AddSingleton<IOrderStore, SqliteOrderStore>();
        services.AddSingleton<IStockStore, SqliteStockStore>();
        services.AddSingleton<IOutbox, SqliteOutbox>();
        services.AddSingleton<ITrail, SqliteTrail>();
        services.AddSingleton<ISessions, SqliteSessions>();
        return services;
    }
}
