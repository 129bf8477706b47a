using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>
/// The durable store of outbound messages. What a subject's change asks for is appended by that change's own commit.
/// Each act on one message writes the timeline of its order too, if it is an order's. Throws
/// <see cref="StorageException"/> when the outcome is unknown.
/// </summary>
public interface IOutbox
{
    /// <summary>
    /// Messages of a destination that are due by <paramref name="now"/>, the longest due first, or all that wait when
    /// it is null. Where silos share a database, its clock must say so too, give or take 2 seconds. Of those alone that
    /// fell due at <paramref name="since"/> or later, if it is given: that is cheaper, as an index keeps a trace of
    /// what was due and is settled until the server cleans it up, and all of them lie before what is due. A message
    /// with a sequence is left out while one before it is still due, whenever that be. With a
    /// <paramref name="source"/>, only messages about its orders; empty: those about no order. Only
    /// <paramref name="since"/> bounds what is read then.
    /// </summary>
    Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset? now, int countMax, DateTimeOffset since = default,
        string? source = null);

    /// <summary>
    /// Whatever is written from now on has a higher <see cref="OutboundMessage.Written"/>. What has a lower one may be
    /// committed later all the same.
    /// </summary>
    Task<long> MarkAsync();

    /// <summary>
    /// When the next message of a destination is due, of those due later than <paramref name="after"/>; null when none
    /// is.
    /// </summary>
    Task<DateTimeOffset?> NextDueAtAsync(string destination, DateTimeOffset after = default);

    /// <summary>
    /// Appends messages that no commit of a subject brings with it. Each supersedes the open one with its coalescing
    /// key, which may be under way and say what is old by now.
    /// </summary>
    Task AppendAsync(IReadOnlyList<OutboundMessage> messages);

    /// <summary>
    /// A message arrived, and nobody need hear of it. Does nothing when it is not due any more.
    /// </summary>
    Task DeliverAsync(Guid id, DateTimeOffset at);

    /// <summary>
    /// An attempt failed and another follows, as long after it as <paramref name="nextAttemptAt"/> says by the caller's
    /// clock. Does nothing when the message is not due any more.
    /// </summary>
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

    /// <summary>
    /// Many of them, the longest parked first; how many. With a rate they are due one after the other from
    /// <paramref name="at"/> on, otherwise all at once.
    /// </summary>
    /// <param name="filter">Which.</param>
    /// <param name="actor">Who says so.</param>
    /// <param name="at">When the first is due.</param>
    /// <param name="perSecond">How many are due in a second; null: all.</param>
    /// <param name="countMax">At most so many, so that no statement takes long.</param>
    Task<int> ResumeManyAsync(ParkedFilter filter, string actor, DateTimeOffset at, double? perSecond, int countMax);

    /// <summary>Parked to superseded, with the person's reason. False when it is not parked.</summary>
    Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at);

    Task<ParkedMessage?> FindParkedAsync(Guid id);

    /// <summary>Of those that match, the one that was parked first; null when there is none.</summary>
    Task<Guid?> FindFirstParkedAsync(ParkedFilter filter);

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
/// <param name="Failed">False when its time had not come; <paramref name="Number"/> then counts those before.</param>
public sealed record Attempt(DateTimeOffset At, int Number, string Answer, bool Failed = true);

/// <summary>A parked message as people see it, without its body.</summary>
/// <param name="Id">The message.</param>
/// <param name="Destination">Where it should go.</param>
/// <param name="Kind">What it asks.</param>
/// <param name="Subject">What it is about.</param>
/// <param name="What">The release's reference, or the event's type.</param>
/// <param name="Reason">Why it is parked.</param>
/// <param name="LastAnswer">What came back last.</param>
/// <param name="Attempts">How often it was tried.</param>
/// <param name="ParkedAt">When it was given up.</param>
public sealed record ParkedMessage(
    Guid Id, string Destination, MessageKind Kind, Subject Subject, string What, string Reason, string? LastAnswer,
    int Attempts, DateTimeOffset ParkedAt)
{
    /// <summary>The order that it is about; null when it is about something else.</summary>
    public string? OrderKey => Subject.Kind == SubjectKind.Order ? Subject.Key : null;
}

/// <summary>Which parked messages; null matches all.</summary>
/// <param name="Destination">Where they should go.</param>
/// <param name="Reason">Why they are parked.</param>
/// <param name="GivenUp">Only those that were tried too often or too long: none that was refused.</param>
public sealed record ParkedFilter(string? Destination = null, string? Reason = null, bool GivenUp = false)
{
    /// <summary>How the reason of each begins that was tried too often or too long.</summary>
    public const string GivenUpReason = "gave up after ";
}

/// <summary>How many messages of a destination are parked for one reason.</summary>
public sealed record ParkedMessages(string Destination, string Reason, int Count)
{
    /// <summary>They were tried too often or too long; none was refused.</summary>
    public bool IsGivenUp => Reason.StartsWith(ParkedFilter.GivenUpReason, StringComparison.Ordinal);
}

/// <summary>What waits for a destination.</summary>
public sealed record DestinationDepth(
    string Destination, long Due, DateTimeOffset OldestCreatedAt, DateTimeOffset NextDueAt);

/// <summary>Counts over all messages, in one statement: they belong together.</summary>
public sealed record OutboxAudit(long Created, long Delivered, long Superseded, long Parked, long Due);
