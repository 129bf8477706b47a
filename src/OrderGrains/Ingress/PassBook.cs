using System.Collections.Concurrent;

namespace OrderGrains.Ingress;

/// <summary>
/// How many receipts of each kind took effect here. A receipt that fails while others of its kind pass is to blame
/// itself; when none passes, something else is.
/// </summary>
internal sealed class PassBook
{
    /// <summary>What a receipt is, of which only the source is known: then any of that source is of its kind.</summary>
    private const string AnyTopic = "";

    private readonly ConcurrentDictionary<(string Source, string Topic), long> _passes = [];

    /// <summary>A receipt took effect, by way of a grain.</summary>
    /// <param name="source">Its source.</param>
    /// <param name="topic">The event's name, be it that only the body tells it.</param>
    public void TookEffect(string source, string topic)
    {
        Add((source, topic));
        if (topic != AnyTopic)
            Add((source, AnyTopic));
    }

    /// <summary>How many of this kind took effect so far.</summary>
    public long Count(string source, string topic) => _passes.GetValueOrDefault((source, topic));

    private void Add((string Source, string Topic) kind) =>
        _passes.AddOrUpdate(kind, 1, static (_, count) => count + 1);
}
