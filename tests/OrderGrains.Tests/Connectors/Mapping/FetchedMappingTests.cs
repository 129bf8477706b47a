using System.Text;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Mapping;

/// <summary>A sender that says which order has changed and nothing else.</summary>
public sealed class FetchedMappingTests
{
    private const string Rules = """
        { "rules": [
          { "when": { "event": "order.changed" }, "type": "order.updated",
            "data": {
              "orderId": "id",
              "resourceUrl": { "template": "https://shop.example/v2/{shop}/orders/{id}.json?whole=yes" } },
            "fetched": {
              "orderId": "order/id", "number": "order/id", "placedAt": "order/created", "updatedAt": "$receivedAt",
              "lines": { "each": "order/items", "data": { "lineId": "no", "sku": "sku", "quantity": "qty" } } } } ] }
        """;

    private const string Whole =
        """{"order":{"id":17,"created":"2026-08-01T10:00:00Z","items":[{"no":1,"sku":"MUG","qty":2}]}}""";

    [Theory]
    [InlineData("""{"event":"order.changed","shop":"a b","id":17}""",
        "https://shop.example/v2/a%20b/orders/17.json?whole=yes")]
    [InlineData("""{"event":"order.changed","shop":"../x?","id":"17/#@"}""",
        "https://shop.example/v2/..%2Fx%3F/orders/17%2F%23%40.json?whole=yes")]
    public void What_the_document_says_is_put_into_the_address(string body, string address) =>
        Assert.Equal(address, Assert.IsType<Reading.Fetch>(Read(body)).Address.AbsoluteUri);

    [Theory]
    [InlineData("""{"event":"order.changed","id":17}""",
        "resourceUrl (shop) is missing, or no part of an address")]
    [InlineData("""{"event":"order.changed","shop":"..","id":17}""",
        "resourceUrl (shop) is missing, or no part of an address")]
    [InlineData("""{"event":"order.changed","shop":"a","id":".."}""",
        "resourceUrl (id) is missing, or no part of an address")]
    public void An_address_with_a_hole_is_parked(string body, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read(body)));

    [Fact]
    public void What_was_fetched_is_translated_too()
    {
        var fetchedAt = Deliveries.Now.AddHours(1);

        var understood = Opened.Understood(Read(Thin(), Whole, fetchedAt));

        var order = Assert.IsType<OrderStated>(understood.Change);
        Assert.Equal(new OrderKey("shop", "17"), order.Order);
        Assert.Equal([new SnapshotLine { LineId = "1", Sku = "MUG", Quantity = 2 }], order.Snapshot.Lines);
        // Asked for later, it is the newer, whichever event asked.
        Assert.Equal(fetchedAt, order.Snapshot.UpdatedAt);
        Assert.Equal("order.updated:d-1", understood.EventKey);
    }

    [Theory]
    [InlineData("""{"order":{"id":18,"created":"2026-08-01T10:00:00Z","items":[]}}""",
        "what was fetched: orderId is another than that of the event")]
    [InlineData("{}", "what was fetched: orderId is missing")]
    [InlineData("[]", "what was fetched: the body is a JSON array, expected an object")]
    public void A_fault_of_what_was_fetched_says_so(string fetched, string reason) =>
        Assert.Equal(reason, Opened.Reason(Read(Thin(), fetched)));

    [Theory]
    [InlineData(""" "data": { "orderId": "id", "resourceUrl": { "template": "https://{id}/orders/" } }""",
        "rules[0].data.resourceUrl.template: must begin with an address and its host, such as "
        + "https://shop.example/orders/{id}")]
    [InlineData(""" "data": { "orderId": "id", "resourceUrl": { "template": "https://shop.example/{id" } }""",
        "rules[0].data.resourceUrl.template: has a { without its }")]
    [InlineData(""" "data": { "orderId": "id", "resourceUrl": { "template": "https://shop.example/{}" } }""",
        "rules[0].data.resourceUrl.template: has an empty name")]
    [InlineData(""" "data": { "orderId": "id" }""", "rules[0].data.resourceUrl: is missing")]
    [InlineData(""" "data": { "orderId": "id", "resourceUrl": "self", "lines": "a" }""",
        "rules[0].data.lines: there is no such thing; known here: orderId, updatedAt, resourceUrl")]
    public void Mistakes_are_named_with_their_place(string data, string mistake)
    {
        var mistakes = new List<string>();
        MappingFile.Parse(Encoding.UTF8.GetBytes($$"""
            { "rules": [ { "type": "order.placed", {{data}}, "fetched": {
              "orderId": "a", "number": "a", "placedAt": "a", "updatedAt": "a",
              "lines": { "each": "a", "data": { "lineId": "a", "quantity": "a" } } } } ] }
            """), mistakes.Add);

        Assert.Equal([mistake], mistakes, StringComparer.Ordinal);
    }

    [Fact]
    public void Only_whole_orders_are_fetched_and_only_as_json()
    {
        var mistakes = new List<string>();
        MappingFile.Parse("""
            { "format": "xml", "rules": [
              { "type": "order.cancelled", "data": { "orderId": "a", "resourceUrl": "a" }, "fetched": {} } ] }
            """u8.ToArray(), mistakes.Add);

        Assert.Contains(
            "rules[0].fetched: belongs to order.placed and order.updated, in the format json", mistakes,
            StringComparer.Ordinal);
    }

    private static string Thin() => """{"event":"order.changed","shop":"a","id":17}""";

    private static Reading Read(string body, string? fetched = null, DateTimeOffset? at = null)
    {
        var mistakes = new List<string>();
        var mapping = MappingFile.Parse(Encoding.UTF8.GetBytes(Rules), mistakes.Add);
        Assert.Empty(mistakes);
        return mapping!.Read("shop", Deliveries.Receipt("", body) with
        {
            Fetched = fetched is null
                ? null : new FetchedDocument(Encoding.UTF8.GetBytes(fetched), at ?? Deliveries.Now),
        }, FetchWorld.Rules("shop.example"));
    }
}
