using Microsoft.Data.Sqlite;
using OrderGrains.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Storage.Sqlite;

public sealed class SqliteDatabaseTests : IDisposable
{
    private readonly TempDirectory _directory = new();

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task A_second_process_on_the_same_directory_is_refused_with_the_reason()
    {
        await using var database = SqliteDatabase.Open(_directory.Path);

        var refused = Assert.Throws<StorageException>(() => SqliteDatabase.Open(_directory.Path));

        Assert.Contains("another OrderGrains process", refused.Message, StringComparison.Ordinal);
        Assert.Contains(_directory.Path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Migrations_run_once_however_often_it_is_opened()
    {
        for (var at = 0; at < 2; at++)
        {
            await using var opened = SqliteDatabase.Open(_directory.Path);
        }

        await using var database = SqliteDatabase.Open(_directory.Path);
        var scripts = await database.ReadAsync(session => session.List(
            "select ScriptName from SchemaVersions order by ScriptName", row => row.GetString(0)));
        Assert.Equal(
            [
                "sql.sqlite.0001-receipt.sql", "sql.sqlite.0002-order.sql", "sql.sqlite.0003-message.sql",
                "sql.sqlite.0004-stock.sql", "sql.sqlite.0007-pull.sql", "sql.sqlite.0008-fetched.sql",
                "sql.sqlite.0009-tally.sql", "sql.sqlite.0010-access.sql",
            ],
            scripts, StringComparer.Ordinal);
    }

    [Fact]
    public async Task Commits_are_flushed_and_readers_cannot_write()
    {
        await using var database = SqliteDatabase.Open(_directory.Path);

        Assert.Equal(
            "wal", await database.ReadAsync(session => session.Find("pragma journal_mode", row => row.GetString(0))));
        Assert.Equal(
            2, await database.WriteAsync(session => session.Find("pragma synchronous", row => row.GetInt32(0))));
        await Assert.ThrowsAsync<StorageException>(
            () => database.ReadAsync(session => session.Execute("delete from receipt")));
    }

    [Fact]
    public async Task Orleans_own_connections_flush_their_commits_too()
    {
        await using var database = SqliteDatabase.Open(_directory.Path);

        using var session = new SqliteSession(database.OrleansConnectionString);

        Assert.Equal("wal", session.Find("pragma journal_mode", row => row.GetString(0)));
        Assert.Equal(2, session.Find("pragma synchronous", row => row.GetInt32(0)));
    }

    [Fact]
    public async Task Personal_data_is_the_owners_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no file modes.");
        await using var database = SqliteDatabase.Open(_directory.Path);
        await database.WriteAsync(session => session.Execute("delete from receipt"));

        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, ModeOf(_directory.Path));
        Assert.All(
            Directory.GetFiles(_directory.Path),
            file => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, ModeOf(file)));
        Assert.True(File.Exists(Path.Combine(_directory.Path, "ordergrains.db-wal")));
    }

    [Fact]
    public async Task A_clean_close_folds_the_log_into_the_file()
    {
        await using (var database = SqliteDatabase.Open(_directory.Path))
        {
            await database.WriteAsync(session => session.Execute("delete from receipt"));
            await database.ReadAsync(session => session.Find("select count(*) from receipt", row => row.GetInt64(0)));
        }

        Assert.Equal(
            ["ordergrains.db", "ordergrains.lock", "orleans.db"],
            Directory.GetFiles(_directory.Path).Select(Path.GetFileName).Order(StringComparer.Ordinal),
            StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_failed_commit_fails_its_whole_group_and_the_next_group_succeeds()
    {
        await using var database = SqliteDatabase.Open(_directory.Path);

        // Ends the transaction under its neighbours, as a full disk does.
        var bad = database.WriteAsync<int>(session =>
        {
            session.Execute("rollback");
            throw new SqliteException("disk full", 13);
        });
        await Assert.ThrowsAsync<StorageException>(() => bad);

        Assert.Equal(0, await database.WriteAsync(session => session.Execute("delete from receipt")));
    }

    [Fact]
    public async Task A_closed_database_refuses()
    {
        var database = SqliteDatabase.Open(_directory.Path);
        await database.DisposeAsync();

        await Assert.ThrowsAsync<StorageException>(() => database.WriteAsync(session => 0));
        await Assert.ThrowsAsync<StorageException>(() => database.ReadAsync(session => 0));
        Assert.False(database.TryWrite(session => 0, out _));
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_the_directory_let_go()
    {
        Directory.CreateDirectory(_directory.Path);
        var file = Path.Combine(_directory.Path, "ordergrains.db");
        await File.WriteAllTextAsync(file, new string('x', 4096), TestContext.Current.CancellationToken);

        Assert.Throws<StorageException>(() => SqliteDatabase.Open(_directory.Path));
        File.Delete(file);

        await using var database = SqliteDatabase.Open(_directory.Path);
    }

    private static UnixFileMode ModeOf(string file) =>
        OperatingSystem.IsWindows() ? UnixFileMode.None : File.GetUnixFileMode(file);
}
