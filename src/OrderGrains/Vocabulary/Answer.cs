namespace OrderGrains.Vocabulary;

/// <summary>What a message's subject hears of its delivery.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.Answer")]
public abstract record Answer;

/// <summary>What a warehouse answered to an order's message: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer")]
public abstract record WarehouseAnswer : Answer
{
    /// <summary>The warehouse has the order (made, updated or found).</summary>
    /// <param name="WarehouseOrderId">The warehouse's own name for it, if it has one.</param>
    /// <param name="Recipient">
    /// Who gets the order as it was sent now (<see cref="ReleaseRequest.Recipient"/>); null when it was there already,
    /// and so was not sent.
    /// </param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Taken")]
    public sealed record Taken(
        [property: Id(0)] string? WarehouseOrderId, [property: Id(1)] string? Recipient = null) : WarehouseAnswer;

    /// <summary>The order is stopped.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.Cancelled")]
    public sealed record Cancelled : WarehouseAnswer;

    /// <summary>
    /// Picked already: neither change nor cancel is possible. Of an order in several parts, not of all of them.
    /// </summary>
    /// <param name="Said">The warehouse's own words, if any: they may hold personal data.</param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.TooLate")]
    public sealed record TooLate([property: Id(0)] string? Said = null) : WarehouseAnswer;

    /// <summary>
    /// The warehouse cannot change an order, so this one is stopped: it is to be released anew, under another
    /// reference. Only to <see cref="MessageKind.Change"/>.
    /// </summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.StoppedToChange")]
    public sealed record StoppedToChange : WarehouseAnswer;

    /// <summary>The warehouse knows no such reference.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.WarehouseAnswer.NotFound")]
    public sealed record NotFound : WarehouseAnswer;
}

/// <summary>What a storefront answered to a parcel: a closed set.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.ShopAnswer")]
public abstract record ShopAnswer : Answer
{
    /// <summary>The storefront has the parcel.</summary>
    /// <param name="FulfilmentId">Its own id of it, if it has one.</param>
    /// <param name="Note">What a person should know, in our words; null: nothing.</param>
    /// <param name="InPart">Fewer units were open there than the parcel has, and those are recorded alone.</param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.ShopAnswer.Recorded")]
    public sealed record Recorded(
        [property: Id(0)] string? FulfilmentId, [property: Id(1)] string? Note = null,
        [property: Id(2)] bool InPart = false) : ShopAnswer;

    /// <summary>There is nothing that it could be recorded for, such as units that others have sent.</summary>
    /// <param name="Why">In our words.</param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.ShopAnswer.NothingToRecord")]
    public sealed record NothingToRecord([property: Id(0)] string Why) : ShopAnswer;

    /// <summary>The storefront has no record of the parcel any more.</summary>
    [GenerateSerializer, Immutable, Alias("OrderGrains.ShopAnswer.TakenBack")]
    public sealed record TakenBack : ShopAnswer;

    /// <summary>The storefront cannot take its record back, or does not.</summary>
    /// <param name="Why">For people.</param>
    [GenerateSerializer, Immutable, Alias("OrderGrains.ShopAnswer.NotTakenBack")]
    public sealed record NotTakenBack([property: Id(0)] string Why) : ShopAnswer;
}
