namespace OrderGrains.Outbound;

/// <remarks>An answer's own words may hold personal data: they are in the outbox, and never in the log.</remarks>
internal sealed partial class DestinationGrain
{
    [LoggerMessage(1, LogLevel.Information, "{Destination} {Kind} {OrderKey}: {Answer} at attempt {Attempt}",
        EventName = "outbound.sent")]
    private partial void OutboundSent(
        string destination, string orderKey, MessageKind kind, string answer, int attempt);

    [LoggerMessage(2, LogLevel.Warning,
        "{Destination} {Kind} {OrderKey}: attempt {Attempt} failed ({Reason}); again at {NextAt:O}",
        EventName = "outbound.failed")]
    private partial void OutboundFailed(
        string destination, string orderKey, MessageKind kind, int attempt, string reason, DateTimeOffset nextAt);

    [LoggerMessage(3, LogLevel.Error, "{Destination} {Kind} {OrderKey} is parked after attempt {Attempt}: {Reason}",
        EventName = "outbound.parked")]
    private partial void OutboundParked(
        string destination, string orderKey, MessageKind kind, int attempt, string reason);

    [LoggerMessage(4, LogLevel.Critical, "{Destination} refuses our credentials, nothing is sent to it ({Reason})",
        EventName = "destination.blocked")]
    private partial void DestinationBlocked(string destination, string reason);

    [LoggerMessage(5, LogLevel.Information, "{Destination} accepts our credentials again",
        EventName = "destination.unblocked")]
    private partial void DestinationUnblocked(string destination);

    [LoggerMessage(6, LogLevel.Error, "{Destination} is not configured any more; {Count} messages wait for it",
        EventName = "destination.unknown")]
    private partial void UnknownDestination(string destination, int count);

    [LoggerMessage(7, LogLevel.Warning,
        "{Destination} {OrderKey}: the result of message {MessageId} is not recorded yet",
        EventName = "outbound.unrecorded")]
    private partial void Unrecorded(Exception exception, string destination, string orderKey, Guid messageId);
}
