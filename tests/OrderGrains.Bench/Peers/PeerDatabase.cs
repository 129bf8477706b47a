using System.Reflection;
using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>How every peer reaches the database: pooled connections, statements prepared by themselves.</summary>
internal static class PeerDatabase
{
    /// <summary>Half of the callers of a closed loop: the others' statements only wait for a core or the log.</summary>
    private const int ConnectionsMax = 32;

    /// <summary>For the libraries that open connections of their own.</summary>
    public const int LibraryConnectionsMax = 48;

    public static NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(Settings(database, ConnectionsMax));

    /// <summary>
    /// Bodies are compressed by LZ4, as the product's are: the server's default takes several times as long.
    /// </summary>
    public static string Settings(string database, int connectionsMax) => new NpgsqlConnectionStringBuilder(database)
    {
        MaxPoolSize = connectionsMax,
        MaxAutoPrepare = 64,
        AutoPrepareMinUsages = 2,
        NoResetOnClose = true,
        Options = "-c default_toast_compression=lz4",
    }.ConnectionString;

    /// <summary>Runs a script that lies beside the peers.</summary>
    public static async Task RunScriptAsync(this NpgsqlDataSource source, string name)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"peers.{name}")!;
        using var reader = new StreamReader(stream);
        await using var command = source.CreateCommand(await reader.ReadToEndAsync());
        await command.ExecuteNonQueryAsync();
    }
}
