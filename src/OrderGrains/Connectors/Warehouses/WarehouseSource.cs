using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// The events of a warehouse (CONTRACT section 3): <c>{"type","timestamp","data"}</c> under Standard Webhooks headers.
/// </summary>
/// <param name="options">Its settings.</param>
/// <param name="storefronts">Names of the storefront sources, to find the order of a reference.</param>
public sealed class WarehouseSource(WarehouseSourceOptions options, IReadOnlyCollection<string> storefronts)
    : IWebhookSource
{
    private const int TypeCharsMax = 64;

    private readonly StandardProof _proof = new(options.Secrets, options.TimestampTolerance);

    public string? Warehouse => options.Warehouse;

    /// <summary>The topic stays empty: the type stands in the body, which is read after the 200.</summary>
    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        (Verification?)BodyMedia.Fault(request.Headers) ?? _proof.Verify(request, now);

    public string? Sign(TestCall call) => _proof.Sign(call);

    public Reading Read(Receipt receipt) =>
        JsonBody.Read(receipt, root => Read(receipt, root));

    private Reading Read(Receipt receipt, JsonFields root)
    {
        var type = root.Code("type", TypeCharsMax);
        return type.ToLowerInvariant() switch
        {
            "shipment.created" => Understand("shipment.created", data =>
                WarehouseEvents.Shipped(storefronts, data, receipt.ReceivedAt)),
            "order.refused" => Understand("order.refused", data => WarehouseEvents.Refused(storefronts, data)),
            "order.cancelled" => Understand("order.cancelled", data => WarehouseEvents.Cancelled(storefronts, data)),
            "stock.counted" => Understand("stock.counted", data => StockEvents.Counted(data, receipt.ReceivedAt)),
            "stock.adjusted" => Understand("stock.adjusted", data => StockEvents.Adjusted(data, receipt.ReceivedAt)),
            _ => new Reading.Ignored($"type {type} is not one that we act on"),
        };

        Reading Understand(string kind, Func<JsonFields, WarehouseEvent> translate)
        {
            if (root.Object("data") is not { } data)
                return new Reading.Unreadable("data is missing");
            var (change, note, left) = translate(data);
            return new Reading.Understood(change, EventKey.Of(kind, receipt), note, left);
        }
    }
}

/// <summary>What one event says.</summary>
/// <param name="Change">What takes effect.</param>
/// <param name="Note">As in <see cref="Reading.Understood"/>.</param>
/// <param name="Left">As in <see cref="Reading.Understood"/>.</param>
internal sealed record WarehouseEvent(Change Change, string? Note = null, string? Left = null);
