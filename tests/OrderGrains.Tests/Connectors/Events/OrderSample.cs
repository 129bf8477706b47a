namespace OrderGrains.Tests.Connectors.Events;

/// <summary>The data of each type of our own form.</summary>
internal static class OrderSample
{
    public const string Placed = """
        {"orderId":"A-1001","number":"#1001",
         "placedAt":"2026-08-01T10:00:00+02:00","updatedAt":"2026-08-01T08:00:01.5Z",
         "paid":true,"held":false,"currency":"USD",
         "lines":[{"lineId":"l-1","sku":"MUG","quantity":2},
                  {"lineId":"l-2","sku":"GIFT","quantity":1,"shippable":false}],
         "shipTo":{"name":"Ada Marsh","company":"Marsh & Co","address1":"12 Willow Street","address2":"2nd floor",
                   "city":"Portland","province":"OR","postalCode":"97201","countryCode":"US","phone":"+1 503 555 0100",
                   "email":"ada@example.com"},
         "shippingMethod":"Express"}
        """;

    public const string Cancelled =
        """{"orderId":"A-1001","updatedAt":"2026-08-01T09:00:00Z","reason":"changed her mind","cancelled":true}""";

    public const string Refunded = """
        {"orderId":"A-1001","refundId":"r-1","updatedAt":"2026-08-01T09:00:00Z",
         "lines":[{"lineId":"l-1","quantity":1,"restock":true},{"lineId":"l-2","quantity":0,"restock":false}]}
        """;

    public static string Event(string type, string data) =>
        $$"""{"type":"{{type}}","timestamp":"2026-08-01T12:00:00Z","data":{{data}}}""";
}
