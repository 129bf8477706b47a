using Microsoft.Data.Sqlite;
using Npgsql;
using OrderGrains.Chaos.Links;

namespace OrderGrains.Chaos.Faults;

/// <summary>What befalls the database, for all silos.</summary>
internal sealed partial class FaultAgent
{
    private static readonly TimeSpan DatabaseDelay = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan TerminateEvery = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan AskEvery = TimeSpan.FromMilliseconds(300);

    /// <summary>More than the server keeps ready for reuse.</summary>
    private const int LogFilesMax = 100;
    private static readonly TimeSpan RecoveryMax = TimeSpan.FromSeconds(60);

    private async Task MakeAtDatabaseAsync(
        FaultAct act, SemaphoreSlim database, CancellationToken cancellation)
    {
        await database.WaitAsync(cancellation);
        try
        {
            await (act.Kind switch
            {
                FaultKind.PauseDatabase => DuringAsync(Postgres.Freeze(), act, cancellation),
                FaultKind.CrashDatabase => BeDownAsync(Postgres.StopAsync, act, cancellation),
                FaultKind.RestartDatabase => BeDownAsync(Postgres.StopFastAsync, act, cancellation),
                FaultKind.RefuseDatabase => DuringAsync(
                    Undo.All(world.Links.DatabaseProxies.Select(proxy => proxy.Refuse())), act, cancellation),
                FaultKind.TerminateBackends => RepeatAsync(
                    act, TerminateEvery, () => Postgres.TerminateAsync(ChaosWorld.SiloRole), cancellation),
                FaultKind.ExhaustConnections => ExhaustAsync(act, cancellation),
                FaultKind.SlowDatabase => DuringAsync(
                    Undo.All(world.Links.Databases.Select(link => link.Slow(DatabaseDelay))), act, cancellation),
                FaultKind.LockDatabase => LockAsync(act, cancellation),
                _ => FillDiskAsync(act, cancellation),
            });
        }
        finally
        {
            database.Release();
        }
    }

    private async Task BeDownAsync(Func<Task> stop, FaultAct act, CancellationToken cancellation)
    {
        await stop();
        try
        {
            await Task.Delay(act.For, Time, cancellation);
        }
        finally
        {
            await Postgres.StartAgainAsync();
        }
    }

    private async Task ExhaustAsync(FaultAct act, CancellationToken cancellation)
    {
        using var limit = new CancellationTokenSource(act.For, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        await Postgres.ExhaustAsync(ChaosWorld.SiloRole, Time, either.Token);
        cancellation.ThrowIfCancellationRequested();
    }

    private async Task FillDiskAsync(FaultAct act, CancellationToken cancellation)
    {
        // Opened before: a new connection may need room itself.
        await using var connection = world.Postgres is null ? null : await Postgres.OpenAsync(cancellation);
        await world.Disk!.FillAsync();
        try
        {
            // First what grows a table fails; then the log's spare files are used up, and the server panics.
            await Task.Delay(act.For / 2, Time, cancellation);
            if (connection is not null) await UseUpLogAsync(connection);
            await Task.Delay(act.For / 2, Time, cancellation);
        }
        finally
        {
            await world.Disk.EmptyAsync();
            if (world.Postgres is not null) await RecoverAsync();
        }
    }

    private async Task UseUpLogAsync(NpgsqlConnection connection)
    {
        try
        {
            for (var file = 0; file < LogFilesMax; file++) await PostgresServer.SwitchLogAsync(connection);
        }
        catch (NpgsqlException exception)
        {
            world.Options.Say?.Invoke($"the disk is full: {exception.Message}");
        }
    }

    /// <summary>A server that panics starts anew by itself, or ends when it cannot.</summary>
    private async Task RecoverAsync()
    {
        var since = Time.GetTimestamp();
        while (true)
        {
            try
            {
                if (await Postgres.StartIfDownAsync()) world.Options.Say?.Invoke("the server had ended; started again");
                await using var connection = await world.Database.OpenAsync(CancellationToken.None);
                return;
            }
            catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException
                && Time.GetElapsedTime(since) < RecoveryMax)
            {
                await Task.Delay(AskEvery, Time, CancellationToken.None);
            }
        }
    }

    private async Task LockAsync(FaultAct act, CancellationToken cancellation)
    {
        var file = new SqliteConnectionStringBuilder { DataSource = world.SqliteFile, Pooling = false };
        await using var connection = new SqliteConnection(file.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = "begin immediate";
        await command.ExecuteNonQueryAsync(cancellation);
        // Closing it rolls back.
        await Task.Delay(act.For, Time, cancellation);
    }
}
