using GraphQL;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>What a make-believe shop has: orders, fulfilments, and stock. One lock is around all of it.</summary>
public sealed class ShopifyShopState
{
    private readonly Lock _lock = new();
    private readonly ShopifyStockroom _stockroom = new();
    private readonly ShopifyOrderBook _orders;
    private long _locations = 500;

    internal ShopifyShopState()
    {
        _orders = new ShopifyOrderBook(_stockroom);
        Roots = new Dictionary<string, Func<IResolveFieldContext, Arguments, Node?>>(StringComparer.Ordinal)
        {
            ["order"] = (_, arguments) => Locked(() => _orders.OrderNode(arguments.Text("id"))),
            ["fulfillmentOrder"] = (_, arguments) => Locked(() => _orders.FulfilmentOrderNode(arguments.Text("id"))),
            ["fulfillment"] = (_, arguments) => Locked(() => _orders.FulfilmentNode(arguments.Text("id"))),
            ["fulfillmentCancel"] = (_, arguments) => Locked(() => _orders.Cancel(arguments)),
            ["fulfillmentCreate"] = (_, arguments) => Locked(() => _orders.Create(arguments)),
            ["fulfillmentTrackingInfoUpdate"] = (_, arguments) => Locked(() => _orders.Update(arguments)),
            ["inventoryItems"] = (_, arguments) => Locked(() => ItemsNode(arguments)),
            ["inventoryActivate"] = (context, arguments) => Locked(() => _stockroom.Activate(
                context.GetDirective("idempotent")?.GetArgument<string>("key"), arguments)),
            ["inventorySetQuantities"] = (context, arguments) => Locked(() => _stockroom.Set(
                context.GetDirective("idempotent")?.GetArgument<string>("key"), arguments)),
        };
    }

    internal IReadOnlyDictionary<string, Func<IResolveFieldContext, Arguments, Node?>> Roots { get; }

    /// <summary>Whether an error of a quantity says which it is of. Default: it does.</summary>
    public bool NamesQuantities
    {
        set => Do(() => _stockroom.NamesQuantities = value);
    }

    /// <summary>Told of each parcel that is recorded, with the shop's lock held: it must not ask the shop.</summary>
    public Action<ShopifyOrder, ShopifyFulfilment> Recorded
    {
        set => Do(() => _orders.Recorded = value);
    }

    /// <summary>A place that has stock; what comes back is the number of its id.</summary>
    public long AddLocation() => Locked(() =>
    {
        _stockroom.Locations.Add(++_locations);
        return _locations;
    });

    /// <summary>One more item with this SKU.</summary>
    public ShopifyItem AddItem(string sku, long location, int available) => Locked(() =>
    {
        var item = _stockroom.Add(sku);
        _stockroom.Change(item, location, available, 0);
        return item;
    });

    /// <summary>An item that is stocked nowhere.</summary>
    public ShopifyItem AddItem(string sku) => Locked(() => _stockroom.Add(sku));

    public void RemoveItem(ShopifyItem item) => Do(() =>
    {
        _stockroom.Remove(item);
    });

    /// <summary>Somebody buys: what was available is an order's.</summary>
    public void Sell(ShopifyItem item, long location, int units) => Change(item, location, -units, units);

    /// <summary>Somebody sets it by hand, or goods come back.</summary>
    public void Change(ShopifyItem item, long location, int available, int committed = 0) => Do(() =>
    {
        _stockroom.Change(item, location, available, committed);
    });

    public int Available(ShopifyItem item, long location) => Locked(() => item.Levels[location].Available);

    public int OnHand(ShopifyItem item, long location) => Locked(() => item.Levels[location].OnHand);

    /// <summary>An order, whose units are the shop's no more.</summary>
    /// <param name="location">From where it is to be sent.</param>
    /// <param name="routed">False: the shop has not decided from where; see <see cref="Route"/>.</param>
    /// <param name="lines">SKUs and units.</param>
    public ShopifyOrder MakeOrder(long location, bool routed, params (string Sku, int Units)[] lines) =>
        Locked(() => _orders.Make(lines, location, routed));

