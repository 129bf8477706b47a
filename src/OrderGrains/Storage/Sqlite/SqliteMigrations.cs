using DbUp;
using DbUp.Engine;

namespace OrderGrains.Storage.Sqlite;

/// <summary>Brings a database file up to the schema of this version: each script once, each in a transaction.</summary>
internal static class SqliteMigrations
{
    private const string OrleansMark = "-orleans-";

    public static void Apply(string connectionString) =>
        Apply(connectionString, script => !script.Contains(OrleansMark, StringComparison.Ordinal));

    public static void ApplyOrleans(string connectionString) =>
        Apply(connectionString, script => script.Contains(OrleansMark, StringComparison.Ordinal));

    private static void Apply(string connectionString, Func<string, bool> mine)
    {
        var upgrade = DeployChanges.To.SqliteDatabase(connectionString)
            .WithScriptsEmbeddedInAssembly(
                typeof(SqliteMigrations).Assembly,
                script => script.StartsWith("sql.sqlite.", StringComparison.Ordinal) && mine(script))
            .WithVariablesDisabled()
            .WithTransactionPerScript()
            .LogToNowhere()
            .Build()
            .PerformUpgrade();
        if (!upgrade.Successful)
            throw new StorageException($"{NameOf(upgrade)} was not applied: {upgrade.Error.Message}", upgrade.Error);
    }

    private static string NameOf(DatabaseUpgradeResult upgrade) => upgrade.ErrorScript?.Name ?? "The schema";
}
