namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>What the shop means to send from one location.</summary>
/// <param name="Id">Its global id.</param>
/// <param name="LocationId">The location's global id; null when the location is gone.</param>
/// <param name="MayFulfil">The shop lets us record a parcel.</param>
/// <param name="WhyWaits">Why it cannot be recorded yet, for people; null: it does not wait.</param>
internal sealed record FulfillmentOrder(
    string Id, string Status, string RequestStatus, string? LocationId, bool MayFulfil, string? WhyWaits,
    IReadOnlyList<FulfillmentOrderLine> Lines)
{
    /// <summary>What is closed or cancelled has been replaced by another, or is done.</summary>
    public bool IsOpen => Status is not ("CLOSED" or "CANCELLED");

    public static FulfillmentOrder Of(FulfillmentOrderNode node, IReadOnlyList<FulfillmentOrderLineNode> lines) => new(
        node.Id, node.Status, node.RequestStatus, node.AssignedLocation.Location?.Id,
        node.SupportedActions.Any(action => action.Action == "CREATE_FULFILLMENT"),
        node.Status switch
        {
            "ON_HOLD" => "the shop holds it: "
                + string.Join(", ", node.FulfillmentHolds.Select(hold => hold.DisplayReason)),
            "SCHEDULED" => $"the shop sends it later: {node.FulfillAt:yyyy-MM-dd'T'HH:mm:ss'Z'}",
            _ => null,
        },
        [.. lines.Select(line => new FulfillmentOrderLine(
            line.Id, AdminId.Number(line.LineItem.Id), line.RemainingQuantity))]);
}

/// <param name="Id">Its global id.</param>
/// <param name="LineId">The number of the order's own line.</param>
/// <param name="Remaining">Units that nobody has fulfilled.</param>
internal sealed record FulfillmentOrderLine(string Id, string LineId, int Remaining);

/// <summary>A parcel that the shop knows of.</summary>
/// <param name="Id">Its global id.</param>
/// <param name="Units">Of all lines.</param>
internal sealed record ShopFulfilment(string Id, int Units, IReadOnlyList<TrackingNode> Tracking)
{
    public string Number => AdminId.Number(Id);
}

/// <summary>What the shop knows of the order's way out.</summary>
/// <param name="Orders">All fulfilment orders.</param>
/// <param name="Fulfilments">Each once, without those that are cancelled.</param>
internal sealed record OrderAtShop(
    IReadOnlyList<FulfillmentOrder> Orders, IReadOnlyList<ShopFulfilment> Fulfilments);
