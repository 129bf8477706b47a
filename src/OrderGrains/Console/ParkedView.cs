using System.Text.Json.Serialization;
using OrderGrains.Ingress;
using OrderGrains.Outbound;

namespace OrderGrains.Console;

/// <summary>What is parked: a webhook that we could not use, or a message that we could not deliver.</summary>
internal enum ParkedKind
{
    Receipt,
    Message,
}

/// <summary>One thing that waits for a person.</summary>
/// <param name="Subject">A receipt's topic; what a message asks, and of which release.</param>
/// <param name="LastAnswer">What came back from the destination last.</param>
/// <param name="Attempts">Failed deliveries; 0 for a receipt.</param>
internal sealed record ParkedItem(
    Guid Id,
    ParkedKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Destination,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? OrderKey,
    string Subject,
    string Reason,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? LastAnswer,
    int Attempts,
    DateTimeOffset ParkedAt)
{
    public static ParkedItem Of(ReceiptRow row) => new(
        row.Id, ParkedKind.Receipt, row.Source, null, row.OrderKey, row.Topic, row.Reason ?? "", null, 0,
        row.SettledAt ?? row.ReceivedAt);

    public static ParkedItem Of(ParkedMessage message) => new(
        message.Id, ParkedKind.Message, null, message.Destination, message.OrderKey,
        $"{message.Kind.Word()} {message.What}", message.Reason, message.LastAnswer, message.Attempts,
        message.ParkedAt);
}

/// <summary>How many are parked alike.</summary>
internal sealed record ParkedGroup(
    ParkedKind Kind,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Source,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Destination,
    string Reason,
    int Count)
{
    public ParkedSelection Selection() => new(Kind, Destination, Source, Reason);
}

/// <summary>All groups, the largest first.</summary>
internal sealed record ParkedGroups(IReadOnlyList<ParkedGroup> Items);

/// <summary>Which parked things; null matches all. Only a message has a destination, only a receipt a source.</summary>
internal sealed record ParkedSelection(ParkedKind? Kind, string? Destination, string? Source, string? Reason)
{
    public bool TakesReceipts => Kind is not ParkedKind.Message && Destination is null;

    public bool TakesMessages => Kind is not ParkedKind.Receipt && Source is null;

    public override string ToString() =>
        $"kind={Kind?.Word() ?? "any"} destination={Destination ?? "any"} source={Source ?? "any"} "
        + $"reason={Reason ?? "any"}";

    public static ParkedSelection Read(
        RequestReader reader, string? kind, string? destination, string? source, string? reason)
    {
        var selection = new ParkedSelection(
            reader.Choice<ParkedKind>("kind", kind), reader.Text("destination", destination),
            reader.Text("source", source), string.IsNullOrWhiteSpace(reason) ? null : reason);
        if (!selection.TakesReceipts && !selection.TakesMessages)
            reader.Mistake("filter", "only a message has a destination, only a receipt a source.");
        return selection;
    }
}

/// <summary>What a call on many did; <paramref name="More"/>: call again for the rest.</summary>
internal sealed record ParkedManyAnswer(int Count, bool More);
