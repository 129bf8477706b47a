using System.Globalization;
using System.Text.Json;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// WooCommerce's own fulfillments (<c>OrderFulfillmentsRestController</c> in its source, 11.0.1). The shop does not
/// hold them against what is left of a line, so that is done here.
/// </summary>
internal sealed class FulfillmentWay(WooCommerceRest rest, bool notifyCustomer) : ITrackingWay
{
    private const string Prefix = "fulfillment:";

    /// <summary>Our name for the parcel; hidden in the shop's pages, as all that begin so.</summary>
    private const string ParcelKey = "_ordergrains_parcel";
    private const string ItemsKey = "_items";
    private const string NumberKey = "_tracking_number";
    private const string UrlKey = "_tracking_url";
    private const string ProviderKey = "_shipment_provider";
    private const string ProviderNameKey = "_provider_name";

    public async Task<Tracked> RecordAsync(
        OrderNode order, ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        var path = $"wc/v3/orders/{order.Id}/fulfillments";
        var listed = await rest.ListAsync<FulfillmentNode>(path, calls, stopping);
        if (listed.Data is null)
            return Tracked.Of(listed);
        var all = listed.Data.Where(IsThere).ToList();
        var there = all.Find(one => IsOurs(one, parcel));
        if (there is null && parcel.FulfilmentId?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            return new Tracked.Deleted();
        var wanted = parcel.Lines.Where(line => line.Quantity > 0).ToList();
        var items = ItemsLeft(order, wanted, all.Where(one => one != there));
        if (there is null && WhyNothing(wanted, items) is { } why)
            return new Tracked.Nothing(why);
        var note = NoteOf(wanted.Sum(line => line.Quantity), items.Values.Sum());
        if (there is not null && IsAsItShouldBe(there, parcel, items))
            return new Tracked.There($"{Prefix}{there.Id}", note, note is not null);
        var written = await rest.CallAsync<FulfillmentNode>(
            there is null ? HttpMethod.Post : HttpMethod.Put, there is null ? path : $"{path}/{there.Id}",
            new
            {
                Status = "fulfilled",
                IsFulfilled = true,
                NotifyCustomer = notifyCustomer,
                MetaData = Meta(there, parcel, items),
            },
            calls, stopping);
        return written.Data is { } made
            ? new Tracked.Written($"{Prefix}{made.Id}", note, note is not null) : Tracked.Of(written);
    }

    /// <summary>
    /// Deletes the fulfillment that records a parcel, if it is there still. The shop keeps it, marked as deleted, and
    /// its units can be fulfilled again.
    /// </summary>
    /// <param name="parcel">A parcel that the shop knows by <see cref="ParcelContent.FulfilmentId"/>.</param>
    public async Task<SendResult> TakeBackAsync(
        ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        if (parcel.FulfilmentId?.StartsWith(Prefix, StringComparison.Ordinal) != true)
        {
            return new SendResult.Delivered(new ShopAnswer.NotTakenBack(
                $"it is no fulfillment there, and what the buyer was told cannot be taken back: {parcel.FulfilmentId}"))
            { Asked = false };
        }

        var path = $"wc/v3/orders/{parcel.OrderId}/fulfillments";
        var listed = await rest.ListAsync<FulfillmentNode>(path, calls, stopping);
        if (listed.IsNotThere)
            return new SendResult.Delivered(new ShopAnswer.NotTakenBack("the shop has no such order"));
        if (listed.Data is null)
            return listed.Failed!;
        if (listed.Data.Find(one => IsThere(one) && $"{Prefix}{one.Id}" == parcel.FulfilmentId) is not { } there)
            return new SendResult.AlreadyThere(new ShopAnswer.TakenBack());
        // PHP takes the text "false" for true, so that what is not meant is left out.
        var deleted = await rest.CallAsync<DeletedNode>(
            HttpMethod.Delete, $"{path}/{there.Id}{(notifyCustomer ? "?notify_customer=1" : "")}", null, calls,
            stopping);
        return deleted.Data is null ? deleted.Failed!
            : deleted.Data.Message is null ? new SendResult.Unknown("200 without a word of what was deleted")
            : new SendResult.Delivered(new ShopAnswer.TakenBack());
    }

    private static bool IsThere(FulfillmentNode one) => one.DateDeleted is not { ValueKind: JsonValueKind.String };

    private static bool IsOurs(FulfillmentNode one, ParcelContent parcel)
    {
        var id = $"{Prefix}{one.Id}";
        if (id == parcel.FulfilmentId)
            return true;
        if (one.Text(ParcelKey) is { } name)
            return name == parcel.Parcel;
        // Somebody has recorded it by hand.
        return one.Text(NumberKey) is { } theirs && !parcel.OtherFulfilmentIds.Contains(id, StringComparer.Ordinal)
            && parcel.EarlierNumbers.Append(parcel.TrackingNumber).OfType<string>()
                .Any(number => TrackingNumbers.Same(number, theirs));
    }

    /// <summary>What a person has recorded is theirs, but for a number that is not so any more.</summary>
    private static bool IsAsItShouldBe(FulfillmentNode there, ParcelContent parcel, Dictionary<long, decimal> items) =>
        there.IsFulfilled
        && (parcel.TrackingNumber is not { } newest || TrackingNumbers.Same(newest, there.Text(NumberKey) ?? ""))
        && (there.Text(ParcelKey) is null
            || (Says(there, ProviderNameKey, parcel.Carrier) && Says(there, UrlKey, parcel.TrackingUrl)
                && (items.Count == 0 || SameItems(ItemsOf(there), items))));

    private static bool Says(FulfillmentNode there, string key, string? value) =>
        value is null || there.Text(key) == value;

    private static bool SameItems(Dictionary<long, decimal> one, Dictionary<long, decimal> other) =>
        one.Count == other.Count && other.All(item => one.GetValueOrDefault(item.Key) == item.Value);

    /// <summary>Of each line so many units as no other fulfillment has.</summary>
    private static Dictionary<long, decimal> ItemsLeft(
        OrderNode order, List<ShippedLine> wanted, IEnumerable<FulfillmentNode> others)
    {
        var left = order.LineItems.GroupBy(line => line.Id).ToDictionary(
            line => line.Key, line => line.Sum(one => RestValue.Number(one.Quantity) ?? 0));
        foreach (var (line, units) in others.SelectMany(ItemsOf))
            left[line] = left.GetValueOrDefault(line) - units;
        return wanted.Select(line => (Id: IdOf(line.LineId), line.Quantity))
            .Select(line => (line.Id, Units: Math.Min(line.Quantity, Math.Floor(left.GetValueOrDefault(line.Id)))))
            .Where(line => line.Units > 0)
            .ToDictionary(line => line.Id, line => line.Units);
    }

    private static Dictionary<long, decimal> ItemsOf(FulfillmentNode one)
    {
        var items = new Dictionary<long, decimal>();
        if (one.Find(ItemsKey) is not { ValueKind: JsonValueKind.Array } list)
            return items;
        foreach (var item in list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object))
        {
            if (item.TryGetProperty("item_id", out var id) && RestValue.Number(id) is { } line
                && item.TryGetProperty("qty", out var quantity))
                items[(long)line] = items.GetValueOrDefault((long)line) + (RestValue.Number(quantity) ?? 0);
        }

        return items;
    }

