namespace OrderGrains.Connectors.Wms;

/// <summary>
/// The events of a warehouse (CONTRACT section 3): <c>{"type","timestamp","data"}</c> under Standard Webhooks headers.
/// </summary>
/// <param name="storefronts">Names of the storefront sources, to find the order of a reference.</param>
public sealed class WarehouseConnector(IReadOnlyCollection<string> storefronts) : IConnector
{
    private const int TypeCharsMax = 64;

    /// <summary>The topic stays empty: the type stands in the body, which is read after the 200.</summary>
    public Verification Verify(
        SourceOptions source, IHeaderDictionary headers, ReadOnlySpan<byte> body, DateTimeOffset now) =>
        (Verification?)JsonMedia.Fault(headers)
        ?? StandardWebhooks.Verify(source.Secrets, headers, body, now, source.TimestampTolerance);

    public Reading Read(string sourceName, SourceOptions source, Receipt receipt) =>
        JsonBody.Read(receipt, root => Read(receipt, root));

    private Reading Read(Receipt receipt, JsonFields root)
    {
        var type = root.Code("type", TypeCharsMax);
        return type switch
        {
            "shipment.created" => Understand(WarehouseEvents.Shipped),
            "order.refused" => Understand(WarehouseEvents.Refused),
            "order.cancelled" => Understand(WarehouseEvents.Cancelled),
            "stock.counted" => Understand(static (_, data) => WarehouseEvents.Counted(data)),
            "stock.adjusted" => Understand(static (_, data) => WarehouseEvents.Adjusted(data)),
            _ => new Reading.Ignored($"type {type} is not one that we act on"),
        };

        Reading Understand(Func<IReadOnlyCollection<string>, JsonFields, Change> translate)
        {
            if (root.Object("data") is { } data)
                return new Reading.Understood(translate(storefronts, data), EventKey.Of(type, receipt));
            return new Reading.Unreadable("data is missing");
        }
    }
}
