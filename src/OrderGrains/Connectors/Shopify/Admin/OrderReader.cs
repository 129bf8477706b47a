namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Reads an order whole, page by page: it may be moved, split and held at any time, so nothing is kept.
/// </summary>
internal sealed class OrderReader(ShopifyAdmin admin)
{
    /// <summary>Pages of one list; more is no order.</summary>
    private const int PagesMax = 100;

    /// <summary>The order; both null when the shop has no such order.</summary>
    /// <param name="id">Its global id.</param>
    /// <param name="calls">The attempt.</param>
    /// <param name="stopping">Ends the calls.</param>
    public async Task<(OrderAtShop? Order, SendResult? Failed)> ReadAsync(
        string id, AttemptCalls calls, CancellationToken stopping)
    {
        var isThere = true;
        var (nodes, failed) = await PagesAsync<OrderAnswer, FulfillmentOrderNode>(
            AdminDocuments.Order, id, null, answer =>
            {
                isThere &= answer.Order is not null;
                return answer.Order?.FulfillmentOrders;
            },
            calls, stopping);
        if (failed is not null || !isThere)
            return (null, failed);
        var orders = new List<FulfillmentOrder>();
        var fulfilments = new Dictionary<string, FulfillmentNode>(StringComparer.Ordinal);
        foreach (var node in nodes)
        {
            var (lines, noLines) = await PagesAsync<MoreLinesAnswer, FulfillmentOrderLineNode>(
                AdminDocuments.MoreLines, node.Id, node.LineItems, answer => answer.FulfillmentOrder?.LineItems,
                calls, stopping);
            var (made, noneMade) = await PagesAsync<MoreFulfilmentsAnswer, FulfillmentNode>(
                AdminDocuments.MoreFulfilments, node.Id, node.Fulfillments,
                answer => answer.FulfillmentOrder?.Fulfillments, calls, stopping);
            if ((noLines ?? noneMade) is { } broken)
                return (null, broken);
            orders.Add(FulfillmentOrder.Of(node, lines));
            // One of several fulfilment orders stands in each.
            foreach (var fulfilment in made)
                fulfilments[fulfilment.Id] = fulfilment;
        }

        return (new OrderAtShop(orders,
        [
            .. fulfilments.Values.Where(one => one.Status != "CANCELLED")
                .Select(one => new ShopFulfilment(one.Id, one.TotalQuantity, one.TrackingInfo)),
        ]), null);
    }

    /// <summary>Units in a fulfilment, by the number of the order's line.</summary>
    public async Task<(Dictionary<string, int> Units, SendResult? Failed)> ReadLinesAsync(
        ShopFulfilment fulfilment, AttemptCalls calls, CancellationToken stopping)
    {
        var (lines, failed) = await PagesAsync<FulfilmentLinesAnswer, FulfillmentLineNode>(
            AdminDocuments.FulfilmentLines, fulfilment.Id, null, answer => answer.Fulfillment?.FulfillmentLineItems,
            calls, stopping);
        return (lines.GroupBy(line => AdminId.Number(line.LineItem.Id), StringComparer.Ordinal)
            .ToDictionary(line => line.Key, line => line.Sum(one => one.Quantity), StringComparer.Ordinal), failed);
    }

    /// <summary>All rows of a list, whose first page may be there already.</summary>
    public async Task<(List<TRow> Rows, SendResult? Failed)> PagesAsync<TAnswer, TRow>(
        AdminDocument document, string id, Rows<TRow>? first, Func<TAnswer, Rows<TRow>?> rowsOf, AttemptCalls calls,
        CancellationToken stopping) where TAnswer : class
    {
        var rows = new List<TRow>(first?.Nodes ?? []);
        var page = first?.PageInfo ?? new PageInfo(true, null);
        for (var pages = 0; page.HasNextPage; pages++)
        {
            if (pages == PagesMax)
                return (rows, new SendResult.Refused($"the shop's order has more than {PagesMax} pages of one list"));
            var (answer, failed) = await admin.CallAsync<TAnswer>(
                document, new { id, after = page.EndCursor }, calls, stopping);
            if (answer is null)
                return (rows, failed);
            // It is gone since.
            if (rowsOf(answer) is not { } next)
                break;
            rows.AddRange(next.Nodes);
            page = next.PageInfo;
        }

        return (rows, null);
    }
}
