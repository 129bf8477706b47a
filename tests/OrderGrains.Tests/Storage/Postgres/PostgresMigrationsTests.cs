using Npgsql;
using OrderGrains.Storage.Postgres;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

public sealed class PostgresMigrationsTests(SharedPostgres server)
{
    private const int Starts = 20;

    [Fact]
    public async Task Of_twenty_processes_that_start_on_an_empty_database_one_migrates_and_none_fails()
    {
        var database = await server.CreateBareDatabaseAsync();
        try
        {
            await Task.WhenAll(Enumerable.Range(0, Starts).Select(_ =>
                Task.Run(() => PostgresMigrations.ApplyAsync(database), TestContext.Current.CancellationToken)));

            var scripts = typeof(PostgresMigrations).Assembly.GetManifestResourceNames()
                .Where(name => name.StartsWith("sql.postgres.", StringComparison.Ordinal))
                .Order(StringComparer.Ordinal);
            Assert.Equal(
                scripts, (await AppliedAsync(database)).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        }
        finally
        {
            await server.DropDatabaseAsync(database);
        }
    }

    private static async Task<List<string>> AppliedAsync(string database)
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand("select scriptname from schemaversions");
        await using var reader = await command.ExecuteReaderAsync();
        var names = new List<string>();
        while (await reader.ReadAsync())
            names.Add(reader.GetString(0));
        return names;
    }
}
