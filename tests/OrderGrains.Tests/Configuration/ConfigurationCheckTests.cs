using Xunit;

namespace OrderGrains.Tests.Configuration;

public sealed class ConfigurationCheckTests
{
    [Fact]
    public void A_right_configuration_is_read_as_it_is_written()
    {
        var options = Configured.Read(Configured.Right);

        Assert.Equal("data", options.DataDirectory);
        Assert.Equal("ops", Assert.Single(options.Api.Keys).Name);
        Assert.Equal("Shopify", options.Sources["acme"].Kind);
        Assert.Equal(["east"], options.Sources["acme"].Policy!.Locations);
        Assert.Equal("east-wms", options.Sources["east-wms"].Source.Connector.Warehouse);
        Assert.Equal(["east"], options.Warehouses["east-wms"].Locations);
        Assert.Equal(2 * 1024 * 1024, options.Ingress.BodyBytesMax);
    }

    [Fact]
    public void An_empty_configuration_is_right() => Assert.Empty(Configured.Read("{}").Sources);

    [Fact]
    public void Every_mistake_is_named_at_once()
    {
        var mistakes = Configured.MistakesOver("""
            {
              "Storage": { "Kind": "Postgres" },
              "Cluster": { "AdvertisedAddress": "here" },
              "Ingress": { "BodyBytesMax": 5 },
              "Outbound": { "AttemptsMax": 0 },
              "Sources": { "acme": { "AllowedNetworks": ["everywhere"], "Locations": ["east", "mars"] } },
              "Warehouses": { "east-wms": { "TimeoutSeconds": 99 } }
            }
            """);

        Assert.Equal(
            [
                "Cluster:AdvertisedAddress: must be an IP address",
                "Ingress:BodyBytesMax: must be between 1024 and 67108864",
                "Outbound:AttemptsMax: must be between 1 and 10000",
                "Sources:acme:AllowedNetworks: 'everywhere' is no network such as 203.0.113.0/24",
                "Sources:acme:Locations: no warehouse serves 'mars'",
                "Storage:ConnectionString: is missing",
                "Warehouses:east-wms:TimeoutSeconds: must be between 1 and 20",
            ],
            mistakes.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("""{"Sorces":{"acme":{}}}""", "Sorces: there is no such setting; known here: DataDirectory, Storage, ")]
    [InlineData("""{"Ingress":{"BodyMax":1}}""",
        "Ingress:BodyMax: there is no such setting; known here: BodyBytesMax, ")]
    [InlineData("""{"Sources":{"acme":{"Secret":"a"}}}""",
        "Sources:acme:Secret: there is no such setting; known here: Kind, Secrets")]
    [InlineData("""{"Api":{"Keys":[{"Nam":"a"}]}}""",
        "Api:Keys:0:Nam: there is no such setting; known here: Name, Role")]
    public void An_unknown_name_is_named_with_those_known_there(string json, string mistake) =>
        Assert.StartsWith(mistake, Assert.Single(Configured.MistakesOver(json)), StringComparison.Ordinal);

    [Fact]
    public void What_the_web_server_reads_itself_is_no_mistake() => Configured.Read(Configured.Right, """
        {"Urls":"http://+:80","AllowedHosts":"*","Logging":{"LogLevel":{"Default":"Warning"}},"Kestrel":{"Limits":{}}}
        """);

    [Theory]
    [InlineData("""{"Ingress":{"BodyBytesMax":"many"}}""", "Ingress:BodyBytesMax: must be a whole number")]
    [InlineData("""{"Ingress":{"BodyBytesMax":1.5}}""", "Ingress:BodyBytesMax: must be a whole number")]
    [InlineData("""{"Ingress":{"BodyBytesMax":99999999999}}""", "Ingress:BodyBytesMax: must be a whole number")]
    [InlineData("""{"Ingress":{"BodyBytesMax":[1]}}""", "Ingress:BodyBytesMax: must be a single value")]
    [InlineData("""{"Ingress":"big"}""", "Ingress: must be an object")]
    [InlineData("""{"Sources":"acme"}""", "Sources: must be an object")]
    [InlineData("""{"Sources":{"acme":"Shopify"}}""", "Sources:acme: must be an object")]
    [InlineData("""{"Sources":{"acme":{"Secrets":"hush"}}}""", "Sources:acme:Secrets: must be a list")]
    [InlineData("""{"Sources":{"acme":{"Kind":"Ebay"}}}""",
        "Sources:acme:Kind: must be one of Shopify, WooCommerce, Warehouse, ShipBob, ShipBobStock, ShipStation, "
            + "ShipStationStock, TrytonEvents, OdooEvents, StandardWebhooks, CloudEvents, Hmac in this version")]
    [InlineData("""{"Sources":{"acme":{"Kind":"7"}}}""",
        "Sources:acme:Kind: must be one of Shopify, WooCommerce, Warehouse, ShipBob, ShipBobStock, ShipStation, "
            + "ShipStationStock, TrytonEvents, OdooEvents, StandardWebhooks, CloudEvents, Hmac in this version")]
    [InlineData("""{"Sources":{"acme":{"Kind":"WooCommerce","Statuses":{"in-transit":"Gone"}}}}""",
        "Sources:acme:Statuses:in-transit: must be one of Unpaid, Ship, Hold, Done, Cancel, Refund, Ignore in this "
        + "version")]
    [InlineData("""{"Sources":{"acme":{"Kind":"WooCommerce","Statuses":["Ship"],"Assembled":"Both"}}}""",
        "Sources:acme:Assembled: must be one of Whole, Parts in this version")]
    [InlineData("""{"Sources":{"acme":{"Kind":"WooCommerce","NotShipped":["SERVICE",""]}}}""",
        "Sources:acme:NotShipped:1: is empty")]
    [InlineData("""{"Sources":{"acme":{"OrdersSince":"2026-11-01T00:00:00"}}}""",
        "Sources:acme:OrdersSince: must be a time with its zone, such as 2026-11-01T00:00:00Z")]
    [InlineData("""{"Sources":{"acme":{"TestOrders":"Send"}}}""",
        "Sources:acme:TestOrders: must be one of Ignore, Release in this version")]
    [InlineData("""{"Sources":{"east-wms":{"TimestampTolerance":"soon"}}}""",
        "Sources:east-wms:TimestampTolerance: must be a TimeSpan")]
    [InlineData("""{"Storage":{"Kind":"Oracle"}}""", "Storage:Kind: must be one of Sqlite, Postgres in this version")]
    public void A_value_of_the_wrong_type_is_named(string json, string mistake) =>
        Assert.Equal([mistake], Configured.MistakesOver(json));

    [Theory]
    [InlineData("""{"Outbound":{"DelayMin":"00:00:00"}}""",
        "Outbound:DelayMin: must be between 00:00:00.0100000 and 01:00:00")]
    [InlineData("""{"Cluster":{"SiloPort":70000}}""", "Cluster:SiloPort: must be between 1 and 65535")]
    [InlineData("""{"Warehouses":{"east-wms":{"CallsAtOnceMax":0}}}""",
        "Warehouses:east-wms:CallsAtOnceMax: must be between 1 and 1024")]
    [InlineData("""{"Sources":{"east-wms":{"TimestampTolerance":"02:00:00"}}}""",
        "Sources:east-wms:TimestampTolerance: must be between 00:00:01 and 01:00:00")]
    [InlineData("""{"DataDirectory":""}""", "DataDirectory: is missing")]
    [InlineData("""{"Outbound":{"DelayMin":"00:10:00","DelayMax":"00:05:00"}}""",
        "Outbound:DelayMax: must not be shorter than DelayMin")]
    public void A_value_out_of_its_range_is_named(string json, string mistake) =>
        Assert.Equal([mistake], Configured.MistakesOver(json));
}
