namespace OrderGrains.Outbound;

/// <remarks>An answer's own words may hold personal data: they are in the outbox, and never in the log.</remarks>
internal sealed partial class DestinationGrain
{
    [LoggerMessage(1, LogLevel.Information, "{Destination} {Kind} {Subject}: {Answer} at attempt {Attempt}",
        EventName = "outbound.sent")]
    private partial void OutboundSent(
        string destination, string subject, string kind, string answer, int attempt);

    [LoggerMessage(2, LogLevel.Warning,
        "{Destination} {Kind} {Subject}: attempt {Attempt} failed ({Reason}); again at {NextAt:O}",
        EventName = "outbound.failed")]
    private partial void OutboundFailed(
        string destination, string subject, string kind, int attempt, string reason, DateTimeOffset nextAt);

    [LoggerMessage(12, LogLevel.Information, "{Destination} {Kind} {Subject}: not yet; looked at again at {NextAt:O}",
        EventName = "outbound.waits")]
    private partial void OutboundWaits(string destination, string subject, string kind, DateTimeOffset nextAt);

    [LoggerMessage(3, LogLevel.Error, "{Destination} {Kind} {Subject} is parked after attempt {Attempt}: {Reason}",
        EventName = "outbound.parked")]
    private partial void OutboundParked(
        string destination, string subject, string kind, int attempt, string reason);

    [LoggerMessage(4, LogLevel.Critical,
        "{Destination} refuses our credentials ({Reason}); it is asked with one call a minute until it takes them",
        EventName = "destination.blocked")]
    private partial void DestinationBlocked(string destination, string reason);

    [LoggerMessage(5, LogLevel.Information,
        "{Destination} is back after {Away} and {Probes} failed probes; {Hastened} messages were hastened",
        EventName = "destination.closed")]
    private partial void DestinationClosed(string destination, TimeSpan away, int probes, int hastened);

    [LoggerMessage(6, LogLevel.Error, "{Destination} is not configured on this process; {Count} messages wait for it",
        EventName = "destination.unknown")]
    private partial void UnknownDestination(string destination, int count);

    [LoggerMessage(7, LogLevel.Warning,
        "{Destination} {Subject}: the result of message {MessageId} is not recorded yet ({Exception}); it is asked "
        + "for again. {Words}", EventName = "outbound.unrecorded")]
    private partial void Unrecorded(
        string destination, string subject, Guid messageId, string exception, string words);

    [LoggerMessage(8, LogLevel.Warning,
        "{Destination} failed {Count} calls in a row ({Reason}); it is asked with single calls until one passes",
        EventName = "destination.opened")]
    private partial void DestinationOpened(string destination, int count, string reason);

    [LoggerMessage(9, LogLevel.Warning, "{Destination} is paused by {Actor}: nothing is sent there until it is resumed",
        EventName = "destination.paused")]
    private partial void Paused(string destination, string actor);

    [LoggerMessage(11, LogLevel.Information,
        "{Destination} has healed; {Count} messages that had been given up go again",
        EventName = "destination.given_up_resumed")]
    private partial void GivenUpResumed(string destination, int count);

    [LoggerMessage(10, LogLevel.Information, "{Destination} is resumed", EventName = "destination.resumed")]
    private partial void Resumed(string destination);
}
