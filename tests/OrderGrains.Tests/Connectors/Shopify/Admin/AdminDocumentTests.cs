using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Sandbox.Shops.Shopify;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>What we ask is what Shopify's own schema allows.</summary>
public sealed class AdminDocumentTests
{
    private const string Set =
        "mutation A($i: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $i) { userErrors { code } } }";

    private static readonly ShopifyAdminServer Server =
        new(new ShopifyAdminOptions(), new FakeTimeProvider(Deliveries.Now));

    public static TheoryData<int> Documents { get; } = [.. Enumerable.Range(0, AdminDocuments.All.Count)];

    [Theory]
    [MemberData(nameof(Documents))]
    public async Task A_document_is_valid_and_costs_what_is_said_of_it(int index)
    {
        var document = AdminDocuments.All[index];

        Assert.Empty(await Server.FaultsAsync(document.Text, Variables(document)));
        Assert.Equal(document.Points, Server.CostOf(document.Text));
        Assert.InRange(document.Points, 1, 500);
    }

    [Theory]
    [InlineData("query A { order(id: \"1\") { nope } }", "{}")]
    [InlineData("query A { order { name } }", "{}")]
    [InlineData("query A($id: Int!) { order(id: $id) { name } }", """{"id":1}""")]
    [InlineData("query A($id: ID!) { order(id: $id) { name } }", "{}")]
    [InlineData("query A($id: ID) { order(id: $id) { name } }", "{}")]
    [InlineData("mutation A($i: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $i) { nope } }",
        """{"i":{"name":"a","reason":"x","quantities":[]}}""")]
    [InlineData(Set, """{"i":{"name":"a","reason":"x","quantities":[{"inventoryItemId":"a","locationId":"b"}]}}""")]
    [InlineData(Set, """{"i":{"name":"a","reason":"x","ignoreCompareQuantity":true,"quantities":[]}}""")]
    [InlineData(Set, """{"i":{"name":"a","reason":"x","quantities":5}}""")]
    [InlineData("mutation A($i: FulfillmentInput!) { fulfillmentCreate(fulfillment: $i) { userErrors { code } } }",
        """{"i":{"lineItemsByFulfillmentOrder":[]}}""")]
    public async Task What_the_schema_does_not_have_is_refused(string document, string variables) =>
        Assert.NotEmpty(await Server.FaultsAsync(document, variables));

    /// <summary>Some variables of each; those that are used, and how, are in the other tests.</summary>
    private static string Variables(AdminDocument document) =>
        document == AdminDocuments.CreateFulfilment ? """{"fulfillment":{"lineItemsByFulfillmentOrder":[]}}"""
        : document == AdminDocuments.UpdateTracking ? """{"id":"1","tracking":{"number":"1"},"notify":true}"""
        : document == AdminDocuments.Items ? """{"query":"sku:1","place":"1","names":["available"],"after":null}"""
        : document == AdminDocuments.Activate ? """{"item":"1","place":"1","names":["available"],"key":"1"}"""
        : document == AdminDocuments.SetQuantities
            ? """{"key":"1","input":{"name":"available","reason":"correction","quantities":[]}}"""
        : """{"id":"1","after":"c1"}""";
}
