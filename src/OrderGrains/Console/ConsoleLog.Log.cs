namespace OrderGrains.Console;

/// <summary>Every operator act, once: who, what, on what. No personal data, no secret.</summary>
internal static partial class ConsoleLog
{
    [LoggerMessage(7001, LogLevel.Information, "operator.order {Actor} {Act} {OrderKey} {Result}")]
    public static partial void OrderActed(this ILogger log, string actor, string act, string orderKey, string result);

    [LoggerMessage(7002, LogLevel.Information, "operator.stock {Actor} set {StockKey} to {OnHand}: {Outcome}")]
    public static partial void StockSet(this ILogger log, string actor, string stockKey, int onHand, string outcome);

    [LoggerMessage(7003, LogLevel.Information, "operator.parked {Actor} {Act} {Kind} {Id}: {Reason}")]
    public static partial void ParkedActed(
        this ILogger log, string actor, string act, string kind, Guid id, string? reason);

    [LoggerMessage(7004, LogLevel.Information, "operator.parked {Actor} {Act} {Count} of {Filter}: {Reason}")]
    public static partial void ParkedManyActed(
        this ILogger log, string actor, string act, int count, string filter, string? reason);

    [LoggerMessage(7005, LogLevel.Information, "operator.login {Actor} {Role} from {Address}")]
    public static partial void LoggedIn(this ILogger log, string actor, string role, string address);

    [LoggerMessage(7006, LogLevel.Warning, "operator.loginRefused from {Address}")]
    public static partial void LoginRefused(this ILogger log, string address);

    [LoggerMessage(7012, LogLevel.Warning, "operator.loginWithoutRole {Actor} from {Address}")]
    public static partial void LoginWithoutRole(this ILogger log, string actor, string address);

    [LoggerMessage(7013, LogLevel.Warning, "operator.loginFailed at the identity provider: {Exception}")]
    public static partial void ProviderFailed(this ILogger log, string exception);

    [LoggerMessage(7007, LogLevel.Warning, "operator.destination {Destination} does not answer")]
    public static partial void DestinationSilent(this ILogger log, string destination, Exception exception);

    [LoggerMessage(7009, LogLevel.Information, "operator.destination {Actor} {Act} {Destination}: {Reason}")]
    public static partial void DestinationActed(
        this ILogger log, string actor, string act, string destination, string? reason);

    [LoggerMessage(7010, LogLevel.Information, "operator.buyer {Actor} {Act} {Source}: {Count} orders")]
    public static partial void BuyerActed(this ILogger log, string actor, string act, string source, int count);

    [LoggerMessage(7011, LogLevel.Information, "operator.source {Actor} tested {Source}: {Passed} {Status}")]
    public static partial void SourceTested(this ILogger log, string actor, string source, bool passed, int? status);

    [LoggerMessage(7014, LogLevel.Warning, "trail.notSettled {Id}: how an act ended could not be written")]
    public static partial void TrailNotSettled(this ILogger log, Guid id, Exception exception);

    [LoggerMessage(7008, LogLevel.Error, "console.pageFailed {Path}")]
    public static partial void PageFailed(this ILogger log, string path, Exception exception);
}
