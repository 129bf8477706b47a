using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>
/// <c>orders/#/fulfillments</c>. As the real one it does not hold units against what is left: a client that
/// records more than there is has not looked.
/// </summary>
internal static class WooFulfillmentDesk
{
    public static WooAnswer Answer(WooRequest request, WooOrder order, string[] path, Func<long> newId)
    {
        switch (request.Method, path)
        {
            case ("GET", []):
                return new WooAnswer(200, new JsonArray(
                    [.. order.Fulfillments.Where(one => !one.IsDeleted).Select(one => NodeOf(order, one))]));
            case ("POST", []):
                var made = new WooFulfillment(newId());
                if (Write(request, made) is { } fault)
                    return fault;
                order.Fulfillments.Add(made);
                CheckUnits(request, order);
                return new WooAnswer(201, NodeOf(order, made));
            case ("PUT", [var id]):
                if (order.Fulfillments.Find(one => $"{one.Id}" == id && !one.IsDeleted) is not { } there)
                    return WooAnswer.Error(400, "0", "Invalid fulfillment ID.");
                if (Write(request, there) is { } wrong)
                    return wrong;
                CheckUnits(request, order);
                return new WooAnswer(200, NodeOf(order, there));
            case ("DELETE", [var id]):
                if (order.Fulfillments.Find(one => $"{one.Id}" == id && !one.IsDeleted) is not { } gone)
                    return WooAnswer.Error(400, "0", "Invalid fulfillment ID.");
                gone.IsDeleted = true;
                // As PHP has it, whatever is written there and is not empty or 0 is true.
                if (request.Query["notify_customer"].ToString() is not ("" or "0"))
                    gone.Mails++;
                return new WooAnswer(200, new JsonObject { ["message"] = "Fulfillment deleted successfully." });
            default:
                return WooAnswer.NoRoute();
        }
    }

    /// <summary>What is not told again is forgotten.</summary>
    private static WooAnswer? Write(WooRequest request, WooFulfillment one)
    {
        request.Only(request.Body, "status", "is_fulfilled", "notify_customer", "meta_data");
        var meta = new JsonObject();
        foreach (var entry in request.Body?["meta_data"] as JsonArray ?? [])
            meta[(string)entry!["key"]!] = entry["value"]?.DeepClone();
        foreach (var lost in one.Meta.Select(entry => entry.Key).Where(key => !meta.ContainsKey(key)))
            request.Complain($"{request.Name}: loses {lost}");
        var items = meta["_items"] as JsonArray ?? [];
        if (items.Count == 0)
            return WooAnswer.Error(400, "0", "The fulfillment should contain at least one item.");
        if (items.Any(item => (long?)item!["item_id"] is not > 0 || (decimal?)item["qty"] is not > 0))
            return WooAnswer.Error(400, "0", "Invalid item.");
        one.Meta = meta;
        one.IsFulfilled = (bool?)request.Body!["is_fulfilled"] == true;
        if ((bool?)request.Body["notify_customer"] == true)
            one.Mails++;
        return null;
    }

    private static void CheckUnits(WooRequest request, WooOrder order)
    {
        foreach (var line in order.Lines)
        {
            var units = order.Fulfillments.Where(one => !one.IsDeleted)
                .Sum(one => one.Items.GetValueOrDefault(line.Id));
            if (units > line.Quantity)
                request.Complain($"{request.Name}: {units} of {line.Quantity} units of {line.Sku}");
        }
    }

    private static JsonObject NodeOf(WooOrder order, WooFulfillment one) => new()
    {
        ["id"] = one.Id,
        ["entity_type"] = "WC_Order",
        ["entity_id"] = $"{order.Id}",
        ["status"] = one.IsFulfilled ? "fulfilled" : "unfulfilled",
        ["is_fulfilled"] = one.IsFulfilled,
        ["date_updated"] = "2026-08-01T12:00:00Z",
        ["date_deleted"] = null,
        ["meta_data"] = new JsonArray([.. one.Meta.Select((entry, at) => new JsonObject
        {
            ["id"] = at + 1, ["key"] = entry.Key, ["value"] = entry.Value?.DeepClone(),
        })]),
    };
}
