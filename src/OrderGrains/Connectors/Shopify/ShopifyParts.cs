using OrderGrains.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Shopify;

/// <summary>
/// Webhooks <c>fulfillment_orders/*</c> of a shop that can be asked whose a fulfilment order is. What holds is what it
/// then says of the whole order, so that all of them are one question, whatever the order in which they come.
/// </summary>
/// <param name="source">The source's name.</param>
internal sealed class ShopifyParts(string source)
{
    private const int StatusCharsMax = 20;

    /// <param name="receipt">The webhook, with the shop's answer once that is there.</param>
    /// <param name="root">Its body.</param>
    /// <param name="name">Of the fulfilment order in it.</param>
    public Reading Read(Receipt receipt, JsonFields root, string name)
    {
        var id = root.Object(name) is { } part ? ShopifyId.Number(part, "id", "FulfillmentOrder") : root.Missing(name);
        var place = root.Exists("destination_location_id")
            ? ShopifyId.Number(root, "destination_location_id", "Location") : null;
        if (id.Length == 0 || receipt.Fetched is not { } fetched)
            return new Reading.Fetch(new Uri($"gid://shopify/FulfillmentOrder/{id}"));
        return OrderEvents.OfFetched(JsonBody.Read(
            receipt with { Body = fetched.Body }, shop => new Reading.Understood(
                Stated(shop, place is null ? "" : $"; it has moved fulfilment order {id} to its location {place}",
                    fetched.At), EventKey.Of(receipt.Topic, receipt))));
    }

    private PartsStated Stated(JsonFields shop, string moved, DateTimeOffset at)
    {
        var order = new OrderKey(source, ShopifyId.Number(shop, "orderId", "Order"));
        var parts = (shop.Items("parts", ConnectorLimits.LinesMax) ?? []).Select(Part).ToArray();
        if (parts.Length == 0)
            shop.Missing("parts");
        var held = parts.Where(part => part.IsHeld).ToArray();
        var what = held.Length == 0 ? "the shop holds no part of it"
            : $"the shop holds {string.Join(" and ", held.Select(part => part.Id))}";
        return new PartsStated(order, parts, what + moved, at);
    }

    private static StatedPart Part(JsonFields part)
    {
        var id = ShopifyId.Number(part, "id", "FulfillmentOrder");
        var isHeld = part.Code("status", StatusCharsMax) == "ON_HOLD";
        var holds = part.Items("fulfillmentHolds", ConnectorLimits.LinesMax) ?? [];
        var said = string.Join("; ", holds.Select(hold => string.Join(": ",
            new[] { hold.Text("displayReason"), hold.Text("reasonNotes") }.OfType<string>())));
        return new StatedPart($"fulfilment order {id}", isHeld) { Said = isHeld && said.Length > 0 ? said : null };
    }
}
