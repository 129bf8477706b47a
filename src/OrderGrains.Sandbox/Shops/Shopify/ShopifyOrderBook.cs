namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>Orders, their fulfilment orders and fulfilments. Whoever calls holds the shop's lock.</summary>
internal sealed class ShopifyOrderBook(ShopifyStockroom stockroom)
{
    private const int LinesMax = 512;

    private readonly SortedDictionary<long, ShopifyOrder> _orders = [];
    private long _ids = 1000;

    /// <summary>Told of each parcel that is recorded. Null: nobody is.</summary>
    public Action<ShopifyOrder, ShopifyFulfilment>? Recorded { get; set; }

    public ShopifyOrder Make(IEnumerable<(string Sku, int Units)> lines, long location, bool routed)
    {
        var order = new ShopifyOrder(
            ++_ids, [.. lines.Select(line => new ShopifyOrderLine(++_ids, line.Sku, line.Units))]);
        _orders.Add(order.Id, order);
        foreach (var line in order.Lines)
        {
            if (stockroom.Find(line.Sku) is { } item)
                stockroom.Change(item, location, -line.Quantity, line.Quantity);
        }

        if (routed)
            Route(order, location);
        return order;
    }

    /// <summary>
    /// The order with this id is to send so many units of each line: it is made, or follows by what has changed.
    /// </summary>
    public void Follow(long id, IReadOnlyList<(long Id, string Sku, int Wanted)> lines, long location)
    {
        if (!_orders.TryGetValue(id, out var order))
        {
            _orders[id] = order = new ShopifyOrder(
                id, [.. lines.Select(line => new ShopifyOrderLine(line.Id, line.Sku, line.Wanted))]);
            order.FulfilmentOrders.Add(new ShopifyFulfilmentOrder(++_ids, location));
        }

        var of = order.FulfilmentOrders[0];
        foreach (var line in order.Lines)
        {
            var gone = order.Fulfilments.Where(one => one.Status != "CANCELLED")
                .Sum(one => one.Units.GetValueOrDefault(line.Id));
            var open = of.Lines.Find(one => one.Line == line);
            if (open is null)
                of.Lines.Add(open = new ShopifyFulfilmentOrderLine(++_ids, line, 0));
            var more = Math.Max(0, lines.First(l => l.Id == line.Id).Wanted - gone) - open.Remaining;
            open.Remaining += more;
            if (more != 0 && stockroom.Find(line.Sku) is { } item)
                stockroom.Change(item, location, -more, more);
        }

        if (of.Status is "OPEN" or "IN_PROGRESS" or "CLOSED")
            of.Status = of.Lines.All(line => line.Remaining == 0) ? "CLOSED" : "OPEN";
    }

    /// <summary>The shop decides from where the order is sent.</summary>
    public void Route(ShopifyOrder order, long location)
    {
        var one = new ShopifyFulfilmentOrder(++_ids, location);
        one.Lines.AddRange(order.Lines.Select(line => new ShopifyFulfilmentOrderLine(++_ids, line, line.Quantity)));
        order.FulfilmentOrders.Add(one);
    }

    /// <summary>
    /// So many units of a line go into a fulfilment order of their own, at another location or the same.
    /// </summary>
    public void Split(ShopifyOrder order, long lineId, int units, long location)
    {
        var from = order.FulfilmentOrders.First(one => one.Status == "OPEN"
            && one.Lines.Any(line => line.Line.Id == lineId && line.Remaining >= units));
        var moved = from.Lines.First(line => line.Line.Id == lineId);
        moved.Remaining -= units;
        var to = new ShopifyFulfilmentOrder(++_ids, location);
        to.Lines.Add(new ShopifyFulfilmentOrderLine(++_ids, moved.Line, units));
        order.FulfilmentOrders.Add(to);
        Close(from);
    }

    /// <summary>Its units can be fulfilled again, by a new fulfilment order.</summary>
    public void Cancel(ShopifyOrder order, ShopifyFulfilment fulfilment)
    {
        fulfilment.Status = "CANCELLED";
        var one = new ShopifyFulfilmentOrder(++_ids, fulfilment.Location);
        one.Lines.AddRange(fulfilment.Units.Select(unit => new ShopifyFulfilmentOrderLine(
            ++_ids, order.Lines.First(line => line.Id == unit.Key), unit.Value)));
        order.FulfilmentOrders.Add(one);
    }

