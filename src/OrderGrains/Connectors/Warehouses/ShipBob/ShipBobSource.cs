using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>
/// ShipBob's webhooks (developer.shipbob.com, "Webhooks"), signed by Standard Webhooks. A body is the shipment as
/// <c>GET /order/{id}/shipment/{id}</c> has it, or its order with shipments in it.
/// </summary>
/// <remarks>
/// The topic stands in a header that is not signed, so it only tells which events are of shipments at all. What has
/// become of a shipment, its status in the body tells.
/// </remarks>
/// <param name="options">Its settings.</param>
/// <param name="storefronts">Names of the storefront sources, to find the order of a reference.</param>
public sealed class ShipBobSource(WarehouseSourceOptions options, IReadOnlyCollection<string> storefronts)
    : IWebhookSource
{
    public const string TopicHeader = "x-webhook-topic";

    private const int TopicCharsMax = 64;

    private readonly StandardProof _proof = new(options.Secrets, options.TimestampTolerance);

    public string? Warehouse => options.Warehouse;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        var verified = (Verification?)BodyMedia.Fault(request.Headers) ?? _proof.Verify(request, now);
        return verified is Verification.Authentic authentic
            ? authentic with { Topic = HeaderText.Bounded(request.Headers[TopicHeader], TopicCharsMax) ?? "" }
            : verified;
    }

    public string? Sign(TestCall call)
    {
        call.Headers[TopicHeader] = TestCall.Topic;
        return _proof.Sign(call);
    }

    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root =>
    {
        var topic = receipt.Topic.Length > 0 ? receipt.Topic : root.Code("topic", TopicCharsMax);
        if (!topic.StartsWith("order.", StringComparison.OrdinalIgnoreCase))
            return new Reading.Ignored($"topic {topic} is not one that we act on");
        return Read(receipt, root.Object("data") ?? root);
    });

    private Reading Read(Receipt receipt, JsonFields told)
    {
        var reference = told.Code("reference_id", ConnectorLimits.TextCharsMax);
        if (WarehouseEvents.FindReference(storefronts, reference, out var order) is not { } ours)
            return new Reading.Ignored("reference_id fits no configured storefront: an order of somebody else's");
        if (told.Items("shipments", ConnectorLimits.LinesMax) is not { } shipments)
            return Read(receipt, told, order, ours);
        return shipments is [var only] ? Read(receipt, only, order, ours)
            : new Reading.Unreadable(
                $"shipments has {shipments.Length} entries, and nothing says which of them the event is of");
    }

    private static Reading Read(Receipt receipt, JsonFields shipment, OrderKey order, string reference)
    {
        var id = shipment.DigitsId("id");
        var status = shipment.Code("status", TopicCharsMax);
        return status.ToLowerInvariant() switch
        {
            _ when ShipBobOrder.IsGone(status) => new Reading.Understood(
                new ShipmentMade(order, ShipBobParcel.Read(receipt, shipment, id, reference)),
                EventKey.Of("shipment.made", receipt)),
            "cancelled" => new Reading.Understood(
                new ReleaseCancelled(order, reference), EventKey.Of("shipment.cancelled", receipt)),
            "onhold" or "exception" => new Reading.Ignored(
                $"shipment {id} of {reference} is {status} there{Why(shipment)}: a person must mend it at ShipBob"),
            _ => new Reading.Ignored($"shipment {id} of {reference} is {status}: nothing has left"),
        };
    }

    /// <summary>The names of the reasons; their descriptions may hold an address.</summary>
    private static string Why(JsonFields shipment)
    {
        var names = (shipment.Items("status_details", ConnectorLimits.LinesMax) ?? [])
            .Select(detail => detail.Text("name", TopicCharsMax)).OfType<string>().ToArray();
        return names.Length == 0 ? "" : $" ({string.Join(", ", names)})";
    }
}
