namespace OrderGrains.Storage.Postgres;

/// <summary>
/// Migrates the database and makes its partitions before any hosted service starts: Orleans is one of them and needs
/// its tables.
/// </summary>
internal sealed class PostgresStart(StorageOptions options, PostgresPartitions partitions) : IHostedLifecycleService
{
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        await PostgresMigrations.ApplyAsync(options.ConnectionString!);
        await partitions.KeepAsync();
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
