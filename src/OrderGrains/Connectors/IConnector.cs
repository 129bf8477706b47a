namespace OrderGrains.Connectors;

/// <summary>The edge to one kind of sender: proves who sent a webhook, and later says what it means.</summary>
public interface IConnector
{
    /// <summary>
    /// Proves the sender over the raw bytes, in constant time, and picks what the receipt keeps of the headers.
    /// Runs before the 200: it reads no more of the body than the signature needs.
    /// </summary>
    Verification Verify(SourceOptions source, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now);

    /// <summary>Translates a receipt. Runs after the 200; throws for nothing that a sender can write.</summary>
    Reading Read(string sourceName, SourceOptions source, Receipt receipt);
}

/// <summary>What <see cref="IConnector.Verify"/> found.</summary>
public abstract record Verification
{
    /// <summary>The sender holds one of the source's secrets.</summary>
    public sealed record Authentic(string Topic, string? DeliveryId, DateTimeOffset? TriggeredAt = null)
        : Verification;

    /// <summary>Missing, wrong or too old; <paramref name="Rule"/> names the rule and never the signature.</summary>
    public sealed record Forged(string Rule) : Verification;

    /// <summary>A content type or encoding that this kind of source cannot have.</summary>
    public sealed record WrongMediaType(string Rule) : Verification;
}

/// <summary>What <see cref="IConnector.Read"/> understood.</summary>
public abstract record Reading
{
    /// <summary>A change, under the key by which its redeliveries are known.</summary>
    /// <param name="Change">What takes effect.</param>
    /// <param name="EventKey">The same on each redelivery.</param>
    /// <param name="Note">What a person should know, though all of it takes effect.</param>
    /// <param name="Left">
    /// What could not be understood. The rest takes effect, and then the receipt is parked with this.
    /// </param>
    public sealed record Understood(Change Change, string EventKey, string? Note = null, string? Left = null) : Reading;

    /// <summary>Well-formed and of no concern to us.</summary>
    public sealed record Ignored(string Reason) : Reading;

    /// <summary>
    /// Authentic, and not to be understood: a person must look. The reason names the field and the rule.
    /// </summary>
    public sealed record Unreadable(string Reason) : Reading;
}
