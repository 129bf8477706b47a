namespace OrderGrains.Ingress;

/// <summary>Webhooks of one source that were not let in for one reason.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Status">What they were answered.</param>
/// <param name="Rule">The rule that they broke; never what they sent.</param>
/// <param name="Count">How many.</param>
/// <param name="LastAt">The latest.</param>
/// <param name="LastAddress">Where the latest came from. Personal data.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.TurnedAway")]
public sealed record TurnedAway(
    [property: Id(0)] string Source, [property: Id(1)] int Status, [property: Id(2)] string Rule,
    [property: Id(3)] long Count, [property: Id(4)] DateTimeOffset LastAt, [property: Id(5)] string LastAddress)
{
    public TurnedAway And(TurnedAway later) => later with { Count = Count + later.Count };
}

/// <summary>A sender's clock beside ours, as of the latest webhook of its source.</summary>
/// <param name="Source">The source's name.</param>
/// <param name="Accepted">
/// The webhook was let in, so its time is proven; otherwise it was turned away for its time, and anybody may have sent
/// it.
/// </param>
/// <param name="Ahead">How far the sender is ahead of us; null when its webhooks state no time.</param>
/// <param name="At">When it came.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.SenderClock")]
public sealed record SenderClock(
    [property: Id(0)] string Source, [property: Id(1)] bool Accepted, [property: Id(2)] TimeSpan? Ahead,
    [property: Id(3)] DateTimeOffset At);

/// <summary>What the front saw of the sources, beside the receipts that it kept.</summary>
/// <param name="TurnedAway">One for each source and rule.</param>
/// <param name="Clocks">At most two a source: the latest let in, and the latest turned away for its time.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.FrontNews")]
public sealed record FrontNews(
    [property: Id(0)] IReadOnlyList<TurnedAway> TurnedAway, [property: Id(1)] IReadOnlyList<SenderClock> Clocks)
{
    public static FrontNews None { get; } = new([], []);

    public bool IsEmpty => TurnedAway.Count == 0 && Clocks.Count == 0;
}
