using OrderGrains.Connectors.Fetching;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Events;

/// <summary>
/// Our own form of what a storefront tells (CONTRACT section 2), whoever proves the sender and wherever the type
/// stands. Whoever translates another form only has to make such a document.
/// </summary>
/// <remarks>
/// Where a signature covers the body alone, a captured one can come back under another type. So each type takes only
/// the shape that is its own: <c>order.placed</c> and <c>order.updated</c> are one and mean the same, a refund alone
/// has a <c>refundId</c>, and a cancellation has nothing that the others must have.
/// </remarks>
internal static class OrderEvents
{
    /// <summary>Longer is none of ours.</summary>
    public const int TypeCharsMax = 128;

    private const string InFetched = "what was fetched: ";

    private const int IdCharsMax = ConnectorLimits.IdCharsMax;

    /// <summary>What the others must have, and a cancellation never has.</summary>
    private static readonly string[] ForeignToCancelled = ["lines", "placedAt", "refundId", "resourceUrl"];

    /// <param name="source">The source's name: the beginning of its order keys.</param>
    /// <param name="type">Such as <c>order.placed</c>, in any case.</param>
    /// <param name="data">What is told; null: nothing.</param>
    /// <param name="receipt">It names the event, and says when it arrived.</param>
    /// <param name="typeIsSigned">
    /// False: the type stands where the signature does not reach. Then a cancellation says so in its data too: else any
    /// body with an order's id, such as that of a type that we ignore, could come back as one.
    /// </param>
    /// <param name="fetch">From where orders may be fetched that are not sent whole; null: from nowhere.</param>
    public static Reading Read(
        string source, string type, JsonFields? data, Receipt receipt, bool typeIsSigned = true,
        FetchRules? fetch = null)
    {
        return type.ToLowerInvariant() switch
        {
            "order.placed" or "order.updated" when data is { } address && IsElsewhere(address) =>
                Elsewhere(source, type.ToLowerInvariant(), address, receipt, fetch),
            "order.placed" => Understand("order.placed", fields => Stated(source, fields, receipt.ReceivedAt)),
            "order.updated" => Understand("order.updated", fields => Stated(source, fields, receipt.ReceivedAt)),
            "order.cancelled" => Understand("order.cancelled", fields => Cancelled(source, fields, typeIsSigned)),
            "order.linesrefunded" => Understand(
                "order.linesRefunded", fields => Refunded(source, fields, receipt.ReceivedAt)),
            _ => new Reading.Ignored($"type {Printable.Of(type, TypeCharsMax)} is not one that we act on"),
        };

        Reading Understand(string kind, Func<JsonFields, OrderChange> translate) => data is { } fields
            ? new Reading.Understood(translate(fields), EventKey.Of(kind, receipt))
            : new Reading.Unreadable("data is missing");
    }

    /// <summary>Too large to send: it is to be fetched.</summary>
    private static bool IsElsewhere(JsonFields data) => data.Has("resourceUrl") && !data.Has("lines");

    /// <summary>
    /// Whose order it is says the event, which is signed; all else is said by what was fetched, at its own version. One
    /// that is older than the event comes from a host that has not heard of it yet.
    /// </summary>
    private static Reading Elsewhere(
        string source, string kind, JsonFields data, Receipt receipt, FetchRules? fetch)
    {
        var order = Order(source, data);
        DateTimeOffset? asOf = data.Has("updatedAt") ? data.Version("updatedAt", receipt.ReceivedAt) : null;
        var address = data.Code("resourceUrl", ConnectorLimits.UrlCharsMax);
        var uri = default(Uri);
        var refused = fetch is null ? "is not fetched: the source has no Fetch:Hosts"
            : fetch.WhyRefused(address, out uri);
        if (refused is not null)
            data.Fault("resourceUrl", refused);
        if (refused is not null || receipt.Fetched is not { } fetched)
            return new Reading.Fetch(uri!);
        var reading = OfFetched(JsonBody.Read(receipt with { Body = fetched.Body }, whole =>
        {
            if (Order(source, whole) != order)
                whole.Fault("orderId", "is another than that of the event");
            return new Reading.Understood(Stated(source, whole, fetched.At), EventKey.Of(kind, receipt));
        }));
        return reading is Reading.Understood { Change: OrderStated stated } && asOf is { } version
            && Second(stated.Snapshot.UpdatedAt) < Second(version)
                ? new Reading.Fetch(uri!, "what was fetched is older than the event's updatedAt")
                : reading;
    }

    /// <summary>Says of a fault that it is in what was fetched.</summary>
    public static Reading OfFetched(Reading reading) =>
        reading is Reading.Unreadable { Reason: var fault }
        && !fault.StartsWith(InFetched, StringComparison.Ordinal)
            ? new Reading.Unreadable(InFetched + fault) : reading;

    private static long Second(DateTimeOffset time) => time.ToUnixTimeSeconds();

