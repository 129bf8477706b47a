using Npgsql;
using Orleans.Storage;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Puts Orleans on PostgreSQL: membership, grain storage, reminders. The statements are ours (<c>sql/</c>).
/// </summary>
public static class PostgresOrleans
{
    private const string Invariant = "Npgsql";

    /// <summary>Where streams keep their subscribers; the name is Orleans'.</summary>
    private const string SubscriberStore = "PubSubStore";

    /// <summary>
    /// Connections that Orleans' providers share in a process, beside those of our ports: three silos must fit into the
    /// 100 connections that a PostgreSQL takes as it is installed.
    /// </summary>
    private const int ConnectionsMax = 8;

    /// <summary>
    /// A silo's membership, grain storage ("Default", and that of stream subscribers) and reminders. Needs
    /// <see cref="StorageServices"/>' ports on the same database, which migrate it.
    /// </summary>
    public static ISiloBuilder AddPostgresOrleans(this ISiloBuilder silo, string connectionString)
    {
        var pooled = Pooled(connectionString);
        return silo
            .UseAdoNetClustering(options => (options.Invariant, options.ConnectionString) = (Invariant, pooled))
            .AddGrainStorage<SystemTextJsonGrainStorageSerializer>("Default", pooled)
            // What streams keep is Orleans' own, and not made to be read from JSON.
            .AddGrainStorage<OrleansGrainStorageSerializer>(SubscriberStore, pooled)
            .UseAdoNetReminderService(options =>
                (options.Invariant, options.ConnectionString) = (Invariant, pooled));
    }

    /// <summary>How a process without a silo finds the silos: it reads the same membership.</summary>
    public static IClientBuilder AddPostgresOrleans(this IClientBuilder client, string connectionString)
    {
        var pooled = Pooled(connectionString);
        return client.UseAdoNetClustering(options =>
            (options.Invariant, options.ConnectionString) = (Invariant, pooled));
    }

    private static ISiloBuilder AddGrainStorage<TSerializer>(
        this ISiloBuilder silo, string name, string connectionString) where TSerializer : IGrainStorageSerializer =>
        silo.AddAdoNetGrainStorage(name, builder => builder.Configure<IServiceProvider>((options, services) =>
        {
            options.Invariant = Invariant;
            options.ConnectionString = connectionString;
            options.GrainStorageSerializer = ActivatorUtilities.CreateInstance<TSerializer>(services);
        }));

    private static string Pooled(string connectionString) => new NpgsqlConnectionStringBuilder(connectionString)
    {
        ApplicationName = "ordergrains-orleans",
        MinPoolSize = 0,
        MaxPoolSize = ConnectionsMax,
        // Orleans' statements leave nothing behind on a connection.
        NoResetOnClose = true,
    }.ConnectionString;
}
