using OrderGrains.Tests.Configuration;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

public sealed class ShipBobSettingsTests
{
    private const string Bob =
        "\"Kind\":\"ShipBob\",\"AccessToken\":\"t\",\"ChannelId\":\"11\",\"Locations\":[\"bob\"]";

    [Fact]
    public void A_few_lines_are_enough_and_the_calls_are_within_ShipBobs_limit()
    {
        var warehouse = Configured.Read(Configured.Right, Warehouse(Bob)).Warehouses["bob"];

        var limits = warehouse.Destination.Limits;
        Assert.Equal((2, 4), (limits.CallsPerSecondMax, limits.CallsAtOnceMax));
        var faster = Configured.Read(Configured.Right, Warehouse($"{Bob},\"CallsPerSecondMax\":5")).Warehouses["bob"];
        Assert.Equal(5, faster.Destination.Limits.CallsPerSecondMax);
        var ours = Configured.Read(Configured.Right).Warehouses["east-wms"].Destination.Limits;
        Assert.Equal((100, 16), (ours.CallsPerSecondMax, ours.CallsAtOnceMax));
    }

    [Theory]
    [InlineData("\"BaseUrl\":\"ftp://bob\"", "Warehouses:bob:BaseUrl: must be an absolute http or https address")]
    [InlineData("\"AccessToken\":\"a b\"", "Warehouses:bob:AccessToken: must be made of visible ASCII characters")]
    [InlineData("\"AccessToken\":\"\"", "Warehouses:bob:AccessToken: is missing")]
    [InlineData("\"ChannelId\":\"main\"", "Warehouses:bob:ChannelId: must be made of digits")]
    [InlineData("\"LocationIds\":{\"bob\":\"x\"}", "Warehouses:bob:LocationIds:bob: must be a whole number")]
    [InlineData("\"LocationIds\":{\"bob\":7,\"rob\":8}", "Warehouses:bob:LocationIds: 'rob' is none of Locations")]
    [InlineData("\"Locations\":[\"bob\",\"rob\"]",
        "Warehouses:bob:LocationIds: has no number for 'bob'", "Warehouses:bob:LocationIds: has no number for 'rob'")]
    public void Mistakes_of_the_warehouse_are_named(string more, params string[] mistakes) => Assert.Equal(
        mistakes, Configured.Mistakes(Configured.Right, Warehouse(Bob), Warehouse(more)), StringComparer.Ordinal);

    [Theory]
    [InlineData("\"Kind\":\"ShipBob\",\"Warehouse\":\"east-wms\",\"Secrets\":[\"hush\"]", "Sources:bob:Secrets:0: ")]
    [InlineData("\"Kind\":\"ShipBobStock\",\"Warehouse\":\"east-wms\",\"AccessToken\":\"t\"",
        "Sources:bob:LocationIds: must have at least 1 entries")]
    [InlineData("\"Kind\":\"ShipBobStock\",\"AccessToken\":\"t\",\"LocationIds\":{\"east\":7}",
        "Sources:bob:Warehouse: is missing")]
    [InlineData("\"Kind\":\"ShipBobStock\",\"Warehouse\":\"east-wms\",\"AccessToken\":\"t\","
        + "\"LocationIds\":{\"east\":7},\"StockEvery\":\"00:00:01\"",
        "Sources:bob:StockEvery: must be between 00:01:00 and 1.00:00:00")]
    public void Mistakes_of_the_sources_are_named(string section, string mistake) => Assert.StartsWith(
        mistake, Assert.Single(Configured.MistakesOver("{\"Sources\":{\"bob\":{" + section + "}}}")),
        StringComparison.Ordinal);

    private static string Warehouse(string section) => "{\"Warehouses\":{\"bob\":{" + section + "}}}";
}