    private static OrderStated Stated(string source, JsonFields data, DateTimeOffset arrivedAt)
    {
        var order = Order(source, data);
        if (data.Exists("refundId"))
            data.Fault("refundId", "belongs to order.linesRefunded: this is not a whole order");
        var lines = Lines(data);
        if (lines.Length == 0)
            data.Fault("lines", "has no entry: to drop an order send order.cancelled");
        return new OrderStated(order, new OrderSnapshot
        {
            UpdatedAt = data.Version("updatedAt", arrivedAt),
            PlacedAt = data.Time("placedAt"),
            Number = data.Text("number") ?? data.Missing("number"),
            Payment = IsPaid(data) ? Payment.Paid : Payment.Pending,
            Held = data.Flag("held") == true,
            Lines = lines,
            ShipTo = data.Object("shipTo") is { } address ? Address(address) : null,
            ShippingMethod = data.Text("shippingMethod"),
        });
    }

    /// <summary>Not to speak of it means paid; to speak of it and say nothing may mean anything.</summary>
    private static bool IsPaid(JsonFields data)
    {
        var paid = data.Flag("paid");
        if (paid is null && data.Exists("paid"))
            data.Fault("paid", "is empty, expected true or false");
        return paid != false;
    }

    private static OrderCancelled Cancelled(string source, JsonFields data, bool typeIsSigned)
    {
        var order = Order(source, data);
        if (!typeIsSigned && data.Flag("cancelled") != true)
            data.Fault("cancelled", "must be true: the type is not signed, so the data must say it too");
        foreach (var name in ForeignToCancelled.Where(name => data.Exists(name)))
            data.Fault(name, "belongs to another type than order.cancelled");
        // Read for its form alone: a cancellation is final, whenever it was.
        _ = data.OptionalTime("updatedAt");
        return new OrderCancelled(order, "cancelled in the storefront") { Said = data.Text("reason") };
    }

    /// <summary>
    /// Units that will not be sent any more. What had been sent and comes back changes nothing that is yet to be sent.
    /// </summary>
    private static OrderAmended Refunded(string source, JsonFields data, DateTimeOffset arrivedAt)
    {
        var order = Order(source, data);
        var id = data.Code("refundId", IdCharsMax);
        var updatedAt = data.Version("updatedAt", arrivedAt);
        var units = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var line in Items(data))
        {
            var (lineId, quantity) = (line.Code("lineId", IdCharsMax), Units(line));
            if (!units.TryAdd(lineId, quantity))
                line.Fault("lineId", "is that of an earlier line");
        }

        // A whole order with the same time or a later one shows the refund already. Such are compared by the second, so
        // the refund counts as of the second before.
        var before = updatedAt.Ticks < TimeSpan.TicksPerSecond ? updatedAt : updatedAt.AddSeconds(-1);
        return new OrderAmended(order, new Amendment(
            AmendmentKind.Refund, id, before,
            [.. units.Where(line => line.Value > 0).Select(line => new AmendedLine(line.Key, -line.Value))]));
    }

    private static OrderKey Order(string source, JsonFields data)
    {
        var id = data.Code("orderId", IdCharsMax);
        // No address of an order could hold it: a dot is a folder, and the other reads as a slash.
        if (id is "." or ".." || id.Contains("%2F", StringComparison.OrdinalIgnoreCase))
            data.Fault("orderId", "must not be . or .., nor hold %2F");
        return new OrderKey(source, id);
    }

    private static JsonFields[] Items(JsonFields data)
    {
        if (data.Items("lines", ConnectorLimits.LinesMax) is { } items)
            return items;
        data.Missing("lines");
        return [];
    }

    private static SnapshotLine[] Lines(JsonFields data)
    {
        var items = Items(data);
        // Some warehouses keep ids in upper case alone.
        var known = new HashSet<string>(items.Length, StringComparer.OrdinalIgnoreCase);
        var lines = new SnapshotLine[items.Length];
        for (var at = 0; at < items.Length; at++)
        {
            lines[at] = new SnapshotLine
            {
                LineId = items[at].Code("lineId", IdCharsMax),
                // One that no stock can have is none: the order is there, and held for a person.
                Sku = items[at].FindSku("sku"),
                Quantity = Units(items[at]),
                Shippable = items[at].Flag("shippable") != false,
            };
            if (!known.Add(lines[at].LineId))
                items[at].Fault("lineId", "is that of an earlier line");
        }

        return lines;
    }

    private static int Units(JsonFields line) => line.Whole("quantity", 0, ConnectorLimits.UnitsMax);

    private static ShipTo Address(JsonFields address) => new()
    {
        Name = address.Text("name") ?? "",
        Company = address.Text("company"),
        Address1 = address.Text("address1") ?? "",
        Address2 = address.Text("address2"),
        City = address.Text("city") ?? "",
        Province = address.Text("province"),
        PostalCode = address.Text("postalCode") ?? "",
        CountryCode = address.Text("countryCode") ?? "",
        Phone = address.Text("phone"),
        Email = address.Text("email"),
    };
}
