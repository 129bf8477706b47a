using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

/// <summary>Things to show.</summary>
internal static class Sample
{
    public static readonly OrderKey Key = new("acme", "5123456789012");

    public static ShipTo ShipTo { get; } = new()
    {
        Name = "Ada Lovelace",
        Company = "Engines Ltd",
        Address1 = "12 St James Square",
        City = "London",
        PostalCode = "SW1Y 4JH",
        CountryCode = "GB",
        Phone = "+44 20 7946 0000",
        Email = "ada@example.org",
    };

    public static Order Order(
        OrderKey? key = null, OrderStatus status = OrderStatus.Allocated, string number = "#1001") => new()
        {
            Key = key ?? Key,
            Status = status,
            ReceivedAt = ConsoleHost.Now.AddMinutes(-10),
            Storefront = new OrderSnapshot
            {
                UpdatedAt = ConsoleHost.Now.AddMinutes(-10),
                PlacedAt = ConsoleHost.Now.AddMinutes(-11),
                Number = number,
                Payment = Payment.Paid,
                Lines = [new SnapshotLine { LineId = "1", Sku = "MUG-BLUE", Quantity = 3 }],
                ShipTo = ShipTo,
            },
            Allocations = [new Allocation("1", "MUG-BLUE", "east", 3, 0)],
        };

    public static TimelineEntry Entry(
        TimelineKind kind, string summary, int minutesAgo = 5, string? actor = null) =>
        new(ConsoleHost.Now.AddMinutes(-minutesAgo), kind, summary, Actor: actor);

    public static ReceiptRow Receipt(
        int minutesAgo, ReceiptOutcome outcome = ReceiptOutcome.Parked, string reason = "lines: must be an array",
        string source = "acme") => new()
        {
            Id = Guid.CreateVersion7(ConsoleHost.Now.AddMinutes(-minutesAgo)),
            Source = source,
            Topic = "orders/create",
            ReceivedAt = ConsoleHost.Now.AddMinutes(-minutesAgo),
            SettledAt = outcome == ReceiptOutcome.Pending ? null : ConsoleHost.Now.AddMinutes(-minutesAgo),
            Outcome = outcome,
            Reason = reason,
            BodyBytes = 3,
        };

    public static ParkedMessage Message(
        int minutesAgo, string destination = "east-wms", string reason = "422: unknown SKU") => new(
        Guid.CreateVersion7(ConsoleHost.Now.AddMinutes(-minutesAgo)), destination, MessageKind.Release, Subject.Of(Key),
        "acme-5123456789012-1", reason, "422 {\"detail\":\"unknown SKU\"}", 4, ConsoleHost.Now.AddMinutes(-minutesAgo));
}