    /// <summary><c>fulfillmentCancel</c>.</summary>
    public Node Cancel(Arguments arguments)
    {
        if (Fulfilment(arguments.Text("id")) is not { Status: not "CANCELLED" } fulfilment)
            return Refused("id", "Fulfillment does not exist, or is cancelled.");
        Cancel(_orders.Values.First(order => order.Fulfilments.Contains(fulfilment)), fulfilment);
        return new Node { ["fulfillment"] = FulfilmentNode(fulfilment), ["userErrors"] = new List<Node>() };
    }

    public Node FulfilByHand(ShopifyOrder order, long lineId, int units, string? number)
    {
        var of = order.FulfilmentOrders.First(one => one.MayFulfil && one.Lines.Any(
            line => line.Line.Id == lineId && line.Remaining >= units));
        return Fulfil(
            [new Take(order, of, of.Lines.First(line => line.Line.Id == lineId), units)], (null, number, null),
            mails: false);
    }

    public ShopifyOrder? Find(long id) => _orders.GetValueOrDefault(id);

    public Node? OrderNode(string id) => Find(Gid.Read("Order", id)) is not { } order ? null : new Node
    {
        ["id"] = id,
        ["fulfillmentOrders"] = new ConnectionRows([.. order.FulfilmentOrders.Select(one => OrderNode(order, one))]),
    };

    public Node? FulfilmentOrderNode(string id)
    {
        var number = Gid.Read("FulfillmentOrder", id);
        foreach (var order in _orders.Values)
        {
            if (order.FulfilmentOrders.FirstOrDefault(one => one.Id == number) is not { } found)
                continue;
            var node = OrderNode(order, found);
            node["order"] = OrderNode(Gid.Of("Order", order.Id));
            return node;
        }

        return null;
    }

    public Node? FulfilmentNode(string id) => Fulfilment(id) is { } fulfilment ? FulfilmentNode(fulfilment) : null;

    /// <summary><c>fulfillmentCreate</c>.</summary>
    public Node Create(Arguments arguments)
    {
        var input = arguments.Object("fulfillment");
        var takes = new List<Take>();
        foreach (var part in input.Objects("lineItemsByFulfillmentOrder"))
        {
            var id = Gid.Read("FulfillmentOrder", part.Text("fulfillmentOrderId"));
            var order = _orders.Values.FirstOrDefault(one => one.FulfilmentOrders.Any(of => of.Id == id));
            if (order?.FulfilmentOrders.First(one => one.Id == id) is not { } of)
                return Refused("fulfillment", "Fulfillment order does not exist.");
            if (!of.MayFulfil)
                return Refused("fulfillment", "Fulfillment order has an unfulfillable status.");
            var lines = part.Objects("fulfillmentOrderLineItems");
            if (lines.Count is 0 or > LinesMax)
                throw new ShopifyException($"fulfillmentOrderLineItems must be given, 1 to {LinesMax} of them");
            foreach (var line in lines)
            {
                var lineId = Gid.Read("FulfillmentOrderLineItem", line.Text("id"));
                var units = line.Number("quantity");
                if (of.Lines.FirstOrDefault(one => one.Id == lineId) is not { } known || units < 1
                    || units > known.Remaining)
                    return Refused("fulfillment", "Invalid fulfillment order line item quantity requested.");
                takes.Add(new Take(order, of, known, units));
            }
        }

        if (takes.Count == 0 || takes.Select(take => (take.Order.Id, take.Of.Location)).Distinct().Count() > 1
            || takes.Select(take => take.Line.Id).Distinct().Count() < takes.Count)
            return Refused("fulfillment", "All fulfillment orders must be of one order and assigned to one location.");
        return Fulfil(takes, Tracking(input.Object("trackingInfo")), input.Flag("notifyCustomer"));
    }

    /// <summary><c>fulfillmentTrackingInfoUpdate</c>.</summary>
    public Node Update(Arguments arguments)
    {
        if (Fulfilment(arguments.Text("fulfillmentId")) is not { Status: not "CANCELLED" } fulfilment)
            return Refused("fulfillmentId", "Fulfillment does not exist, or is cancelled.");
        Track(fulfilment, Tracking(arguments.Object("trackingInfoInput")), arguments.Flag("notifyCustomer"));
        return new Node { ["fulfillment"] = FulfilmentNode(fulfilment), ["userErrors"] = new List<Node>() };
    }

