namespace OrderGrains.Vocabulary;

/// <summary>Whether a webhook comes from who it says.</summary>
public abstract record Verification
{
    /// <summary>
    /// What the sender's clock showed, where the request says it. Of a forged one only when that is what is wrong with
    /// it, and then nothing proves it.
    /// </summary>
    public DateTimeOffset? StatedAt { get; init; }

    /// <summary>The sender holds one of the source's secrets.</summary>
    public sealed record Authentic(string Topic, string? DeliveryId, DateTimeOffset? TriggeredAt = null)
        : Verification;

    /// <summary>
    /// It says nothing that could take effect, as a shop's test call: it is answered 200 and not kept, so it needs no
    /// signature.
    /// </summary>
    public sealed record Greeting : Verification;

    /// <summary>Missing, wrong or too old; <paramref name="Rule"/> names the rule and never the signature.</summary>
    public sealed record Forged(string Rule) : Verification;

    /// <summary>
    /// Nobody can tell yet: it is signed by a key that we have not heard of, and for which we ask. The sender is told
    /// to come again.
    /// </summary>
    public sealed record Unready(string Rule) : Verification;

    /// <summary>A content type or encoding that this kind of source cannot have.</summary>
    public sealed record WrongMediaType(string Rule) : Verification;
}
