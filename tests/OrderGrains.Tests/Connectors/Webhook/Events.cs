using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>Events on their way to a subscriber.</summary>
internal static class Events
{
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
    public const string NewSecret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

    public static readonly Guid Id = new("01982f0e-1f2e-7c3d-8a4b-0123456789ab");

    public static EventContent Shipped { get; } = new()
    {
        Type = "order.shipped",
        At = new DateTimeOffset(2026, 8, 1, 13, 30, 0, 250, TimeSpan.FromHours(2)),
        Subject = Subject.Of(new OrderKey("acme", "1042")),
        Sequence = 7,
        Data = """{"orderNumber":"#1042","lines":[{"sku":"MUG","quantity":2}]}""",
    };

    public static ShipTo Ada { get; } = new()
    {
        Name = "Ada Märsh",
        Address1 = "12 Willow Street",
        City = "Portland",
        PostalCode = "97201",
        CountryCode = "US",
    };

    public static Delivery Delivery(MessageContent? content, bool maybeSent = false) => new(
        new OutboundMessage
        {
            Id = Id,
            Destination = "crm",
            Kind = MessageKind.Event,
            Subject = Subject.Of(new OrderKey("acme", "1042")),
            SequenceKey = "order/acme/1042",
            CreatedAt = Deliveries.Now,
        },
        maybeSent, () => Task.FromResult(content));

    /// <summary>The destination at the other end of this client.</summary>
    public static IDestination To(
        HttpClient http, TimeProvider time, EventFormat format = EventFormat.StandardWebhooks,
        string url = "https://crm.example/hooks?tenant=7") => new WebhookDestination(
        http,
        new SubscriberWebhookOptions { Url = new Uri(url), Secrets = [NewSecret, Secret], Format = format },
        time);
}
