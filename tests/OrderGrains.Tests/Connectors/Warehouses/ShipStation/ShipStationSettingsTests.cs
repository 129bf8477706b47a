using OrderGrains.Tests.Configuration;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

public sealed class ShipStationSettingsTests
{
    private const string Here =
        "\"Kind\":\"ShipStation\",\"ApiKey\":\"k\",\"Locations\":[\"ss\"],\"WarehouseIds\":{\"ss\":\"se-1\"}";

    private const string Source = "\"Kind\":\"ShipStation\",\"Warehouse\":\"east-wms\",\"ApiKey\":\"k\"";
    private const string Stock = "\"Kind\":\"ShipStationStock\",\"Warehouse\":\"east-wms\",\"ApiKey\":\"k\"";

    [Fact]
    public void A_few_lines_are_enough_and_the_calls_are_within_ShipStations_limit()
    {
        var warehouse = Configured.Read(Configured.Right, Warehouse(Here)).Warehouses["ss"];

        var limits = warehouse.Destination.Limits;
        Assert.Equal((2, 4), (limits.CallsPerSecondMax, limits.CallsAtOnceMax));
        Configured.Read(Configured.Right, Sources(Source));
        Configured.Read(Configured.Right, Sources($"{Stock},\"InventoryWarehouseIds\":{{\"east\":\"se-2\"}}"));
    }

    [Theory]
    [InlineData("\"BaseUrl\":\"ftp://ss\"", "Warehouses:ss:BaseUrl: must be an absolute http or https address")]
    [InlineData("\"ApiKey\":\"a b\"", "Warehouses:ss:ApiKey: must be made of visible ASCII characters")]
    [InlineData("\"ApiKey\":\"\"", "Warehouses:ss:ApiKey: is missing")]
    [InlineData("\"WarehouseIds\":{\"ss\":\"\"}", "Warehouses:ss:WarehouseIds:ss: is empty")]
    [InlineData("\"WarehouseIds\":{\"tt\":\"se-1\"}", "Warehouses:ss:WarehouseIds: 'tt' is none of Locations")]
    [InlineData("\"Locations\":[\"ss\",\"tt\"]", "Warehouses:ss:WarehouseIds: has no id for 'tt'")]
    public void Mistakes_of_the_warehouse_are_named(string more, params string[] mistakes) => Assert.Equal(
        mistakes, Configured.Mistakes(Configured.Right, Warehouse(Here), Warehouse(more)), StringComparer.Ordinal);

    [Theory]
    [InlineData(Source + ",\"BaseUrl\":\"v2\"", "Sources:ss:BaseUrl: must be an absolute http or https address")]
    [InlineData(Source + ",\"KeysUrl\":\"keys\"", "Sources:ss:KeysUrl: must be an absolute http or https address")]
    [InlineData(Source + ",\"KeysUrl\":\"http://10.0.0.1/jwks\"",
        "Sources:ss:KeysUrl: is http, so CalledNetworks must name the network in which it lies")]
    [InlineData(Source + ",\"BaseUrl\":\"http://10.0.0.1/v2\"",
        "Sources:ss:BaseUrl: is http, so CalledNetworks must name the network in which it lies")]
    [InlineData(Source + ",\"CalledNetworks\":[\"here\"]", "Sources:ss:CalledNetworks: 'here' is no network")]
    [InlineData("\"Kind\":\"ShipStation\",\"ApiKey\":\"k\"", "Sources:ss:Warehouse: is missing")]
    [InlineData("\"Kind\":\"ShipStation\",\"Warehouse\":\"east-wms\"", "Sources:ss:ApiKey: is missing")]
    [InlineData(Stock, "Sources:ss:InventoryWarehouseIds: must have at least 1 entries")]
    [InlineData(Stock + ",\"InventoryWarehouseIds\":{\"east\":\" \"}",
        "Sources:ss:InventoryWarehouseIds:east: is empty")]
    public void Mistakes_of_the_sources_are_named(string section, string mistake) => Assert.StartsWith(
        mistake, Assert.Single(Configured.MistakesOver(Sources(section))), StringComparison.Ordinal);

    private static string Warehouse(string section) => "{\"Warehouses\":{\"ss\":{" + section + "}}}";

    private static string Sources(string section) => "{\"Sources\":{\"ss\":{" + section + "}}}";
}
