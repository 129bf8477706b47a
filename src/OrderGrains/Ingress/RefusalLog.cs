namespace OrderGrains.Ingress;

/// <summary>Says in a line now and then that webhooks are answered 503, however many there are.</summary>
internal sealed partial class RefusalLog(TimeProvider time, ILogger<WebhookEndpoint> log)
{
    private static readonly TimeSpan SaidEvery = TimeSpan.FromSeconds(30);

    private readonly Lock _sync = new();
    private long? _saidAt;
    private int _unsaid;

    /// <summary>A webhook was answered 503. The first is told at once.</summary>
    /// <param name="why">What the database does.</param>
    public void Refused(string why)
    {
        int count;
        lock (_sync)
        {
            _unsaid++;
            if (_saidAt is { } last && time.GetElapsedTime(last) < SaidEvery)
                return;
            (_saidAt, count, _unsaid) = (time.GetTimestamp(), _unsaid, 0);
        }

        WebhooksRefused(count, why);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Count} webhooks were answered 503, since the database has trouble: {Why}. Their senders keep them and send "
        + "them again", EventName = "webhook.refused")]
    private partial void WebhooksRefused(int count, string why);
}
