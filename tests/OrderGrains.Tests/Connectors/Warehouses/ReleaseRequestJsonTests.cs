using System.Text;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

public sealed class ReleaseRequestJsonTests
{
    [Fact]
    public void A_release_is_written_as_the_protocol_has_it()
    {
        var json = ReleaseRequestJson.Serialize(new ReleaseRequest
        {
            Reference = "acme-450789469-1",
            Source = "acme",
            OrderId = "450789469",
            OrderNumber = "#1001",
            Location = "east",
            PlacedAt = new DateTimeOffset(2008, 1, 10, 16, 0, 0, TimeSpan.Zero),
            ShipTo = new ShipTo { Name = "Bob Norman", Address1 = "Chestnut Street 92", CountryCode = "US" },
            Lines = [new ReleaseRequestLine("518995019", "IPOD2008RED", 1)],
            Revision = 7,
        });

        Assert.Equal(
            """
            {"reference":"acme-450789469-1","source":"acme","orderId":"450789469","orderNumber":"#1001",
            "location":"east","placedAt":"2008-01-10T16:00:00+00:00",
            "shipTo":{"name":"Bob Norman","address1":"Chestnut Street 92","city":"","postalCode":"","countryCode":"US"},
            "lines":[{"lineId":"518995019","sku":"IPOD2008RED","quantity":1}],
            "revision":7}
            """.ReplaceLineEndings(""),
            Encoding.UTF8.GetString(json));
    }
}
