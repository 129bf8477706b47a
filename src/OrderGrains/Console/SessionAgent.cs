namespace OrderGrains.Console;

/// <summary>Writes which sessions and keys were used, apart from the requests that use them: an agent.</summary>
internal sealed partial class SessionAgent(SessionKeeper keeper, TimeProvider time, ILogger<SessionAgent> log) : Agent
{
    /// <summary>A key or session costs a row in so much time, however often it is used.</summary>
    internal static readonly TimeSpan Period = TimeSpan.FromMinutes(1);

    protected override async Task RunAsync(CancellationToken stopping)
    {
        using var timer = new PeriodicTimer(Period, time);
        while (await timer.WaitForNextTickAsync(stopping))
        {
            try
            {
                await keeper.WriteUseAsync();
            }
            catch (StorageException exception)
            {
                NotWritten(exception);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Which sessions and keys were used could not be written; again in a minute",
        EventName = "sessions.not_written")]
    private partial void NotWritten(Exception exception);
}
