using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>
/// Which parcels the storefront is to be told of, and what. Pure. It is told of each that is new, again of each of
/// which something has changed, and again of each that is not wholly recorded once the storefront states the order anew
/// and has more units of its lines open. It is told no more of one whose record was taken back there.
/// </summary>
/// <param name="Next">The order, whose parcels know their messages.</param>
/// <param name="Messages">The parcels to tell of.</param>
/// <param name="Superseded">Messages that say less than these.</param>
public sealed record ParcelPlan(
    Order Next, IReadOnlyList<Shipment> Messages, IReadOnlyList<Guid> Superseded)
{
    /// <param name="before">The order as it was committed; null when it is new.</param>
    /// <param name="next">As it is about to be.</param>
    /// <param name="newId">Makes message ids.</param>
    public static ParcelPlan Of(Order? before, Order next, Func<Guid> newId)
    {
        var restated = before is not null && !(ReferenceEquals(before.Storefront, next.Storefront)
            && ReferenceEquals(before.Amendments, next.Amendments)
            && ReferenceEquals(before.Fulfilments, next.Fulfilments));
        if (!restated && ReferenceEquals(before?.Shipments, next.Shipments))
            return new(next, [], []);
        var told = new List<Shipment>();
        var superseded = new List<Guid>();
        var shipments = next.Shipments.ToArray();
        var changed = false;
        for (var at = 0; at < shipments.Length; at++)
        {
            var shipment = shipments[at] with { Restated = shipments[at].Restated || restated };
            var known = before?.Shipments.FirstOrDefault(s => NameOf(s) == NameOf(shipment));
            if (known is not null && shipment.TakenBack && !SaysTheSame(known, shipment))
                shipment = shipment with { Untold = true };
            var isGone = before is not null && IsGone(before, next, shipment);
            (shipment, var isOpenAgain) = LookAgain(next, shipment);
            if (isGone)
            {
                if (shipment.MessageId is { } pointless)
                    superseded.Add(pointless);
                shipment = shipment with { MessageId = null, TakenBack = true, Unrecorded = false, Restated = false };
            }
            else if (isOpenAgain || IsNews(known, shipment))
            {
                if (shipment.MessageId is { } unanswered)
                    superseded.Add(unanswered);
                told.Add(shipment = shipment with
                {
                    MessageId = newId(),
                    Restated = false,
                    Untold = shipment.TakenBack && (shipment.Untold || shipment.MessageId is not null),
                });
            }
            else if (shipment.MessageId is null)
            {
                // Only what is not answered yet has to remember it.
                shipment = shipment with { Restated = false };
            }

            changed |= shipment != shipments[at];
            shipments[at] = shipment;
        }

        return changed ? new(next with { Shipments = shipments }, told, superseded) : new(next, [], []);
    }

    /// <summary>
    /// What a person has taken back is told once more, and then no more. Where the storefront has answered that it was
    /// taken back there, nothing is.
    /// </summary>
    private static bool IsNews(Shipment? known, Shipment shipment) =>
        known is null || (shipment.TakenBack ? !known.TakenBack && known.MessageId == shipment.MessageId
            : shipment.Untold || !SaysTheSame(known, shipment));

    /// <summary>
    /// A person has cancelled in the storefront what records the parcel: it says so, or shows it no more. A snapshot of
    /// the same second may have been made before it was recorded.
    /// </summary>
    private static bool IsGone(Order before, Order next, Shipment shipment)
    {
        if (shipment.TakenBack || !shipment.Restated || shipment.FulfilmentId is not { } id)
            return false;
        var stated = OrderFacts.Fulfilments(next).FirstOrDefault(one => one.Id == id);
        return stated is not null ? stated.Lines.Count == 0
            : before.Storefront is { } older && next.Storefront is { } newer
                && !ShownAmendments.SameSecond(older.UpdatedAt, newer.UpdatedAt)
                && OrderFacts.Fulfilments(before).Any(one => one.Id == id);
    }

    /// <summary>A person asks that the storefront takes its record of a parcel back.</summary>
    public static Decision TakeBack(Order order, string reference, string shipmentId)
    {
        if (order.Shipments.FirstOrDefault(s => s.Reference == reference && s.ShipmentId == shipmentId)
            is not { } shipment)
            return new Decision.Reject($"the order has no parcel {reference}/{shipmentId}");
        var name = NameOf(shipment);
        if (shipment.TakenBack)
            return new Decision.Reject($"parcel {name} is taken back already, or about to be");
        if (shipment.FulfilmentId is null)
            return new Decision.Reject($"the storefront is not known to have parcel {name}");
        return new Decision.Accept(
            order with
            {
                Shipments = [.. order.Shipments.Select(s => s == shipment ? s with { TakenBack = true } : s)],
            },
            $"asks the storefront to take parcel {name} back");
    }

    /// <summary>
    /// The storefront had fewer units open than the parcel has, and now has more: an edit has put them back, or a
    /// person has taken back what stood for them. It is told again once for the same units, since it may have reasons
    /// that we do not see.
    /// </summary>
    private static (Shipment Shipment, bool IsOpenAgain) LookAgain(Order order, Shipment shipment)
    {
        if (shipment is not { Unrecorded: true, Restated: true, TakenBack: false })
            return (shipment, false);
        var open = OpenUnits(order, shipment);
        var isOpenAgain = shipment.MessageId is null && open > shipment.OpenWhenTold;
        return (isOpenAgain || open < shipment.OpenWhenTold ? shipment with { OpenWhenTold = open } : shipment,
            isOpenAgain);
    }

    /// <summary>Units of the parcel's lines that the storefront has in no fulfilment.</summary>
    private static int OpenUnits(Order order, Shipment shipment) =>
        StatedLines(order, shipment).Sum(line => Math.Max(0, order.Storefront!.Lines
            .Where(sold => sold.LineId == line.LineId).Sum(sold => OrderFacts.StatedUnits(order, sold))
            - Units(OrderFacts.Fulfilments(order).SelectMany(one => one.Lines), line.LineId)));

    /// <summary>A parcel's name, unique within its order.</summary>
    public static string NameOf(Shipment shipment) => $"{shipment.Reference}/{shipment.ShipmentId}";

    /// <summary>What a message says; null when the order knows none such any more.</summary>
    /// <param name="order">The order.</param>
    /// <param name="messageId">The message.</param>
    /// <param name="placeOf">The storefront's name for a location; null where it has none.</param>
    public static ParcelContent? ContentOf(Order order, Guid messageId, Func<string, string?> placeOf)
    {
        if (order.Shipments.FirstOrDefault(s => s.MessageId == messageId) is not { } shipment)
            return null;
        return new ParcelContent
        {
            OrderId = order.Key.OrderId,
            Parcel = NameOf(shipment),
            Carrier = shipment.Carrier,
            TrackingNumber = shipment.TrackingNumber,
            TrackingUrl = shipment.TrackingUrl,
            EarlierNumbers = shipment.EarlierNumbers,
            ShippedAt = shipment.ShippedAt,
            Lines = StatedLines(order, shipment),
            FulfilmentId = shipment.FulfilmentId,
            OtherFulfilmentIds = [.. order.Shipments.Where(s => s != shipment).Select(s => s.FulfilmentId)
                .OfType<string>()],
            Place = OrderFacts.FindRelease(order, shipment.Reference) is { } release ? placeOf(release.Location) : null,
            AllGone = order.Status == OrderStatus.Shipped,
            TakenBack = shipment.TakenBack,
        };
    }

    /// <summary>Folds the storefront's answer into the order.</summary>
    public static ReleaseAnswer Fold(Order order, Guid messageId, string storefront, ShopAnswer answer)
    {
        var shipments = order.Shipments.ToArray();
        var at = Array.FindIndex(shipments, s => s.MessageId == messageId);
        if (at < 0)
        {
            return new(order, TimelineKind.ReleaseAnswered,
                $"{storefront}: an answer to a superseded message about a parcel");
        }

        var shipment = shipments[at];
        var name = NameOf(shipment);
        switch (answer)
        {
            case ShopAnswer.Recorded recorded:
                shipments[at] = shipment with
                {
                    MessageId = null,
                    FulfilmentId = recorded.FulfilmentId ?? shipment.FulfilmentId,
                    Unrecorded = recorded.InPart,
                };
                return new(order with { Shipments = shipments }, TimelineKind.ParcelRecorded,
                    $"{storefront} has parcel {name}" + (recorded.Note is { } note ? $": {note}" : ""));
            case ShopAnswer.NothingToRecord nothing:
                shipments[at] = shipment with { MessageId = null, Unrecorded = true };
                return new(order with { Shipments = shipments }, TimelineKind.ParcelNotRecorded,
                    $"{storefront} does not record parcel {name}: {nothing.Why}");
            case ShopAnswer.TakenBack:
                shipments[at] = shipment with { MessageId = null, TakenBack = true, Unrecorded = false };
                return new(order with { Shipments = shipments }, TimelineKind.ParcelTakenBack,
                    $"{storefront} has parcel {name} no more");
            case ShopAnswer.NotTakenBack refused:
                shipments[at] = shipment with { MessageId = null, TakenBack = false };
                return new(order with { Shipments = shipments }, TimelineKind.ParcelNotTakenBack,
                    $"{storefront} keeps parcel {name}: {refused.Why}");
            default:
                throw new ArgumentException($"{answer.GetType().Name} is no answer to a parcel.", nameof(answer));
        }
    }

    /// <summary>
    /// A person discarded the message: what it asked for will not be, and the storefront keeps what it has. The same
    /// order where it is of no parcel.
    /// </summary>
    public static Order FoldDiscard(Order order, Guid messageId) =>
        order.Shipments.All(shipment => shipment.MessageId != messageId) ? order : order with
        {
            Shipments =
            [
                .. order.Shipments.Select(shipment => shipment.MessageId == messageId
                    ? shipment with { MessageId = null, TakenBack = false } : shipment),
            ],
        };

    private static bool SaysTheSame(Shipment one, Shipment other) =>
        one.Carrier == other.Carrier && one.TrackingNumber == other.TrackingNumber
        && one.TrackingUrl == other.TrackingUrl && one.Lines.SequenceEqual(other.Lines);

    /// <summary>
    /// The storefront knows its own lines. A bundle has left with the last of its parts, so that it belongs to the
    /// parcel that completed it.
    /// </summary>
    private static List<ShippedLine> StatedLines(Order order, Shipment shipment)
    {
        var sofar = order.Shipments.TakeWhile(s => NameOf(s) != NameOf(shipment)).ToArray();
        var lines = new List<ShippedLine>();
        foreach (var line in order.Storefront?.Lines ?? [])
        {
            var units = Whole(order, line, [.. sofar, shipment]) - Whole(order, line, sofar);
            if (units > 0)
                lines.Add(new ShippedLine(line.LineId, units, line.Sku));
        }

        return lines;
    }

    /// <summary>Whole units of a storefront's line in some parcels.</summary>
    private static int Whole(Order order, SnapshotLine line, IReadOnlyCollection<Shipment> parcels) =>
        line.Sku is { } sku && order.Bundles.TryGetValue(sku, out var parts)
            ? parts.Select((part, at) => Units(parcels.SelectMany(one => one.Lines), $"{line.LineId}:{at + 1}")
                / part.Units).Min()
            : Units(parcels.SelectMany(one => one.Lines), line.LineId);

    private static int Units(IEnumerable<ShippedLine> lines, string lineId) =>
        lines.Where(line => line.LineId == lineId).Sum(line => line.Quantity);
}