    private Node Fulfil(
        List<Take> takes,
        (string?, string?, string?) tracking, bool mails)
    {
        var (order, at) = (takes[0].Order, takes[0].Of.Location);
        var fulfilment = new ShopifyFulfilment(++_ids, at, takes.GroupBy(take => take.Line.Line.Id)
            .ToDictionary(line => line.Key, line => line.Sum(take => take.Units)));
        foreach (var (_, of, line, units) in takes)
        {
            line.Remaining -= units;
            if (!fulfilment.FulfilmentOrders.Contains(of.Id))
                fulfilment.FulfilmentOrders.Add(of.Id);
            of.Status = "IN_PROGRESS";
            Close(of);
            if (stockroom.Find(line.Line.Sku) is { } item)
                stockroom.Change(item, at, 0, -units);
        }

        Track(fulfilment, tracking, mails);
        order.Fulfilments.Add(fulfilment);
        Recorded?.Invoke(order, fulfilment);
        return new Node { ["fulfillment"] = FulfilmentNode(fulfilment), ["userErrors"] = new List<Node>() };
    }

    private static void Close(ShopifyFulfilmentOrder of)
    {
        if (of.Lines.All(line => line.Remaining == 0))
            of.Status = "CLOSED";
    }

    private static void Track(ShopifyFulfilment fulfilment, (string?, string?, string?) tracking, bool mails)
    {
        (fulfilment.Company, fulfilment.Number, fulfilment.Url) = tracking;
        fulfilment.Mails += mails ? 1 : 0;
    }

    private static (string? Company, string? Number, string? Url) Tracking(Arguments input)
    {
        if (input.Has("number") && input.Has("numbers"))
            throw new ShopifyException("only one of number and numbers may be given");
        if (input.Has("url") && !input.Has("number"))
            throw new ShopifyException("url needs number");
        return (input.Find("company") as string, input.Find("number") as string, input.Find("url") as string);
    }

    private ShopifyFulfilment? Fulfilment(string id)
    {
        var number = Gid.Read("Fulfillment", id);
        return _orders.Values.SelectMany(order => order.Fulfilments).FirstOrDefault(one => one.Id == number);
    }

    private static Node OrderNode(ShopifyOrder order, ShopifyFulfilmentOrder of) => new()
    {
        ["id"] = Gid.Of("FulfillmentOrder", of.Id),
        ["orderId"] = Gid.Of("Order", order.Id),
        ["status"] = of.Status,
        ["requestStatus"] = of.RequestStatus,
        ["fulfillAt"] = of.Status == "SCHEDULED" ? "2030-01-01T00:00:00Z" : null,
        ["assignedLocation"] = new Node
        {
            ["location"] = new Node { ["id"] = Gid.Of("Location", of.Location) },
        },
        ["supportedActions"] = of.MayFulfil
            ? new List<Node> { new() { ["action"] = "CREATE_FULFILLMENT" }, new() { ["action"] = "HOLD" } } : [],
        ["fulfillmentHolds"] = of.Status == "ON_HOLD"
            ? new List<Node> { new() { ["displayReason"] = "Incorrect address", ["reasonNotes"] = "ask Ada" } } : [],
        ["lineItems"] = new ConnectionRows([.. of.Lines.Select(line => new Node
        {
            ["id"] = Gid.Of("FulfillmentOrderLineItem", line.Id),
            ["totalQuantity"] = line.Total,
            ["remainingQuantity"] = line.Remaining,
            ["lineItem"] = new Node { ["id"] = Gid.Of("LineItem", line.Line.Id) },
        })]),
        ["fulfillments"] = new ConnectionRows(
            [.. order.Fulfilments.Where(one => one.FulfilmentOrders.Contains(of.Id)).Select(FulfilmentNode)]),
    };

    private static Node FulfilmentNode(ShopifyFulfilment one) => new()
    {
        ["id"] = Gid.Of("Fulfillment", one.Id),
        ["status"] = one.Status,
        ["totalQuantity"] = one.Units.Values.Sum(),
        ["trackingInfo"] = one is { Number: null, Company: null } ? [] : new List<Node>
        {
            new() { ["company"] = one.Company, ["number"] = one.Number, ["url"] = one.Url },
        },
        ["fulfillmentLineItems"] = new ConnectionRows([.. one.Units.Select(unit => new Node
        {
            ["quantity"] = unit.Value,
            ["lineItem"] = new Node { ["id"] = Gid.Of("LineItem", unit.Key) },
        })]),
    };

    /// <summary>Units that a fulfilment takes of one line.</summary>
    private sealed record Take(
        ShopifyOrder Order, ShopifyFulfilmentOrder Of, ShopifyFulfilmentOrderLine Line, int Units);

    private static Node Refused(string field, string message) => new()
    {
        ["fulfillment"] = null,
        ["userErrors"] = new List<Node>
        {
            new() { ["field"] = new List<string> { field }, ["message"] = message },
        },
    };
}
