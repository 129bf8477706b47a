namespace OrderGrains;

/// <summary>
/// What a process does by itself, beside what it is asked for. One that fails stops the process, which then ends with
/// code 1; but what fails once the process stops anyway is only the stop: a call that was under way when its silo or
/// its database went.
/// </summary>
internal abstract class Agent : BackgroundService
{
    protected sealed override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await RunAsync(stoppingToken);
        }
        catch (Exception) when (stoppingToken.IsCancellationRequested)
        {
            // Nobody waits for it any more.
        }
    }

    /// <summary>Runs until <paramref name="stopping"/>.</summary>
    protected abstract Task RunAsync(CancellationToken stopping);
}
