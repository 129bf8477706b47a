using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// Tells subscribers what those who run the system must know: on transitions alone, so that a chat channel that hears
/// of it is an alarm. An event that cannot be written down is logged; what it tells of is seen elsewhere too.
/// </summary>
internal sealed partial class OperatorEvents(
    Subscriptions subscriptions, IOutbox outbox, IGrainFactory grains, TimeProvider time, ILogger<OperatorEvents> log)
{
    /// <summary>How long a reason that differs from one that was told by numbers alone is not told again.</summary>
    private static readonly TimeSpan AlikeFor = TimeSpan.FromMinutes(10);

    /// <summary>Beyond it all are forgotten.</summary>
    private const int AlikeMax = 1024;

    private readonly ConcurrentDictionary<string, DateTimeOffset> _toldAt = new(StringComparer.Ordinal);

    /// <summary>A message is parked: said of the first of its destination and reason, not of each.</summary>
    public Task ParkedAsync(string destination, Guid message, Subject about, string what, string reason) =>
        SayAsync(EventTypes.MessageParked, new Subject(SubjectKind.Destination, destination), async () =>
            // Several may be parked before the first of them looks.
            await outbox.FindFirstParkedAsync(new ParkedFilter(destination, reason)) == message
            && IsNews(EventTypes.MessageParked, destination, reason)
                ? new MessageParkedData(destination, what, about.ToString(), reason) : null);

    /// <summary>
    /// Reasons name orders and places in bodies, so many are alike but for their numbers. False when one like it was
    /// told a short while ago.
    /// </summary>
    public bool IsNews(string type, string name, string reason)
    {
        if (_toldAt.Count > AlikeMax)
            _toldAt.Clear();
        var now = time.GetUtcNow();
        var alike = $"{type} {name} {Digits().Replace(reason, "#")}";
        if (_toldAt.TryGetValue(alike, out var told) && now - told < AlikeFor)
            return false;
        _toldAt[alike] = now;
        return true;
    }

    public Task OpenedAsync(string destination, string reason) =>
        SayAsync(EventTypes.DestinationOpened, new Subject(SubjectKind.Destination, destination),
            () => Task.FromResult<DestinationOpenedData?>(new(destination, reason)));

    public Task ClosedAsync(string destination, DateTimeOffset openSince) =>
        SayAsync(EventTypes.DestinationClosed, new Subject(SubjectKind.Destination, destination),
            () => Task.FromResult<DestinationClosedData?>(new(destination, openSince)));

    /// <param name="type">What happened.</param>
    /// <param name="subject">To what.</param>
    /// <param name="data">Its facts, or null when it is no news. Asked only when somebody hears of it.</param>
    public async Task SayAsync<T>(string type, Subject subject, Func<Task<T?>> data)
        where T : class
    {
        // What is wrong with a subscriber is not told to that one: it would only add to it.
        var told = subscriptions.To(type)
            .Where(name => subject.Kind != SubjectKind.Destination || name != subject.Key).ToList();
        if (told.Count == 0)
            return;
        try
        {
            if (await data() is not { } facts)
                return;
            var now = time.GetUtcNow();
            var happened = EventFacts.Of(type, facts);
            await outbox.AppendAsync(
                [.. told.Select(name => Subscriptions.Message(name, subject, happened, null, now))]);
            foreach (var name in told)
                await grains.Find<IDestinationGrain>(name).NudgeAsync(now, subject.Source);
        }
        catch (Exception exception)
        {
            Unsaid(type, subject.ToString(), exception.GetType().Name);
        }
    }

    [GeneratedRegex("[0-9]+", RegexOptions.NonBacktracking)]
    private static partial Regex Digits();

    [LoggerMessage(1, LogLevel.Warning, "{Type} of {Subject} could not be told to subscribers ({Exception})",
        EventName = "event.unsaid")]
    private partial void Unsaid(string type, string subject, string exception);
}

/// <summary>A message waits for a person, the first for this reason.</summary>
/// <param name="Destination">Where it should go.</param>
/// <param name="Message">What it asks or tells.</param>
/// <param name="About">Its subject.</param>
/// <param name="Reason">Why it was given up.</param>
public sealed record MessageParkedData(string Destination, string Message, string About, string Reason);

/// <summary>A destination fails as a whole: nothing goes there but a probe now and then.</summary>
public sealed record DestinationOpenedData(string Destination, string Reason);

/// <summary>A destination is well again.</summary>
public sealed record DestinationClosedData(string Destination, DateTimeOffset OpenSince);
