using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// Writes bodies in the shape of Shopify's 2026-07 webhooks, after the order of Shopify/shopify-app-js
/// (<c>rest/admin/__tests__/2026-07</c>, MIT): ids as digits, money as strings, times with a zone offset and
/// whole seconds.
/// </summary>
internal static class ShopOrderJson
{
    // The plus of a zone offset or a phone number stays a plus, as Shopify writes it.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlyMemory<byte> Write(Action<Utf8JsonWriter> body)
    {
        var buffer = new ArrayBufferWriter<byte>(4096);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            body(json);
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    public static string Time(DateTimeOffset time) =>
        time.ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture);

    private static string Money(decimal amount) => amount.ToString("0.00", CultureInfo.InvariantCulture);

    /// <summary>
    /// The members of an order, as <c>orders/create</c>, <c>paid</c>, <c>updated</c> and <c>cancelled</c> carry them.
    /// </summary>
    public static void Order(Utf8JsonWriter json, ShopOrder order, string domain)
    {
        var subtotal = order.Lines.Sum(line => line.Item.Price * line.Quantity);
        var current = order.Lines.Sum(line => line.Item.Price * line.CurrentQuantity);
        json.WriteNumber("id", order.Id);
        json.WriteString("admin_graphql_api_id", $"gid://shopify/Order/{order.Id}");
        json.WriteNull("app_id");
        json.WriteBoolean("buyer_accepts_marketing", false);
        json.WriteString("cancel_reason", order.CancelReason);
        TimeOrNull(json, "cancelled_at", order.CancelledAt);
        json.WriteNull("closed_at");
        json.WriteBoolean("confirmed", true);
        json.WriteString("contact_email", order.Buyer.Email);
        json.WriteString("created_at", Time(order.CreatedAt));
        json.WriteString("currency", "USD");
        MoneySet(json, "current_subtotal_price", current);
        MoneySet(json, "current_total_price", current);
        json.WriteString("email", order.Buyer.Email);
        json.WriteString("financial_status", order.FinancialStatus);
        json.WriteNull("fulfillment_status");
        json.WriteNull("location_id");
        json.WriteString("name", order.Name);
        json.WriteString("note", order.Note);
        json.WriteStartArray("note_attributes");
        json.WriteStartObject();
        json.WriteString("name", "gift wrap");
        json.WriteString("value", order.Number % 2 == 0 ? "yes" : "no");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteNumber("number", order.Number - 1000);
        json.WriteNumber("order_number", order.Number);
        json.WriteString("order_status_url", $"https://{domain}/orders/{order.Number}/authenticate");
        json.WriteStartArray("payment_gateway_names");
        json.WriteStringValue("bogus");
        json.WriteEndArray();
        json.WriteString("phone", "+15550100");
        json.WriteString("presentment_currency", "USD");
        json.WriteString("processed_at", Time(order.CreatedAt));
        json.WriteString("source_name", "web");
        MoneySet(json, "subtotal_price", subtotal);
        json.WriteString("tags", "");
        json.WriteBoolean("test", false);
        json.WriteString("total_discounts", Money(0));
        json.WriteString("total_line_items_price", Money(subtotal));
        json.WriteString("total_outstanding", Money(order.PaidAt is null ? current : 0));
        MoneySet(json, "total_price", subtotal);
        json.WriteString("total_tax", Money(0));
        json.WriteNumber("total_weight", 0);
        json.WriteString("updated_at", Time(order.UpdatedAt));
        Address(json, "billing_address", order.Buyer);
        json.WriteStartArray("fulfillments");
        json.WriteEndArray();
        json.WriteStartArray("line_items");
        foreach (var line in order.Lines) Line(json, line);
        json.WriteEndArray();
        json.WriteStartArray("refunds");
        foreach (var refund in order.Refunds)
        {
            json.WriteStartObject();
            Refund(json, order, refund);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Address(json, "shipping_address", order.Buyer);
        json.WriteStartArray("shipping_lines");
        json.WriteStartObject();
        json.WriteNumber("id", order.Id - 1);
        json.WriteString("code", "Standard");
        json.WriteString("price", Money(0));
        json.WriteString("source", "shopify");
        json.WriteString("title", "Standard");
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void Fulfilment(
        Utf8JsonWriter json, ShopOrder order, long id, string? number, IReadOnlyDictionary<ShopLine, int> units)
    {
        json.WriteNumber("id", id);
        json.WriteString("admin_graphql_api_id", $"gid://shopify/Fulfillment/{id}");
        json.WriteNumber("order_id", order.Id);
        json.WriteString("status", "success");
        json.WriteString("created_at", Time(order.UpdatedAt));
        json.WriteString("updated_at", Time(order.UpdatedAt));
        json.WriteString("tracking_number", number);
        json.WriteStartArray("tracking_numbers");
        if (number is not null)
            json.WriteStringValue(number);
        json.WriteEndArray();
        json.WriteStartArray("line_items");
        foreach (var (line, quantity) in units)
        {
            json.WriteStartObject();
            json.WriteNumber("id", line.Id);
            json.WriteString("sku", line.Item.Sku);
            json.WriteNumber("quantity", quantity);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    public static void FulfilmentOrder(Utf8JsonWriter json, long id, string status)
    {
        json.WriteStartObject("fulfillment_order");
        json.WriteString("id", $"gid://shopify/FulfillmentOrder/{id}");
        json.WriteString("status", status);
        json.WriteEndObject();
    }

    public static void Refund(Utf8JsonWriter json, ShopOrder order, ShopRefund refund)
    {
        json.WriteNumber("id", refund.Id);
        json.WriteString("admin_graphql_api_id", $"gid://shopify/Refund/{refund.Id}");
        json.WriteString("created_at", Time(refund.CreatedAt));
        json.WriteString("note", "changed their mind");
        json.WriteNumber("order_id", order.Id);
        json.WriteString("processed_at", Time(refund.CreatedAt));
        json.WriteBoolean("restock", true);
        json.WriteStartArray("order_adjustments");
        json.WriteEndArray();
        json.WriteStartArray("transactions");
        json.WriteEndArray();
        json.WriteStartArray("refund_line_items");
        foreach (var line in refund.Lines)
        {
            json.WriteStartObject();
            json.WriteNumber("id", line.Id);
            json.WriteNumber("line_item_id", line.Line.Id);
            json.WriteNull("location_id");
            json.WriteNumber("quantity", line.Quantity);
            json.WriteString("restock_type", "cancel");
            // A number, unlike all other money: so it stands in Shopify's own sample.
            json.WriteNumber("subtotal", line.Line.Item.Price * line.Quantity);
            json.WriteNumber("total_tax", 0m);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    /// <summary>The body of <c>orders/edited</c>: deltas alone; the state follows in <c>orders/updated</c>.</summary>
    public static void Edit(Utf8JsonWriter json, ShopOrder order, ShopLine line, int delta)
    {
        json.WriteStartObject("order_edit");
        // Each edit has its own; ids of orders lie 16 apart.
        json.WriteNumber("id", order.Id + order.Edits);
        json.WriteNull("app_id");
        json.WriteString("created_at", Time(order.UpdatedAt));
        json.WriteString("committed_at", Time(order.UpdatedAt));
        json.WriteBoolean("notify_customer", false);
        json.WriteNumber("order_id", order.Id);
        json.WriteString("staff_note", "");
        json.WriteNull("user_id");
        json.WriteStartObject("line_items");
        Deltas(json, "additions", line.Id, Math.Max(0, delta));
        Deltas(json, "removals", line.Id, Math.Max(0, -delta));
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Deltas(Utf8JsonWriter json, string name, long lineId, int delta)
    {
        json.WriteStartArray(name);
        if (delta > 0)
        {
            json.WriteStartObject();
            json.WriteNumber("id", lineId);
            json.WriteNumber("delta", delta);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Line(Utf8JsonWriter json, ShopLine line)
    {
        json.WriteStartObject();
        json.WriteNumber("id", line.Id);
        json.WriteString("admin_graphql_api_id", $"gid://shopify/LineItem/{line.Id}");
        json.WriteNumber("current_quantity", line.CurrentQuantity);
        json.WriteNumber("fulfillable_quantity", line.Item.Shippable ? line.CurrentQuantity : 0);
        json.WriteString("fulfillment_service", "manual");
        json.WriteNull("fulfillment_status");
        json.WriteBoolean("gift_card", !line.Item.Shippable);
        json.WriteNumber("grams", line.Item.Shippable ? 250 : 0);
        json.WriteString("name", line.Item.Title);
        json.WriteString("price", Money(line.Item.Price));
        json.WriteBoolean("product_exists", true);
        json.WriteNumber("quantity", line.Quantity);
        json.WriteBoolean("requires_shipping", line.Item.Shippable);
        json.WriteString("sku", line.Item.Sku);
        json.WriteBoolean("taxable", true);
        json.WriteString("title", line.Item.Title);
        json.WriteString("total_discount", Money(0));
        json.WriteNull("variant_title");
        json.WriteString("vendor", "acme");
        json.WriteEndObject();
    }

    private static void Address(Utf8JsonWriter json, string name, Buyer buyer)
    {
        json.WriteStartObject(name);
        json.WriteString("first_name", buyer.FirstName);
        json.WriteString("last_name", buyer.LastName);
        json.WriteString("name", buyer.Name);
        json.WriteNull("company");
        json.WriteString("address1", buyer.Address1);
        json.WriteNull("address2");
        json.WriteString("city", buyer.City);
        json.WriteString("province", buyer.Province);
        json.WriteString("province_code", buyer.ProvinceCode);
        json.WriteString("zip", buyer.Zip);
        json.WriteString("country", "United States");
        json.WriteString("country_code", "US");
        json.WriteString("phone", "+15550100");
        json.WriteEndObject();
    }

    private static void MoneySet(Utf8JsonWriter json, string name, decimal amount)
    {
        json.WriteString(name, Money(amount));
        json.WriteStartObject(name + "_set");
        foreach (var side in (ReadOnlySpan<string>)["shop_money", "presentment_money"])
        {
            json.WriteStartObject(side);
            json.WriteString("amount", Money(amount));
            json.WriteString("currency_code", "USD");
            json.WriteEndObject();
        }
        json.WriteEndObject();
    }

    private static void TimeOrNull(Utf8JsonWriter json, string name, DateTimeOffset? time) =>
        json.WriteString(name, time is { } known ? Time(known) : null);
}
