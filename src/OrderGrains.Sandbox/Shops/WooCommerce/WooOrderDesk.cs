using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>Orders with their notes, and the three ways to track a parcel.</summary>
internal sealed class WooOrderDesk(TimeProvider time)
{
    private static readonly string[] Statuses =
        ["pending", "processing", "on-hold", "completed", "cancelled", "refunded", "failed", "trash"];

    private readonly Dictionary<long, WooOrder> _orders = [];
    private long _ids = 1000;

    public bool HasFulfillments { get; set; }

    public bool HasShipmentTracking { get; set; }

    public HashSet<string> OwnStatuses { get; } = new(StringComparer.Ordinal);

    public WooOrder Make((string Sku, int Units)[] lines)
    {
        var order = new WooOrder(++_ids, [.. lines.Select(line => new WooLine(++_ids, line.Sku, line.Units))])
        {
            CreatedAt = time.GetUtcNow(),
            ModifiedAt = time.GetUtcNow(),
        };
        _orders.Add(order.Id, order);
        return order;
    }

    public void SetStatus(WooOrder order, string status) =>
        (order.Status, order.ModifiedAt) = (status, time.GetUtcNow());

    public WooNote AddNote(WooOrder order, string text, bool toBuyer)
    {
        // WordPress takes backslashes out.
        var note = new WooNote(++_ids, text.Replace("\\", "", StringComparison.Ordinal), toBuyer);
        order.Notes.Add(note);
        return note;
    }

    public void FulfilByHand(WooOrder order, WooLine line, int units, string? number)
    {
        var made = new WooFulfillment(++_ids) { IsFulfilled = true };
        made.Meta["_items"] = new JsonArray(new JsonObject { ["item_id"] = line.Id, ["qty"] = units });
        if (number is not null)
            made.Meta["_tracking_number"] = number;
        order.Fulfillments.Add(made);
    }

    public WooAnswer Answer(WooRequest request, string id, string[] path)
    {
        if (path is ["fulfillments", ..] && !HasFulfillments)
            return WooAnswer.NoRoute();
        if (!long.TryParse(id, out var number) || !_orders.TryGetValue(number, out var order))
            return WooAnswer.Error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.");
        return (request.Method, path) switch
        {
            ("GET", []) => new WooAnswer(200, WooShopState.Fields(request, NodeOf(order))),
            ("PUT", []) => Write(request, order),
            ("GET", ["notes"]) => new WooAnswer(200, new JsonArray([.. order.Notes.Select(NodeOf).Reverse()])),
            ("POST", ["notes"]) => WriteNote(request, order),
            (_, ["fulfillments", .. var rest]) => WooFulfillmentDesk.Answer(request, order, rest, () => ++_ids),
            _ => WooAnswer.NoRoute(),
        };
    }

    public WooAnswer AnswerTracking(WooRequest request, string id, string[] path)
    {
        if (!HasShipmentTracking)
            return WooAnswer.NoRoute();
        if (!long.TryParse(id, out var number) || !_orders.TryGetValue(number, out var order))
            return WooAnswer.Error(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.");
        switch (request.Method, path)
        {
            case ("GET", []):
                return new WooAnswer(200, new JsonArray([.. order.Trackings.Select(NodeOf)]));
            case ("POST", []):
                request.Only(request.Body, "custom_tracking_provider", "custom_tracking_link", "tracking_number",
                    "date_shipped");
                if (Text(request, "tracking_number") is not { Length: > 0 } tracked)
                    return WooAnswer.Error(400, "rest_missing_callback_param", "Missing parameter(s): tracking_number");
                var made = new WooTracking($"{++_ids:x32}", tracked, Text(request, "custom_tracking_provider") ?? "",
                    Text(request, "custom_tracking_link") ?? "", Text(request, "date_shipped") ?? "");
                order.Trackings.Add(made);
                order.ModifiedAt = time.GetUtcNow();
                return new WooAnswer(201, NodeOf(made));
            case ("DELETE", [var entry]):
                if (order.Trackings.Find(one => one.Id == entry) is not { } gone)
                    return WooAnswer.Error(
                        404, "woocommerce_rest_order_shipment_tracking_invalid_id", "Invalid shipment tracking ID.");
                order.Trackings.Remove(gone);
                return new WooAnswer(200, NodeOf(gone));
            default:
                return WooAnswer.NoRoute();
        }
    }

    /// <summary>An order as the API and the webhooks tell it: money is text, times have no zone.</summary>
    public static JsonObject NodeOf(WooOrder order) => new()
    {
        ["id"] = order.Id,
        ["status"] = order.Status,
        ["number"] = $"{order.Id}",
        ["currency"] = "USD",
        ["total"] = "420.35",
        ["date_created_gmt"] = WooShopState.TimeOf(order.CreatedAt),
        ["date_modified_gmt"] = WooShopState.TimeOf(order.ModifiedAt),
        ["date_paid_gmt"] = WooShopState.TimeOf(order.CreatedAt),
        ["date_completed_gmt"] = order.Status == "completed" ? WooShopState.TimeOf(order.ModifiedAt) : null,
        ["needs_processing"] = true,
        ["shipping"] = new JsonObject
        {
            ["first_name"] = "Ada",
            ["last_name"] = "Marsh",
            ["company"] = "",
            ["address_1"] = "12 Willow Street",
            ["address_2"] = "",
            ["city"] = "Portland",
            ["state"] = "OR",
            ["postcode"] = "97201",
            ["country"] = "US",
        },
        ["line_items"] = new JsonArray([.. order.Lines.Select(line => new JsonObject
        {
            ["id"] = line.Id, ["sku"] = line.Sku, ["quantity"] = line.Quantity, ["total"] = "199.00", ["price"] = 99.5,
        })]),
        ["refunds"] = new JsonArray(),
    };

    private WooAnswer Write(WooRequest request, WooOrder order)
    {
        request.Only(request.Body, "status");
        var status = Text(request, "status") ?? "";
        if (!Statuses.Contains(status, StringComparer.Ordinal) && !OwnStatuses.Contains(status))
            return WooAnswer.Error(400, "rest_invalid_param", "Invalid parameter(s): status");
        if (order.Status == status)
            request.Complain($"{request.Name}: the order is {status} already");
        if (order.Status is not "processing" && !OwnStatuses.Contains(order.Status))
            request.Complain($"{request.Name}: an order that is {order.Status} becomes {status}");
        order.StatusWrites++;
        SetStatus(order, status);
        return new WooAnswer(200, WooShopState.Fields(request, NodeOf(order)));
    }

    private WooAnswer WriteNote(WooRequest request, WooOrder order)
    {
        request.Only(request.Body, "note", "customer_note", "added_by_user");
        if (Text(request, "note") is not { Length: > 0 } text)
            return WooAnswer.Error(400, "rest_missing_callback_param", "Missing parameter(s): note");
        return new WooAnswer(201, NodeOf(AddNote(order, text, (bool?)request.Body!["customer_note"] == true)));
    }

    private static string? Text(WooRequest request, string name) => (string?)request.Body?[name];

    private static JsonObject NodeOf(WooNote note) => new()
    {
        ["id"] = note.Id,
        ["author"] = "system",
        ["note"] = note.Text,
        ["customer_note"] = note.ToBuyer,
    };

    private static JsonObject NodeOf(WooTracking entry) => new()
    {
        ["tracking_id"] = entry.Id,
        ["tracking_provider"] = entry.Provider,
        ["tracking_link"] = entry.Link,
        ["tracking_number"] = entry.Number,
        ["date_shipped"] = entry.ShippedOn,
    };
}
