using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>One of the ways in which a shop records parcels.</summary>
internal interface ITrackingWay
{
    /// <summary>Looks whether the parcel is there, and records it if it is not.</summary>
    Task<Tracked> RecordAsync(
        OrderNode order, ParcelContent parcel, AttemptCalls calls, CancellationToken stopping);
}

/// <summary>What became of a parcel: a closed set.</summary>
internal abstract record Tracked
{
    /// <summary>It was there, as it should be.</summary>
    /// <param name="Id">What the shop calls it, with the way before it: <c>note:12</c>.</param>
    /// <param name="Note">What a person should know.</param>
    /// <param name="InPart">As of <see cref="ShopAnswer.Recorded"/>.</param>
    public sealed record There(string Id, string? Note = null, bool InPart = false) : Tracked;

    /// <inheritdoc cref="There"/>
    public sealed record Written(string Id, string? Note = null, bool InPart = false) : Tracked;

    /// <summary>There is nothing that it could be recorded for.</summary>
    public sealed record Nothing(string Why) : Tracked;

    /// <summary>It was recorded there, and a person has deleted that: it is not recorded anew.</summary>
    public sealed record Deleted : Tracked;

    /// <summary>The shop does not have this way.</summary>
    public sealed record NoSuchWay : Tracked;

    public sealed record Failed(SendResult Result) : Tracked;

    /// <summary>What a call came to that answered nothing.</summary>
    public static Tracked Of<T>(RestAnswer<T> answer) where T : class =>
        answer.HasNoRoute ? new NoSuchWay() : new Failed(answer.Failed!);
}
