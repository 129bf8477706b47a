using System.Reflection;
using Npgsql;

namespace OrderGrains.Bench.Peers;

/// <summary>How every peer reaches the database: pooled connections, statements prepared by themselves.</summary>
internal static class PeerDatabase
{
    /// <summary>Half of the callers of a closed loop: the others' statements only wait for a core or the log.</summary>
    private const int ConnectionsMax = 32;

    public static NpgsqlDataSource Open(string database) => NpgsqlDataSource.Create(
        new NpgsqlConnectionStringBuilder(database)
        {
            MaxPoolSize = ConnectionsMax,
            MaxAutoPrepare = 64,
            AutoPrepareMinUsages = 2,
            NoResetOnClose = true,
        });

    /// <summary>Runs a script that lies beside the peers.</summary>
    public static async Task RunScriptAsync(this NpgsqlDataSource source, string name)
    {
        await using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"peers.{name}")!;
        using var reader = new StreamReader(stream);
        await using var command = source.CreateCommand(await reader.ReadToEndAsync());
        await command.ExecuteNonQueryAsync();
    }
}
