namespace OrderGrains.Tests.Connectors.Mapping;

/// <summary>Mappings of a shop's own JSON and XML, and an order in each.</summary>
internal static class MappingSample
{
    public const string JsonRules = """
        {
          // A shop of somebody's own.
          "rules": [
            { "when": { "event": ["order.new", "order.changed"], "order/test": [false, null] }, "type": "order.updated",
              "data": {
                "orderId": "order/id",
                "number": { "from": "order/reference", "default": "?" },
                "placedAt": { "from": "order/created", "pattern": "dd.MM.yyyy HH:mm", "zone": "Europe/Berlin" },
                "updatedAt": { "from": "order/changed", "pattern": "unix" },
                "paid": { "from": "order/payment/state", "map": { "captured": true, "*": false } },
                "currency": { "value": "EUR" },
                "lines": { "each": "order/items", "data": {
                  "lineId": "pos", "sku": "article/no", "quantity": "qty",
                  "shippable": { "from": "kind", "map": { "download": false, "*": true }, "default": true } } },
                "shipTo": { "data": {
                  "name": { "from": ["/order/ship/first", "/order/ship/last"] },
                  "address1": "order/ship/street", "city": "order/ship/city", "postalCode": "order/ship/zip",
                  "countryCode": { "from": "order/ship/country", "map": { "Deutschland": "DE" } } } } } },
            { "when": { "event": "order.dropped" }, "type": "order.cancelled",
              "data": { "orderId": "order/id", "reason": "order/why" } },
            { "when": { "event": "stock" }, "ignore": "stock is what the warehouse counts" },
          ],
        }
        """;

    public const string Order = """
        {"event":"order.new","order":{"id":9007199254740993,"reference":"R-7","created":"01.08.2026 10:30",
         "changed":1785571200.25,"payment":{"state":"captured"},
         "items":[{"pos":1,"article":{"no":"MUG"},"qty":"2.000"},
                  {"pos":2,"article":{"no":"PDF"},"qty":1,"kind":"download"}],
         "ship":{"first":"Ada","last":"Marsh","street":"Weidenweg 12","city":"Berlin","zip":"10115",
                 "country":"Deutschland"}}}
        """;

    public const string XmlRules = """
        { "format": "xml", "namespaces": { "o": "urn:example:order" },
          "rules": [
            { "when": { "o:head/@action": "place" }, "type": "order.placed",
              "data": {
                "orderId": "o:head/o:id", "number": "o:head/o:id",
                "placedAt": { "from": "o:head/o:date", "zone": "America/New_York" },
                "updatedAt": "$receivedAt",
                "lines": { "each": "o:lines/o:line",
                           "data": { "lineId": "@no", "sku": "o:sku", "quantity": "o:units" } } } } ] }
        """;

    public const string XmlOrder = """
        <?xml version="1.0" encoding="utf-8"?>
        <order xmlns="urn:example:order"><head action="place"><id>X-1</id><date>2026-08-01T06:00:00</date></head>
        <lines><line no="1"><sku>MUG &amp; CO</sku><units>3</units></line>
        <line no="2"><sku>POT</sku><units>1</units></line>
        </lines></order>
        """;
}