    /// <summary>An order is here as the shop that takes orders has it: its ids, and the units still wanted.</summary>
    /// <param name="order">The shop's own truth of it.</param>
    /// <param name="location">From where it is to be sent.</param>
    public void Follow(ShopOrder order, long location) => Do(() =>
    {
        _orders.Follow(
            order.Id, [.. order.Lines.Where(line => line.Item.Shippable)
                .Select(line => (line.Id, line.Item.Sku, line.CurrentQuantity))], location);
    });

    /// <summary>The fulfilments of an order by its id, without those that are cancelled; none of one unknown.</summary>
    public IReadOnlyList<ShopifyFulfilment> FulfilmentsOf(long orderId) => Locked(() =>
        _orders.Find(orderId)?.Fulfilments.Where(one => one.Status != "CANCELLED").ToArray() ?? []);

    /// <summary>What can be sold of a SKU at a place; null when the shop does not have it.</summary>
    public int? Available(string sku, long location) => Locked(() =>
        _stockroom.Find(sku)?.Levels.GetValueOrDefault(location)?.Available);

    public void Route(ShopifyOrder order, long location) => Do(() =>
    {
        _orders.Route(order, location);
    });

    /// <summary>What of the order is open is of this status now, such as <c>ON_HOLD</c>, and of this request.</summary>
    public void Set(ShopifyOrder order, string status, string requestStatus = "UNSUBMITTED") => Do(() =>
    {
        foreach (var one in order.FulfilmentOrders.Where(one => one.Status is not ("CLOSED" or "CANCELLED")))
            (one.Status, one.RequestStatus) = (status, requestStatus);
    });

    /// <summary>
    /// What of an order is open is held, or held no more: the numbers of these fulfilment orders.
    /// </summary>
    public IReadOnlyList<long> Hold(long orderId, bool isHeld) => Locked(() =>
    {
        var (from, to) = isHeld ? ("OPEN", "ON_HOLD") : ("ON_HOLD", "OPEN");
        var parts = _orders.Find(orderId)!.FulfilmentOrders.Where(one => one.Status == from).ToArray();
        foreach (var one in parts)
            one.Status = to;
        return parts.Select(one => one.Id).ToArray();
    });

    /// <summary>Units of a line are to be sent from elsewhere.</summary>
    public void Split(ShopifyOrder order, ShopifyOrderLine line, int units, long location) => Do(() =>
    {
        _orders.Split(order, line.Id, units, location);
    });

    /// <summary>All that is open moves.</summary>
    public void Move(ShopifyOrder order, long location) => Do(() =>
    {
        foreach (var one in order.FulfilmentOrders.Where(one => one.Status is not ("CLOSED" or "CANCELLED")))
            one.Location = location;
    });

    /// <summary>Somebody records a parcel by hand.</summary>
    public void FulfilByHand(ShopifyOrder order, ShopifyOrderLine line, int units, string? number = null) =>
        Locked(() => _orders.FulfilByHand(order, line.Id, units, number));

    public void CancelFulfilment(ShopifyOrder order, ShopifyFulfilment fulfilment) => Do(() =>
    {
        _orders.Cancel(order, fulfilment);
    });

    /// <summary>All fulfilments of an order, those that are cancelled among them.</summary>
    public IReadOnlyList<ShopifyFulfilment> Fulfilments(ShopifyOrder order) =>
        Locked(() => order.Fulfilments.ToArray());

    internal void FailKey(string key) => Do(() =>
    {
        _stockroom.FailKey(key);
    });

    internal void Do(Action act)
    {
        lock (_lock)
        {
            act();
        }
    }

    internal T Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return act();
        }
    }

    private Node ItemsNode(Arguments arguments) => ShopifySchema.PageOf(
        new ConnectionRows([.. _stockroom.Search(arguments.Text("query")).Select(_stockroom.ItemNode)]), arguments);
}
