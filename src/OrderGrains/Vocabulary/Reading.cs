namespace OrderGrains.Vocabulary;

/// <summary>What was understood of a receipt.</summary>
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

    /// <summary>
    /// What it is about is elsewhere: that is to be fetched, and then the receipt is read again with what came
    /// (<see cref="Receipt.Fetched"/>).
    /// </summary>
    /// <param name="Address">From where. The source's own configuration says who is asked.</param>
    /// <param name="Why">Why what came does not do yet; null: nothing has come.</param>
    public sealed record Fetch(Uri Address, string? Why = null) : Reading;

    /// <summary>
    /// It tells of several things, each of which becomes a receipt of its own. What it says is erased then: they say it
    /// again. Should it be divided twice, their delivery ids are the same.
    /// </summary>
    /// <param name="Parts">At least one.</param>
    /// <param name="Why">For people.</param>
    public sealed record Divided(IReadOnlyList<ReceiptPart> Parts, string Why) : Reading;

    /// <summary>Well-formed and of no concern to us.</summary>
    public sealed record Ignored(string Reason) : Reading;

    /// <summary>
    /// Authentic, and not to be understood: a person must look. The reason names the field and the rule.
    /// </summary>
    public sealed record Unreadable(string Reason) : Reading;
}
