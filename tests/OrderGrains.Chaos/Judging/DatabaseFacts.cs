namespace OrderGrains.Chaos.Judging;

/// <summary>What the product's tables hold, read in one transaction.</summary>
internal sealed record DatabaseFacts
{
    public IReadOnlyList<ReceiptRow> Receipts { get; init; } = [];

    public IReadOnlyList<OrderRow> Orders { get; init; } = [];

    public IReadOnlyList<MessageRow> Messages { get; init; } = [];

    public IReadOnlyList<StockRow> Stock { get; init; } = [];

    /// <summary>Those that are open or waiting.</summary>
    public IReadOnlyList<ReservationRow> Reservations { get; init; } = [];

    public IReadOnlyList<MovementRow> Movements { get; init; } = [];
}

/// <param name="Said">What its body says; empty where it was not read.</param>
internal sealed record ReceiptRow(
    string Source, string Topic, string? DeliveryId, DateTimeOffset ReceivedAt, string Outcome, string? Reason,
    string? OrderKey, ReceiptSaid Said)
{
    public bool IsSettled => Outcome != "pending";

    /// <summary>What it is, whoever sent it: a shop names it in a header, a warehouse in the body.</summary>
    public string Kind => Topic.Length > 0 ? Topic : Said.Type ?? "?";
}

/// <summary>What a body says, as far as it explains an outcome.</summary>
/// <param name="Type">The type of a warehouse's event.</param>
/// <param name="Reference">The release that it is about.</param>
/// <param name="At">The time that it bears: <c>updated_at</c>, <c>committed_at</c>, <c>asOf</c> …</param>
/// <param name="Location">Of a count.</param>
/// <param name="Skus">That are counted.</param>
internal sealed record ReceiptSaid(
    string? Type = null, string? Reference = null, DateTimeOffset? At = null, string? Location = null,
    IReadOnlyList<string>? Skus = null)
{
    public static ReceiptSaid Nothing { get; } = new();
}

internal sealed record OrderRow(string Key, string Status);

internal sealed record MessageRow(
    string Destination, string Kind, string State, string OrderKey, string Reference, int Attempts,
    string? LastAnswer, string? Reason);

internal sealed record StockRow(string Location, string Sku, int OnHand, int Reserved, int Shortfall)
{
    public int Available => OnHand - Reserved;

    public int Units => OnHand - Shortfall;

    public string Name => $"{Location}/{Sku}";
}

internal sealed record ReservationRow(
    string Location, string Sku, string OrderKey, string LineId, int Quantity, int AtWarehouse, int Waiting,
    DateTimeOffset PlacedAt)
{
    /// <summary>Units that no warehouse has.</summary>
    public int Loose => Quantity - AtWarehouse;
}

/// <param name="Kind"><c>counted</c>, <c>adjusted</c>, <c>shipped</c> or <c>set</c>.</param>
internal sealed record MovementRow(
    string Location, string Sku, string Id, string Kind, int Delta, DateTimeOffset At, string? OrderKey,
    string? LineId);
