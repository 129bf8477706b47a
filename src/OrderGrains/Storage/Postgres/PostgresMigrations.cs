using DbUp;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Brings a database up to the schema of this version: each script once, each in a transaction. Many processes may
/// start at the same time: a lock of the database lets one migrate, and the others find nothing left to do.
/// </summary>
internal static class PostgresMigrations
{
    /// <summary>Our advisory lock: "OrdGrain" in ASCII. Any number would do that no other program takes here.</summary>
    private const long LockKey = 0x4F72_6447_7261_696E;

    /// <summary>How long a process waits for another's migration.</summary>
    private static readonly TimeSpan WaitMax = TimeSpan.FromMinutes(5);

    /// <exception cref="StorageException">A script failed, or the database did not answer.</exception>
    public static async Task ApplyAsync(string connectionString)
    {
        // Not from a pool: an advisory lock belongs to its connection, and ends with it.
        var alone = new NpgsqlConnectionStringBuilder(connectionString) { Pooling = false };
        try
        {
            await using var connection = new NpgsqlConnection(alone.ConnectionString);
            await connection.OpenAsync();
            await using var hold = new NpgsqlCommand($"select pg_advisory_lock({LockKey})", connection)
            {
                CommandTimeout = (int)WaitMax.TotalSeconds,
            };
            await hold.ExecuteNonQueryAsync();
            Apply(alone.ConnectionString);
        }
        catch (NpgsqlException e)
        {
            throw new StorageException($"The database cannot be brought up to date: {e.Message}", e);
        }
    }

    private static void Apply(string connectionString)
    {
        var upgrade = DeployChanges.To.PostgresqlDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(
                typeof(PostgresMigrations).Assembly,
                script => script.StartsWith("sql.postgres.", StringComparison.Ordinal))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!upgrade.Successful)
        {
            throw new StorageException(
                $"{upgrade.ErrorScript?.Name ?? "The schema"} was not applied: {upgrade.Error.Message}", upgrade.Error);
        }
    }
}
