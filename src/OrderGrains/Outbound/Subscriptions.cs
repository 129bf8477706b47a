using System.Collections.Concurrent;
using System.ComponentModel.DataAnnotations;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <summary>Who hears of what.</summary>
public sealed class Subscriptions(IReadOnlyDictionary<string, Subscription> byName)
{
    private readonly ConcurrentDictionary<string, IReadOnlyList<string>> _names = new(StringComparer.Ordinal);

    public static Subscriptions None { get; } = new(new Dictionary<string, Subscription>(StringComparer.Ordinal));

    /// <summary>Nobody hears of anything.</summary>
    public bool IsEmpty => byName.Count == 0;

    /// <summary>Null when nobody of this name is configured (any more).</summary>
    public Subscription? Find(string name) => byName.GetValueOrDefault(name);

    /// <summary>The names of those who hear of a type.</summary>
    public IReadOnlyList<string> To(string type) => _names.GetOrAdd(type, t => [.. byName
        .Where(one => one.Value.Events.Any(pattern => EventTypes.Matches(pattern, t)))
        .Select(one => one.Key).Order(StringComparer.Ordinal)]);

    /// <summary>One message for each who hears of an event.</summary>
    /// <param name="subject">What the event is about.</param>
    /// <param name="facts">The event.</param>
    /// <param name="sequence">As of <see cref="OutboundMessage.Sequence"/>.</param>
    /// <param name="now">The messages' time.</param>
    public IEnumerable<OutboundMessage> Messages(
        Subject subject, EventFacts facts, long? sequence, DateTimeOffset now) =>
        To(facts.Type).Select(name => Message(name, subject, facts, sequence, now));

    /// <inheritdoc cref="Messages"/>
    public static OutboundMessage Message(
        string subscriber, Subject subject, EventFacts facts, long? sequence, DateTimeOffset now) => new()
        {
            Id = Guid.CreateVersion7(now),
            Destination = subscriber,
            Kind = MessageKind.Event,
            Subject = subject,
            SequenceKey = subject.ToString(),
            Sequence = sequence,
            Event = facts,
            CreatedAt = now,
            NextAttemptAt = now,
            TraceParent = System.Diagnostics.Activity.Current?.Id,
        };
}

/// <summary>What a subscriber hears of, in its section of the configuration.</summary>
public sealed class Subscription
{
    /// <summary>Types of events: <c>order.shipped</c>, <c>order.*</c>, or <c>*</c> for all.</summary>
    [MinLength(1)] public IList<string> Events { get; init; } = [];

    /// <summary>How much it learns of who gets the goods. Default: as much as a label of a district.</summary>
    public PersonalData Personal { get; set; } = PersonalData.Masked;
}

/// <summary>How much of a person is told.</summary>
public enum PersonalData
{
    /// <summary>An initial, the city and the beginning of the postal code.</summary>
    Masked,

    /// <summary>Name, address, telephone and e-mail.</summary>
    Full,
}
