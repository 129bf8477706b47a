using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Tests.Connectors;

/// <summary>Webhooks as senders write them, and the receipts that they become.</summary>
internal static class Deliveries
{
    public static readonly DateTimeOffset Now = new(2026, 8, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>A first attempt to release, where its message does not matter.</summary>
    public static Delivery Attempt { get; } = Of(MessageKind.Release);

    /// <summary>An attempt to send a message about this reference.</summary>
    public static Delivery Of(
        MessageKind kind, string reference = "acme-1-1", bool maybeSent = false, MessageContent? content = null) => new(
            new OutboundMessage
            {
                Id = Guid.CreateVersion7(Now),
                Destination = "other",
                Kind = kind,
                Subject = Subject.Of(new OrderKey("acme", "1")),
                SequenceKey = reference,
                CreatedAt = Now,
            },
            maybeSent, () => Task.FromResult(content));

    public static HeaderDictionary SignedByShopify(string secret, ReadOnlySpan<byte> body) => new()
    {
        [ShopifySource.SignatureHeader] =
            Convert.ToBase64String(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), body)),
        [ShopifySource.TopicHeader] = "orders/create",
        [ShopifySource.WebhookIdHeader] = "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
        ["Content-Type"] = "application/json",
    };

    public static HeaderDictionary SignedByStandard(
        string secret, ReadOnlySpan<byte> body, DateTimeOffset at, string id = "msg_1") => new()
        {
            [StandardWebhooks.IdHeader] = id,
            [StandardWebhooks.TimestampHeader] = at.ToUnixTimeSeconds().ToString(),
            [StandardWebhooks.SignatureHeader] = StandardWebhooks.Sign(secret, id, at, body),
        };

    public static Receipt Receipt(string topic, ReadOnlyMemory<byte> body, string? deliveryId = "d-1") => new()
    {
        Id = Guid.CreateVersion7(Now),
        Source = "acme",
        Topic = topic,
        DeliveryId = deliveryId,
        Body = body,
        ReceivedAt = Now,
    };

    public static Receipt Receipt(string topic, string body, string? deliveryId = "d-1") =>
        Receipt(topic, Encoding.UTF8.GetBytes(body), deliveryId);

    public static ShopifySource Shop(params string[] secrets) =>
        new("acme", new ShopifyOptions { Secrets = [.. secrets] });

    public static WarehouseSource Wms(string secret, params string[] storefronts) =>
        new(new WarehouseSourceOptions { Secrets = [secret], Warehouse = "east-wms" }, storefronts);

    public static string Rule(Verification verification) => verification switch
    {
        Verification.Forged forged => forged.Rule,
        Verification.WrongMediaType wrong => wrong.Rule,
        _ => "",
    };
}
