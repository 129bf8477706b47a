namespace OrderGrains.Sandbox.Warehouses.ShipStation;

/// <summary>A shipment: what ShipStation's pages call an order.</summary>
/// <param name="Id">Its id.</param>
/// <param name="ExternalId">Whoever made it gave it this.</param>
/// <param name="Number">What people know it by.</param>
/// <param name="WarehouseId">Where it ships from.</param>
/// <param name="Units">Units by SKU.</param>
/// <param name="OrderId">The <c>external_order_id</c> of its items.</param>
/// <param name="Status">As <c>shipment_status</c> names it.</param>
public sealed record ShipStationShipment(
    string Id, string ExternalId, string? Number, string? WarehouseId, IReadOnlyDictionary<string, int> Units,
    string? OrderId, string Status = "pending")
{
    public bool IsLive => Status != "cancelled";
}

/// <summary>A label that was bought, or a fulfilment: a parcel that left without one.</summary>
/// <param name="Id">Its id.</param>
/// <param name="BatchId">Of those that came about together.</param>
/// <param name="ShipmentId">What it is of.</param>
/// <param name="TrackingNumber">Of the carrier.</param>
/// <param name="At">When.</param>
/// <param name="IsVoided">It counts for nothing any more.</param>
public sealed record ShipStationLabel(
    string Id, string BatchId, string ShipmentId, string TrackingNumber, DateTimeOffset At, bool IsVoided = false);

/// <summary>Shipments, labels and stock of one make-believe account.</summary>
public sealed class ShipStationBook
{
    /// <summary>What is longer is cut, as the real one does without a word.</summary>
    public const int ExternalIdCharsMax = 50;

    private readonly Lock _lock = new();
    private readonly List<ShipStationShipment> _shipments = [];
    private readonly List<ShipStationLabel> _labels = [];
    private readonly List<ShipStationLabel> _fulfilments = [];
    private readonly Dictionary<(string Sku, string Shelf), int> _onHand = [];
    private long _ids = 1000;

    /// <summary>All that was ever taken, live or not, each part of what was split.</summary>
    public IReadOnlyList<ShipStationShipment> Shipments { get { lock (_lock) return [.. _shipments]; } }

    public IReadOnlyList<ShipStationLabel> Labels { get { lock (_lock) return [.. _labels]; } }

    public IReadOnlyList<ShipStationLabel> Fulfilments { get { lock (_lock) return [.. _fulfilments]; } }

    public IReadOnlyList<(string Sku, string Shelf, int Units)> OnHand
    {
        get { lock (_lock) return [.. _onHand.Select(s => (s.Key.Sku, s.Key.Shelf, s.Value))]; }
    }

    public void Count(string sku, string shelf, int units)
    {
        lock (_lock) _onHand[(sku, shelf)] = units;
    }

    public ShipStationShipment? Find(string externalId) =>
        FindAll(externalId) is [var first, ..] ? first : null;

    public IReadOnlyList<ShipStationShipment> FindAll(string externalId)
    {
        lock (_lock) return [.. _shipments.Where(s => Same(s.ExternalId, externalId))];
    }

    public ShipStationShipment? FindById(string id)
    {
        lock (_lock) return _shipments.Find(s => s.Id == id);
    }

    /// <summary>Null when there is one of this external id.</summary>
    public ShipStationShipment? Take(
        string externalId, string? number, string? warehouseId, IReadOnlyDictionary<string, int> units, string? orderId)
    {
        lock (_lock)
        {
            var kept = externalId[..Math.Min(externalId.Length, ExternalIdCharsMax)];
            if (_shipments.Exists(s => Same(s.ExternalId, kept))) return null;
            var shipment = new ShipStationShipment(NextId(), kept, number, warehouseId, units, orderId);
            _shipments.Add(shipment);
            return shipment;
        }
    }

    /// <summary>Null when it is cancelled; otherwise why it cannot be.</summary>
    public string? Cancel(string id)
    {
        lock (_lock)
        {
            var at = _shipments.FindIndex(s => s.Id == id);
            if (_shipments[at].Status == "label_purchased") return "The label has to be voided first.";
            if (_shipments[at].Status == "cancelled") return "The shipment is cancelled already.";
            _shipments[at] = _shipments[at] with { Status = "cancelled" };
            return null;
        }
    }

    /// <summary>So many units of a SKU go apart, in a second shipment of the same external id.</summary>
    public void Split(string externalId, string sku, int units)
    {
        lock (_lock)
        {
            var at = _shipments.FindIndex(s => Same(s.ExternalId, externalId));
            var rest = _shipments[at].Units.ToDictionary(StringComparer.Ordinal);
            rest[sku] -= units;
            if (rest[sku] == 0) rest.Remove(sku);
            _shipments.Add(_shipments[at] with
            {
                Id = NextId(),
                Units = new Dictionary<string, int>(StringComparer.Ordinal) { [sku] = units },
            });
            _shipments[at] = _shipments[at] with { Units = rest };
        }
    }

    /// <summary>Buys a label for each, all in one batch, as people do with what they have ticked.</summary>
    public IReadOnlyList<ShipStationLabel> Label(DateTimeOffset at, params IEnumerable<string> shipmentIds)
    {
        lock (_lock)
        {
            var batch = NextId();
            var bought = shipmentIds.Select(id => Leave(id, batch, at)).ToArray();
            _labels.AddRange(bought);
            return bought;
        }
    }

    /// <summary>The shipment can be cancelled, or labelled anew.</summary>
    public void Void(string labelId)
    {
        lock (_lock)
        {
            var at = _labels.FindIndex(l => l.Id == labelId);
            _labels[at] = _labels[at] with { IsVoided = true };
            var of = _shipments.FindIndex(s => s.Id == _labels[at].ShipmentId);
            _shipments[of] = _shipments[of] with { Status = "pending" };
        }
    }

    /// <summary>Marks a shipment as shipped without a label of ShipStation's.</summary>
    public ShipStationLabel Fulfil(DateTimeOffset at, string shipmentId)
    {
        lock (_lock)
        {
            var gone = Leave(shipmentId, "", at);
            _fulfilments.Add(gone);
            return gone;
        }
    }

    private ShipStationLabel Leave(string shipmentId, string batch, DateTimeOffset at)
    {
        var of = _shipments.FindIndex(s => s.Id == shipmentId);
        _shipments[of] = _shipments[of] with { Status = "label_purchased" };
        return new ShipStationLabel(NextId(), batch, shipmentId, $"1Z{_ids}", at);
    }

    private static bool Same(string one, string other) => one.Equals(other, StringComparison.OrdinalIgnoreCase);

    private string NextId() => $"se-{++_ids}";
}
