namespace OrderGrains.Vocabulary;

/// <summary>What a message to a subscriber says: that something happened, with the facts as they were then.</summary>
[GenerateSerializer, Immutable, Alias("OrderGrains.EventContent")]
public sealed record EventContent : MessageContent
{
    /// <summary>Such as <c>order.shipped</c>.</summary>
    [Id(0)] public required string Type { get; init; }

    /// <summary>When it happened.</summary>
    [Id(1)] public required DateTimeOffset At { get; init; }

    [Id(2)] public required Subject Subject { get; init; }

    /// <summary>
    /// Rises with each event of its subject, by steps of any size; null where events of a subject have no order.
    /// </summary>
    [Id(3)] public long? Sequence { get; init; }

    /// <summary>The facts: a JSON object, without personal data.</summary>
    [Id(4)] public required string Data { get; init; }

    /// <summary>
    /// Who gets the goods, as of now and as far as the subscriber may know; null where there is nobody, or nothing may
    /// be known. Added to the facts as <c>shipTo</c>.
    /// </summary>
    [Id(5)] public ShipTo? ShipTo { get; init; }

    /// <summary>Says nothing of the person.</summary>
    public override string ToString() => $"EventContent {{ {Type} {Subject} }}";
}