    /// <summary>The shop forgets what it is not told again, so that what others wrote goes back with ours.</summary>
    private static IEnumerable<object> Meta(
        FulfillmentNode? there, ParcelContent parcel, Dictionary<long, decimal> items)
    {
        var meta = (there?.MetaData ?? []).DistinctBy(one => one.Key, StringComparer.Ordinal).ToDictionary(
            one => one.Key, one => (object?)one.Value, StringComparer.Ordinal);
        if (there is null || there.Text(ParcelKey) is not null)
            meta[ParcelKey] = parcel.Parcel;
        if (items.Count > 0 && meta.ContainsKey(ParcelKey))
            meta[ItemsKey] = items.Select(item => new { ItemId = item.Key, Qty = (int)item.Value });
        Set(NumberKey, parcel.TrackingNumber);
        Set(UrlKey, parcel.TrackingUrl);
        Set(ProviderNameKey, parcel.Carrier);
        // Only so does the shop show a carrier's name that it does not know.
        Set(ProviderKey, parcel.Carrier is null ? null : "other");
        return meta.Select(one => new { Id = 0, one.Key, one.Value });

        void Set(string key, string? value)
        {
            if (value is not null)
                meta[key] = value;
        }
    }

    private static string? WhyNothing(List<ShippedLine> wanted, Dictionary<long, decimal> items) =>
        wanted.Count == 0 ? "no unit of what the shop sold is complete with this parcel"
        : items.Count == 0 ? "the shop has nothing left to fulfil for these lines" : null;

    private static string? NoteOf(int wanted, decimal recorded) => recorded >= wanted ? null
        : string.Create(CultureInfo.InvariantCulture, $"the shop had {recorded:0.##} of {wanted} units left to fulfil");

    private static long IdOf(string lineId) =>
        long.TryParse(lineId, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : 0;
}
