namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>One request of the Admin API.</summary>
/// <param name="Text">GraphQL, with one operation.</param>
/// <param name="Points">
/// What it costs at most, as Shopify counts (shopify.dev, "API limits"): an object 1, a mutation 10, a list by its
/// <c>first</c>. No request may cost more than 1,000. The shop's own count is taken once it is known.
/// </param>
internal sealed record AdminDocument(string Text, int Points);

/// <summary>All that is asked of the Admin API, in version <see cref="ShopifyAdmin.Version"/>.</summary>
internal static class AdminDocuments
{
    private const string PageInfo = "pageInfo { hasNextPage endCursor }";
    private const string Lines = "nodes { id remainingQuantity lineItem { id } } " + PageInfo;
    private const string Fulfilments =
        "nodes { id status totalQuantity trackingInfo(first: 3) { company number } } " + PageInfo;

    /// <summary>An order's fulfilment orders, with the first of their lines and fulfilments.</summary>
    public static readonly AdminDocument Order = new(
        $$"""
        query Order($id: ID!, $after: String) {
          order(id: $id) {
            fulfillmentOrders(first: 5, after: $after) {
              nodes {
                id status requestStatus fulfillAt
                assignedLocation { location { id } }
                supportedActions { action }
                fulfillmentHolds { displayReason }
                lineItems(first: 20) { {{Lines}} }
                fulfillments(first: 10) { {{Fulfilments}} }
              }
              {{PageInfo}}
            }
          }
        }
        """,
        Points: 437);

    /// <summary>Whose a fulfilment order is, and whether that order's are held.</summary>
    public static readonly AdminDocument Parts = new(
        $$"""
        query Parts($id: ID!, $after: String) {
          fulfillmentOrder(id: $id) {
            order {
              id
              fulfillmentOrders(first: 50, after: $after) {
                nodes { id status fulfillmentHolds { displayReason reasonNotes } }
                {{PageInfo}}
              }
            }
          }
        }
        """,
        Points: 103);

    /// <summary>More lines of one fulfilment order.</summary>
    public static readonly AdminDocument MoreLines = new(
        $$"""
        query MoreLines($id: ID!, $after: String) {
          fulfillmentOrder(id: $id) { lineItems(first: 100, after: $after) { {{Lines}} } }
        }
        """,
        Points: 202);

    /// <summary>More fulfilments of one fulfilment order.</summary>
    public static readonly AdminDocument MoreFulfilments = new(
        $$"""
        query MoreFulfilments($id: ID!, $after: String) {
          fulfillmentOrder(id: $id) { fulfillments(first: 50, after: $after) { {{Fulfilments}} } }
        }
        """,
        Points: 202);

    /// <summary>What a fulfilment holds.</summary>
    public static readonly AdminDocument FulfilmentLines = new(
        $$"""
        query FulfilmentLines($id: ID!, $after: String) {
          fulfillment(id: $id) {
            fulfillmentLineItems(first: 100, after: $after) { nodes { quantity lineItem { id } } {{PageInfo}} }
          }
        }
        """,
        Points: 202);

    public static readonly AdminDocument CreateFulfilment = new(
        """
        mutation CreateFulfilment($fulfillment: FulfillmentInput!) {
          fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id } userErrors { field message } }
        }
        """,
        Points: 10);

    public static readonly AdminDocument UpdateTracking = new(
        """
        mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean!) {
          fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
            fulfillment { id } userErrors { field message }
          }
        }
        """,
        Points: 10);

    public static readonly AdminDocument CancelFulfilment = new(
        """
        mutation CancelFulfilment($id: ID!) {
          fulfillmentCancel(id: $id) { fulfillment { id } userErrors { field message } }
        }
        """,
        Points: 10);

    /// <summary>Inventory items, with what the shop has of them at one place.</summary>
    public static readonly AdminDocument Items = new(
        $$"""
        query Items($query: String!, $place: ID!, $names: [String!]!, $after: String) {
          inventoryItems(first: 100, after: $after, query: $query) {
            nodes {
              id sku tracked
              inventoryLevel(locationId: $place) { quantities(names: $names) { quantity updatedAt } }
            }
            {{PageInfo}}
          }
        }
        """,
        Points: 301);

    public static readonly AdminDocument Activate = new(
        """
        mutation Activate($item: ID!, $place: ID!, $names: [String!]!, $key: String!) {
          inventoryActivate(inventoryItemId: $item, locationId: $place) @idempotent(key: $key) {
            inventoryLevel { quantities(names: $names) { quantity updatedAt } } userErrors { field message }
          }
        }
        """,
        Points: 10);

    public static readonly AdminDocument SetQuantities = new(
        """
        mutation SetQuantities($input: InventorySetQuantitiesInput!, $key: String!) {
          inventorySetQuantities(input: $input) @idempotent(key: $key) {
            inventoryAdjustmentGroup { id } userErrors { code field message }
          }
        }
        """,
        Points: 10);

    /// <summary>All of them, for whoever holds them against the schema.</summary>
    public static IReadOnlyList<AdminDocument> All { get; } =
    [
        Order, Parts, MoreLines, MoreFulfilments, FulfilmentLines, CreateFulfilment, UpdateTracking,
        CancelFulfilment, Items, Activate, SetQuantities,
    ];
}
