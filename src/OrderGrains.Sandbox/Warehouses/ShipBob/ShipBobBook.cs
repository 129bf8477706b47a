namespace OrderGrains.Sandbox.Warehouses.ShipBob;

/// <summary>A shipment of an order.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Status">As <c>Orders.OrderStatusEnum</c> names it.</param>
/// <param name="Units">Units by SKU.</param>
/// <param name="TrackingNumber">Once it is labelled.</param>
/// <param name="ShippedAt">Once it is.</param>
public sealed record ShipBobShipment(
    long Id, string Status, IReadOnlyDictionary<string, int> Units, string? TrackingNumber = null,
    DateTimeOffset? ShippedAt = null);

/// <summary>An order as the make-believe ShipBob has it.</summary>
public sealed record ShipBobOrder(
    long Id, string ReferenceId, string? OrderNumber, IReadOnlyDictionary<string, int> Units, int? LocationId,
    IReadOnlyList<ShipBobShipment> Shipments)
{
    /// <summary>As <c>Orders.OrderStatus</c> names it; it follows from the shipments.</summary>
    public string Status => Shipments.All(s => s.Status == "Cancelled") ? "Cancelled"
        : Shipments.All(s => s.Status is "Completed" or "Cancelled") ? "Fulfilled"
        : Shipments.Any(s => s.Status is "Completed") ? "PartiallyFulfilled" : "Processing";

    public bool IsLive => Status != "Cancelled";
}

/// <summary>What came of a cancelling.</summary>
/// <param name="Order">The order afterwards.</param>
/// <param name="Results">Each shipment that was not cancelled before, and why it could not be.</param>
public sealed record ShipBobCancelling(ShipBobOrder Order, IReadOnlyList<(long ShipmentId, string? Wrong)> Results);

/// <summary>
/// Orders, products and stock of one make-believe merchant. An order is one shipment unless it is split.
/// </summary>
public sealed class ShipBobBook
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _products = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _onHand;
    private readonly Dictionary<string, ShipBobOrder> _orders = new(StringComparer.Ordinal);
    private readonly List<string> _phantoms = [];
    private readonly HashSet<string> _picked = new(StringComparer.Ordinal);
    private long _ids = 100;

    public ShipBobBook(IReadOnlyDictionary<string, int> stock)
    {
        _onHand = stock.ToDictionary(StringComparer.Ordinal);
        foreach (var sku in stock.Keys) _products[sku] = ++_ids;
    }

    /// <summary>All that was ever taken, live or not.</summary>
    public IReadOnlyList<ShipBobOrder> Orders { get { lock (_lock) return [.. _orders.Values]; } }

    /// <summary>SKUs of products that an order has made up: nobody has them on a shelf.</summary>
    public IReadOnlyList<string> Phantoms { get { lock (_lock) return [.. _phantoms]; } }

    public IReadOnlyDictionary<string, int> OnHand
    {
        get { lock (_lock) return _onHand.ToDictionary(StringComparer.Ordinal); }
    }

    public long? FindProduct(string sku)
    {
        lock (_lock) return _products.TryGetValue(sku, out var id) ? id : null;
    }

    public ShipBobOrder? Find(string reference)
    {
        lock (_lock) return _orders.GetValueOrDefault(reference);
    }

    public void Count(string sku, int onHand)
    {
        lock (_lock) _onHand[sku] = onHand;
    }

    /// <summary>Takes an order; null and the reason when it does not.</summary>
    public (ShipBobOrder? Order, string? Field, string? Wrong) Take(
        string reference, string? number, IReadOnlyList<(string Sku, string? Name, int Units)> products, int? location)
    {
        lock (_lock)
        {
            if (_orders.ContainsKey(reference))
                return (null, "reference_id", "An order with this reference id exists already");
            foreach (var (sku, name, _) in products)
            {
                if (_products.ContainsKey(sku)) continue;
                if (string.IsNullOrEmpty(name))
                    return (null, "products", $"There is no product {sku}, and no name for it");
                // As the real one does: whoever gives a name gets a product, and it is on no shelf.
                _products[sku] = ++_ids;
                _phantoms.Add(sku);
            }
            var units = products.GroupBy(p => p.Sku, StringComparer.Ordinal)
                .ToDictionary(p => p.Key, p => p.Sum(one => one.Units), StringComparer.Ordinal);
            var shipment = new ShipBobShipment(++_ids, "Processing", units);
            var order = new ShipBobOrder(++_ids, reference, number, units, location, [shipment]);
            return (_orders[reference] = order, null, null);
        }
    }

    /// <summary>Splits an order's one shipment: so many units of a SKU go apart.</summary>
    public void Split(string reference, string sku, int units)
    {
        lock (_lock)
        {
            var order = _orders[reference];
            var whole = order.Shipments.Single();
            var rest = whole.Units.ToDictionary(StringComparer.Ordinal);
            rest[sku] -= units;
            if (rest[sku] == 0) rest.Remove(sku);
            _orders[reference] = order with
            {
                Shipments =
                [
                    whole with { Units = rest },
                    new ShipBobShipment(
                        ++_ids, "Processing", new Dictionary<string, int>(StringComparer.Ordinal) { [sku] = units }),
                ],
            };
        }
    }

    /// <summary>From now on the order can be cancelled no more.</summary>
    public void Pick(string reference)
    {
        lock (_lock) _picked.Add(reference);
    }

    /// <summary>Null when there is no such order.</summary>
    public ShipBobCancelling? Cancel(long id)
    {
        lock (_lock)
        {
            if (_orders.Values.FirstOrDefault(o => o.Id == id) is not { } order) return null;
            var open = order.Shipments.Where(s => s.Status != "Cancelled").ToArray();
            var results = open.Select(s => (s.Id, WhyNot(order, s))).ToArray();
            var stopped = results.Where(r => r.Item2 is null).Select(r => r.Id).ToHashSet();
            _orders[order.ReferenceId] = order = order with
            {
                Shipments =
                    [.. order.Shipments.Select(s => stopped.Contains(s.Id) ? s with { Status = "Cancelled" } : s)],
            };
            return new ShipBobCancelling(order, results);
        }
    }

    /// <summary>The first shipment that has not left leaves.</summary>
    public (ShipBobOrder Order, ShipBobShipment Shipment) Ship(string reference, DateTimeOffset at)
    {
        lock (_lock)
        {
            var order = _orders[reference];
            var next = order.Shipments.First(s => s.Status == "Processing");
            var gone = next with { Status = "Completed", TrackingNumber = $"SB{next.Id}", ShippedAt = at };
            foreach (var (sku, units) in gone.Units) _onHand[sku] = _onHand.GetValueOrDefault(sku) - units;
            _orders[reference] = order = order with
            {
                Shipments = [.. order.Shipments.Select(s => s.Id == next.Id ? gone : s)],
            };
            return (order, gone);
        }
    }

    private string? WhyNot(ShipBobOrder order, ShipBobShipment shipment) =>
        shipment.Status == "Completed" ? "It has left"
        : _picked.Contains(order.ReferenceId) ? "It is being picked" : null;
}
