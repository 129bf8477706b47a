using System.Globalization;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// The plugin Shipment Tracking (WooCommerce documentation, "Shipment Tracking", "REST API"), and Advanced Shipment
/// Tracking, which serves the same calls. Its entries belong to an order, and name no lines.
/// </summary>
internal sealed class ShipmentTrackingWay(WooCommerceRest rest, NoteWay notes) : ITrackingWay
{
    private const string Prefix = "tracking:";

    public async Task<Tracked> RecordAsync(
        OrderNode order, ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        var path = $"wc-shipment-tracking/v3/orders/{order.Id}/shipment-trackings";
        var listed = await rest.ListAsync<TrackingNode>(path, calls, stopping);
        if (listed.Data is not { } entries)
            return Tracked.Of(listed);
        // The plugin takes no entry without a number.
        if (parcel.TrackingNumber is not { } newest)
            return await notes.RecordAsync(order, parcel, calls, stopping);
        var there = entries.Find(entry => Is(entry, newest));
        var id = there?.TrackingId;
        if (id is null)
        {
            var written = await rest.CallAsync<TrackingNode>(HttpMethod.Post, path, new
            {
                CustomTrackingProvider = parcel.Carrier ?? "",
                CustomTrackingLink = parcel.TrackingUrl ?? "",
                TrackingNumber = newest,
                DateShipped = parcel.ShippedAt.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            }, calls, stopping);
            if (written.Data is null)
                return Tracked.Of(written);
            id = written.Data.TrackingId;
        }

        // An entry cannot be changed. The new one comes first, so that the buyer is never without.
        var old = entries.Where(entry => entry != there && parcel.EarlierNumbers.Any(number => Is(entry, number)))
            .ToList();
        foreach (var entry in old)
        {
            var gone = await rest.CallAsync<TrackingNode>(
                HttpMethod.Delete, $"{path}/{Uri.EscapeDataString(entry.TrackingId)}", null, calls, stopping);
            if (gone.Data is null && !gone.IsNotThere)
                return Tracked.Of(gone);
        }

        return there is null || old.Count > 0 ? new Tracked.Written(Prefix + id) : new Tracked.There(Prefix + id);
    }

    private static bool Is(TrackingNode entry, string number) =>
        entry.TrackingNumber is { } theirs && TrackingNumbers.Same(theirs, number);
}
