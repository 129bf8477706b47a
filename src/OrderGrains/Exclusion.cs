using OrderGrains.Ingress;

namespace OrderGrains;

/// <summary>The end of a process whose cluster goes on without it.</summary>
internal static partial class Exclusion
{
    /// <summary>
    /// The database may be away too, and then the lease of what is held ends by itself: the process does not wait
    /// longer for it.
    /// </summary>
    private static readonly TimeSpan LetGoMax = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Ends once this process is excluded and has let go of what it held; the caller then ends the process at once. An
    /// orderly stop would be a farewell to silos that do not listen, and may hang. What is under way is as after a
    /// <c>kill -9</c>: nothing of it is lost.
    /// </summary>
    public static async Task WhenExcludedAsync(this WebApplication app)
    {
        var services = app.Services;
        if (services.GetService<Membership>() is not { } membership)
        {
            // A gateway is no member: it needs the database alone.
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System);
            return;
        }

        var reason = await membership.Excluded;
        try
        {
            await services.GetRequiredService<InboxPump>().LetGoAsync()
                .WaitAsync(LetGoMax, services.GetRequiredService<TimeProvider>());
        }
        catch (TimeoutException)
        {
            // The lease ends by itself.
        }

        Excluded(services.GetRequiredService<ILoggerFactory>().CreateLogger<Membership>(), reason);
    }

    /// <summary>A stop that was asked for did not end in its time.</summary>
    public static void SayStoppedLate(this WebApplication app) => StoppedLate(app.Logger);

    /// <summary>Lines wait in the loggers' queues, which their end empties.</summary>
    public static void FlushLog(this WebApplication app)
    {
        foreach (var provider in app.Services.GetServices<ILoggerProvider>())
            provider.Dispose();
    }

    [LoggerMessage(1, LogLevel.Critical,
        "This process is no member of its cluster any more: {Reason}. It ends with code 1, so that its supervisor "
        + "starts it anew", EventName = "membership.excluded")]
    private static partial void Excluded(ILogger log, string reason);

    [LoggerMessage(2, LogLevel.Warning, "The stop is late and is cut short; nothing that was acknowledged is lost",
        EventName = "stop.late")]
    private static partial void StoppedLate(ILogger log);
}

/// <summary>
/// What Orleans tells when it cannot go on, as when it reads that the others declared this silo dead. Its own way
/// aborts the process with a dump, in the middle of whatever it does.
/// </summary>
internal sealed partial class FatalErrors(Membership membership, ILogger<FatalErrors> log) : IFatalErrorHandler
{
    public bool IsUnexpected(Exception exception) => true;

    public void OnFatalException(
        object? sender = null, string? context = null, Exception? exception = null)
    {
        if (exception is not null)
            Failed(exception, context);
        membership.Exclude(exception is null
            ? "the others declared this silo dead" : "Orleans failed and cannot go on");
    }

    [LoggerMessage(1, LogLevel.Critical, "Orleans cannot go on: {Context}", EventName = "orleans.failed")]
    private partial void Failed(Exception exception, string? context);
}
