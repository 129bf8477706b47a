using OrderGrains.Tests.Configuration;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

public sealed class TrytonSettingsTests
{
    private const string Access =
        "\"BaseUrl\":\"http://127.0.0.1:8000\",\"Database\":\"ours\",\"User\":\"u\",\"Password\":\"p\"";

    private const string Tryton = "\"Kind\":\"Tryton\"," + Access + ",\"Locations\":[\"north\"]";

    [Fact]
    public void A_few_lines_are_enough()
    {
        var limits = Configured.Read(Configured.Right, Warehouse(Tryton)).Warehouses["tryton"].Destination.Limits;

        Assert.Equal((50, 4), (limits.CallsPerSecondMax, limits.CallsAtOnceMax));
    }

    [Theory]
    [InlineData("\"BaseUrl\":\"ftp://x\"", "Warehouses:tryton:BaseUrl: must be an absolute http or https address")]
    [InlineData("\"Password\":\"\"", "Warehouses:tryton:Password: is missing")]
    [InlineData("\"User\":\"a:b\"", "Warehouses:tryton:User: must not hold a colon")]
    [InlineData("\"Party\":\"\"", "Warehouses:tryton:Party: is missing")]
    [InlineData("\"Warehouses\":{\"north\":\" \"}", "Warehouses:tryton:Warehouses:north: is empty")]
    [InlineData("\"Warehouses\":{\"north\":\"WH\",\"south\":\"WH\"}",
        "Warehouses:tryton:Warehouses: 'south' is none of Locations")]
    [InlineData("\"Locations\":[\"north\",\"south\"]", "Warehouses:tryton:Warehouses: has no code for 'north'",
        "Warehouses:tryton:Warehouses: has no code for 'south'")]
    public void Mistakes_of_the_warehouse_are_named(string more, params string[] mistakes) => Assert.Equal(
        mistakes, Configured.Mistakes(Configured.Right, Warehouse(Tryton), Warehouse(more)), StringComparer.Ordinal);

    [Theory]
    [InlineData("", "Sources:tryton:Warehouses: must have at least 1 entries")]
    [InlineData(",\"Warehouses\":{\"east\":\"WH\"},\"PollEvery\":\"00:00:00\"",
        "Sources:tryton:PollEvery: must be between 00:00:01 and 01:00:00")]
    [InlineData(",\"Warehouses\":{\"east\":\"WH\"},\"StockEvery\":\"00:00:01\"",
        "Sources:tryton:StockEvery: must be between 00:00:10 and 1.00:00:00")]
    public void Mistakes_of_the_source_are_named(string more, string mistake) => Assert.Equal(
        mistake, Assert.Single(Configured.MistakesOver(
            "{\"Sources\":{\"tryton\":{\"Kind\":\"TrytonEvents\",\"Warehouse\":\"east-wms\","
            + Access + more + "}}}")));

    private static string Warehouse(string section) => "{\"Warehouses\":{\"tryton\":{" + section + "}}}";
}
