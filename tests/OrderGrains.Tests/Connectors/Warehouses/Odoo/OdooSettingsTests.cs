using OrderGrains.Tests.Configuration;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

public sealed class OdooSettingsTests
{
    private const string Access = "\"BaseUrl\":\"http://127.0.0.1:8069\",\"ApiKey\":\"k\"";
    private const string Odoo = "\"Kind\":\"Odoo\"," + Access + ",\"Locations\":[\"north\"]";

    [Fact]
    public void A_few_lines_are_enough()
    {
        var limits = Configured.Read(Configured.Right, Warehouse(Odoo)).Warehouses["odoo"].Destination.Limits;

        Assert.Equal((20, 4), (limits.CallsPerSecondMax, limits.CallsAtOnceMax));
    }

    [Theory]
    [InlineData("\"BaseUrl\":\"ftp://x\"", "Warehouses:odoo:BaseUrl: must be an absolute http or https address")]
    [InlineData("\"ApiKey\":\"\"", "Warehouses:odoo:ApiKey: is missing")]
    [InlineData("\"ApiKey\":\"a\\u00fc\"", "Warehouses:odoo:ApiKey: must be made of visible ASCII characters")]
    [InlineData("\"Database\":\"a b\"", "Warehouses:odoo:Database: must be made of visible ASCII characters")]
    [InlineData("\"TimeoutSeconds\":21", "Warehouses:odoo:TimeoutSeconds: must be between 1 and 20")]
    [InlineData("\"Warehouses\":{\"north\":\" \"}", "Warehouses:odoo:Warehouses:north: is empty")]
    [InlineData("\"Warehouses\":{\"north\":\"WH\",\"south\":\"WH\"}",
        "Warehouses:odoo:Warehouses: 'south' is none of Locations")]
    [InlineData("\"Locations\":[\"north\",\"south\"]", "Warehouses:odoo:Warehouses: has no code for 'north'",
        "Warehouses:odoo:Warehouses: has no code for 'south'")]
    public void Mistakes_of_the_warehouse_are_named(string more, params string[] mistakes) => Assert.Equal(
        mistakes, Configured.Mistakes(Configured.Right, Warehouse(Odoo), Warehouse(more)), StringComparer.Ordinal);

    [Theory]
    [InlineData("", "Sources:odoo:Warehouses: must have at least 1 entries")]
    [InlineData(",\"Warehouses\":{\"east\":\"WH\"},\"PollEvery\":\"00:00:00\"",
        "Sources:odoo:PollEvery: must be between 00:00:01 and 01:00:00")]
    [InlineData(",\"Warehouses\":{\"east\":\"WH\"},\"StockEvery\":\"00:00:01\"",
        "Sources:odoo:StockEvery: must be between 00:00:10 and 1.00:00:00")]
    public void Mistakes_of_the_source_are_named(string more, string mistake) => Assert.Equal(
        mistake, Assert.Single(Configured.MistakesOver(
            "{\"Sources\":{\"odoo\":{\"Kind\":\"OdooEvents\",\"Warehouse\":\"east-wms\"," + Access + more + "}}}")));

    private static string Warehouse(string section) => "{\"Warehouses\":{\"odoo\":{" + section + "}}}";
}
