using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// The durable store of outbound messages. They are appended
/// by the order's commit and nowhere else. Each act on one message writes the
/// order's timeline too. Throws <see cref="StorageException"/> when the outcome is unknown.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Messages of a destination that are due by <paramref name="now"/>, the longest due first; of those alone that
    /// fell due at <paramref name="since"/> or later, if it is given. That is cheaper: an index keeps a trace of what
    /// was due and is settled until the server cleans it up, and all of them lie before what is due.
    /// </summary>
    Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset now, int countMax, DateTimeOffset since = default);

    /// <summary>When the next message of a destination is due; null when none is.</summary>
    Task<DateTimeOffset?> NextDueAtAsync(string destination);

    /// <summary>An attempt failed and another follows. Does nothing when the message is not due any more.</summary>
    Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt);

    /// <summary>
    /// A destination has healed: messages that failed, and whose next attempt is later than <paramref name="now"/>,
    /// are due again as of when they were made, so that the oldest goes first. How many; no more than
    /// <paramref name="countMax"/>, so that no statement takes long: whoever gets as many asks again.
    /// </summary>
    Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax);

    /// <summary>
    /// No attempt will follow until a person resumes. False, and nothing done, when it is not due any more.
    /// </summary>
    Task<bool> ParkAsync(Guid id, Attempt attempt, string reason);

    /// <summary>
    /// Parked to due at <paramref name="at"/>, with no attempts counted; its destination, or null when not parked.
    /// </summary>
    Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at);

    /// <summary>Parked to superseded, with the person's reason. False when it is not parked.</summary>
    Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at);

    Task<ParkedMessage?> FindParkedAsync(Guid id);

    Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page);

    /// <summary>Counts by destination and reason of what is parked.</summary>
    Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync();

    /// <summary>What waits, by destination; those with nothing due are left out.</summary>
    Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync();

    Task<OutboxAudit> AuditAsync();
}

/// <summary>One try at delivering a message that did not succeed.</summary>
/// <param name="At">When it ended.</param>
/// <param name="Number">1 for the first try.</param>
/// <param name="Answer">What came back, for people: a status, a time-out, a refusal's detail.</param>
public sealed record Attempt(DateTimeOffset At, int Number, string Answer);

/// <summary>A parked message as people see it, without its body.</summary>
public sealed record ParkedMessage(
    Guid Id, string Destination, MessageKind Kind, string OrderKey, string Reference, string Reason, string? LastAnswer,
    int Attempts, DateTimeOffset ParkedAt);

/// <summary>Which parked messages; null matches all.</summary>
public sealed record ParkedFilter(string? Destination = null, string? Reason = null);

/// <summary>How many messages of a destination are parked for one reason.</summary>
public sealed record ParkedMessages(string Destination, string Reason, int Count);

/// <summary>What waits for a destination.</summary>
public sealed record DestinationDepth(
    string Destination, long Due, DateTimeOffset OldestCreatedAt, DateTimeOffset NextDueAt);

/// <summary>Counts over all messages, in one statement: they belong together.</summary>
public sealed record OutboxAudit(long Created, long Delivered, long Superseded, long Parked, long Due);
