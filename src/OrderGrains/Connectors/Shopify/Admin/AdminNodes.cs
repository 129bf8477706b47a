namespace OrderGrains.Connectors.Shopify.Admin;

// What the documents answer, field by field as the API names it. What is not nullable here must be there.

internal sealed record Rows<T>(IReadOnlyList<T> Nodes, PageInfo PageInfo);

internal sealed record PageInfo(bool HasNextPage, string? EndCursor);

internal sealed record Identified(string Id);

internal sealed record OrderAnswer(OrderNode? Order);

internal sealed record OrderNode(Rows<FulfillmentOrderNode> FulfillmentOrders);

internal sealed record FulfillmentOrderNode(
    string Id,
    string Status,
    string RequestStatus,
    DateTimeOffset? FulfillAt,
    AssignedLocationNode AssignedLocation,
    IReadOnlyList<ActionNode> SupportedActions,
    IReadOnlyList<HoldNode> FulfillmentHolds,
    Rows<FulfillmentOrderLineNode> LineItems,
    Rows<FulfillmentNode> Fulfillments);

internal sealed record AssignedLocationNode(Identified? Location);

internal sealed record ActionNode(string Action);

internal sealed record HoldNode(string DisplayReason);

internal sealed record FulfillmentOrderLineNode(string Id, int RemainingQuantity, Identified LineItem);

internal sealed record FulfillmentNode(
    string Id, string Status, int TotalQuantity, IReadOnlyList<TrackingNode> TrackingInfo);

internal sealed record TrackingNode(string? Company, string? Number);

internal sealed record PartsAnswer(PartsNode? FulfillmentOrder);

internal sealed record PartsNode(PartsOrderNode Order);

internal sealed record PartsOrderNode(string Id, Rows<PartNode> FulfillmentOrders);

/// <summary>A fulfilment order, and whether it is held.</summary>
internal sealed record PartNode(string Id, string Status, IReadOnlyList<HoldWordsNode> FulfillmentHolds);

/// <summary>What is kept with the webhook.</summary>
internal sealed record PartsOfOrder(string OrderId, IReadOnlyList<PartNode> Parts);

internal sealed record HoldWordsNode(string DisplayReason, string? ReasonNotes);

internal sealed record MoreLinesAnswer(MoreLinesNode? FulfillmentOrder);

internal sealed record MoreLinesNode(Rows<FulfillmentOrderLineNode> LineItems);

internal sealed record MoreFulfilmentsAnswer(MoreFulfilmentsNode? FulfillmentOrder);

internal sealed record MoreFulfilmentsNode(Rows<FulfillmentNode> Fulfillments);

internal sealed record FulfilmentLinesAnswer(FulfilmentLinesNode? Fulfillment);

internal sealed record FulfilmentLinesNode(Rows<FulfillmentLineNode> FulfillmentLineItems);

internal sealed record FulfillmentLineNode(int Quantity, Identified LineItem);

internal sealed record CreateFulfilmentAnswer(FulfillmentPayload FulfillmentCreate);

internal sealed record UpdateTrackingAnswer(FulfillmentPayload FulfillmentTrackingInfoUpdate);

internal sealed record CancelFulfilmentAnswer(FulfillmentPayload FulfillmentCancel);

internal sealed record FulfillmentPayload(Identified? Fulfillment, IReadOnlyList<UserErrorNode> UserErrors);

/// <summary>What the shop has against a write.</summary>
/// <param name="Field">Its path within the input, such as <c>input, quantities, 3, quantity</c>.</param>
internal sealed record UserErrorNode(IReadOnlyList<string>? Field, string Message, string? Code = null);

internal sealed record ItemsAnswer(Rows<ItemNode> InventoryItems);

internal sealed record ItemNode(string Id, string? Sku, bool Tracked, LevelNode? InventoryLevel);

internal sealed record LevelNode(IReadOnlyList<QuantityNode> Quantities);

internal sealed record QuantityNode(int Quantity, string? UpdatedAt);

internal sealed record ActivateAnswer(ActivatePayload InventoryActivate);

internal sealed record ActivatePayload(LevelNode? InventoryLevel, IReadOnlyList<UserErrorNode> UserErrors);

internal sealed record SetQuantitiesAnswer(SetQuantitiesPayload InventorySetQuantities);

internal sealed record SetQuantitiesPayload(
    Identified? InventoryAdjustmentGroup, IReadOnlyList<UserErrorNode> UserErrors);
