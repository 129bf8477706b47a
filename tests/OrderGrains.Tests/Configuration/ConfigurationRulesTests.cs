using OrderGrains.Inventory;
using OrderGrains.Orders;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>Rules between settings: names, references, secrets.</summary>
public sealed class ConfigurationRulesTests
{
    [Theory]
    [InlineData("Acme_Shop", "Sources:Acme_Shop: a name has lower-case letters, digits and dashes, at most 40")]
    [InlineData("-acme", "Sources:-acme: a name has lower-case letters, digits and dashes, at most 40")]
    [InlineData("acme/two", "Sources:acme/two: a name has lower-case letters, digits and dashes, at most 40")]
    [InlineData("acme-two", "Sources:acme-two: may not begin with the name of source acme and a dash: references at "
        + "the warehouse would be ambiguous")]
    public void A_source_has_a_name_that_fits_urls_and_references(string name, string mistake) => Assert.Equal(
        [mistake], Configured.MistakesOver(Named(name)));

    [Fact]
    public void A_name_has_40_characters_at_most()
    {
        Assert.Equal(3, Configured.Read(Configured.Right, Named(new string('a', 40))).Sources.Count);
        Assert.Single(Configured.MistakesOver(Named(new string('a', 41))));
    }

    [Theory]
    [InlineData("""{"Sources":{"b":{}}}""", "Sources:b:Kind: is missing")]
    [InlineData("""{"Sources":{"b":{"Kind":"Shopify"}}}""", "Sources:b:Locations: must have at least 1 entries",
        "Sources:b:Secrets: must have at least 1 entries")]
    [InlineData("""{"Subscribers":{"erp":{}}}""", "Subscribers:erp:Events: must have at least 1 entries",
        "Subscribers:erp:Secrets: must have at least 1 entries", "Subscribers:erp:Url: is missing")]
    [InlineData("""{"Subscribers":{"erp":{"Url":"https://erp.example","Secrets":["hush"],"Events":["order.sent"]}}}""",
        "Subscribers:erp:Events: 'order.sent' names no event; there are order.received, order.backordered, "
        + "order.allocated, order.released, order.shipped, order.cancelled, order.held, stock.changed, "
        + "message.parked, receipt.parked, destination.opened, destination.closed, source.silent, stock.short",
        "Subscribers:erp:Secrets:0: must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)")]
    [InlineData("""{"Warehouses":{"east-wms":{"Retry":{"DelayMin":"00:01:00","DelayMax":"00:00:30"}}}}""",
        "Warehouses:east-wms:Retry:DelayMax: must not be shorter than DelayMin")]
    [InlineData("""{"Warehouses":{"east-wms":{"Retry":{"Delay":"00:01:00"},"ResumeWhenHealed":"Maybe"}}}""",
        "Warehouses:east-wms:ResumeWhenHealed: must be one of Offer, Yes, No in this version",
        "Warehouses:east-wms:Retry:Delay: there is no such setting; known here: DelayMin, DelayMax, AttemptsMax, "
        + "ProbeDelayMax, AgeMax")]
    [InlineData("""{"Sources":{"acme":{"AllowedNetworks":["10/8"]}}}""",
        "Sources:acme:AllowedNetworks: '10/8' is no network such as 203.0.113.0/24")]
    [InlineData("""{"Sources":{"acme":{"AllowedNetworks":["010.0.0.0/8"]}}}""",
        "Sources:acme:AllowedNetworks: '010.0.0.0/8' is no network such as 203.0.113.0/24")]
    [InlineData("""{"Sources":{"acme":{"Shop":{}}}}""",
        "Sources:acme:Shop:AccessToken: is missing, and so are ClientId and ClientSecret",
        "Sources:acme:Shop:Domain: is missing")]
    [InlineData("""{"Sources":{"acme":{"Share":50}}}""",
        "Sources:acme:Shop: is missing: Buffer and Share say what it is told")]
    [InlineData("""
        {"Sources":{"acme":{"Buffer":"5 %","Shop":{"Domain":"acme.myshopify.com","AccessToken":"x","Token":"y",
        "Stock":"Both","Retry":{"AttemptsMax":0}}}}}
        """,
        "Sources:acme:Buffer: must be units such as 2, or a part such as 10%",
        "Sources:acme:Shop:Retry:AttemptsMax: must be between 1 and 10000",
        "Sources:acme:Shop:Stock: must be one of Off, Available, OnHand in this version",
        "Sources:acme:Shop:Token: there is no such setting; known here: Domain, AccessToken, ClientId, ClientSecret, "
        + "TimeoutSeconds, NotifyCustomer, ActivateInventory, StockReason, Locations, Fulfilments, Stock, "
        + "CallsAtOnceMax, CallsPerSecondMax, Retry, ResumeWhenHealed")]
    [InlineData("""
        {"Sources":{"acme":{"Shop":{"Domain":"acme.myshopify.com","AccessToken":"x","Locations":{"north":"1"}}}}}
        """,
        "Sources:acme:Shop:Locations:north: is none of the source's Locations")]
    [InlineData("""
        {"Sources":{"acme":{"Shop":{"Domain":"acme.myshopify.com","AccessToken":"x","Stock":"OnHand",
        "Locations":{"east":"1"}}},"two":{"Kind":"Shopify","Secrets":["s"],"Locations":["east"]}}}
        """,
        "Sources:acme:Shop:Stock: must be Available, since two sells the same stock: OnHand would not show it what is "
        + "sold there")]
    [InlineData("""
        {"Sources":{"two":{"Kind":"Hmac","Secrets":["s"],"Locations":["east"],"Header":"X-S","Content":"{body}",
        "Shop":{"Domain":"two.example"}}}}
        """,
        "Sources:two:Shop: there is no way back to a source of kind Hmac")]
    [InlineData("""
        {"Sources":{"acme":{"Shop":{"Domain":"acme.myshopify.com","AccessToken":"x"}}},
        "Subscribers":{"acme":{"Url":"https://erp.example","Secrets":["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"],
        "Events":["*"]}}}
        """,
        "Sources:acme:Shop: acme is the name of a warehouse or subscriber already")]
    [InlineData("""{"Warehouses":{"b":{}}}""", "Warehouses:b:Kind: is missing",
        "Warehouses:b:Locations: must have at least 1 entries")]
    [InlineData("""{"Sources":{"b":{"Kind":"Warehouse","Secrets":["whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz"]}}}""",
        "Sources:b:Warehouse: is missing")]
    [InlineData("""{"Sources":{"east-wms":{"Warehouse":"west-wms"}}}""",
        "Sources:east-wms:Warehouse: must name one of Warehouses")]
    [InlineData("""{"Warehouses":{"w":{"Kind":"Http","BaseUrl":"http://w.example","Locations":["east"]}}}""",
        "Warehouses:w:Locations: 'east' is served by warehouse east-wms already")]
    [InlineData("""{"Warehouses":{"east-wms":{"BaseUrl":"wms.example"}}}""",
        "Warehouses:east-wms:BaseUrl: must be an absolute http or https address")]
    [InlineData("""{"Warehouses":{"east-wms":{"BaseUrl":"ftp://wms.example"}}}""",
        "Warehouses:east-wms:BaseUrl: must be an absolute http or https address")]
    [InlineData("""{"Warehouses":{"east-wms":{"Locations":["East Side"]}}}""",
        "Sources:acme:Locations: no warehouse serves 'east'",
        "Warehouses:east-wms:Locations: a name has lower-case letters, digits and dashes, at most 40")]
    [InlineData("""{"Api":{"Keys":[{},{"Name":"ops","Role":"Viewer","Secret":"another-secret-of-16"}]}}""",
        "Api:Keys: the name ops is there 2 times")]
    [InlineData("""{"Api":{"Keys":[{},{"Name":"b","Role":"Viewer","Secret":"0123456789abcdef"}]}}""",
        "Api:Keys: ops and b have the same secret")]
    [InlineData("""{"Bundles":{"SET":{"MUG":1,"BOX":0},"BOX":{"TEA":1},"NONE":{}}}""",
        "Bundles:SET:BOX: is a bundle itself; name its parts instead",
        "Bundles:SET:BOX: must be between 1 and 1000")]
    [InlineData("""{"Bundles":{"SET":{"MUG":1," MUG\u200b":1}," SET":{"TEA":1}}}""",
        "Bundles: SET: is there twice, but for blanks or accents written otherwise",
        "Bundles:SET: MUG\u200B: is there twice, but for blanks or accents written otherwise")]
    [InlineData("""{"Bundles":{"SET":{"BOX ":1},"BOX":{"CAFE\u0301":1}}}""",
        "Bundles:SET:BOX: is a bundle itself; name its parts instead")]
    [InlineData("""{"Bundles":{"SET":{"MUG":"two"}}}""", "Bundles:SET:MUG: must be a whole number")]
    [InlineData("""{"Sources":{"acme":{"UnpaidReservedMax":"01:00:00"}}}""",
        "Sources:acme:UnpaidReservedMax: needs ReserveWhen Placed: nothing is reserved before payment")]
    [InlineData("""{"Sources":{"acme":{"Splitting":"Always","Backorders":"Drop"}}}""",
        "Sources:acme:Backorders: must be one of Wait, Cancel, ShipWhatIsThere in this version",
        "Sources:acme:Splitting: must be one of Never, WhenNeeded in this version")]
    public void What_refers_to_nothing_or_to_two_things_is_named(string json, params string[] mistakes) =>
        Assert.Equal(mistakes, Configured.MistakesOver(json).Order(StringComparer.Ordinal), StringComparer.Ordinal);

    [Theory]
    [InlineData("""{"Sources":{"acme":{"Secrets":[""]}}}""", "Sources:acme:Secrets:0: is empty")]
    [InlineData("""{"Sources":{"east-wms":{"Secrets":["hunter2-hunter2-hunter2"]}}}""",
        "Sources:east-wms:Secrets:0: must be whsec_ and 24 to 64 bytes in base64, or whpk_ and an ed25519 public key "
        + "in base64 (Standard Webhooks)")]
    [InlineData("""{"Warehouses":{"east-wms":{"Secrets":["whsec_hunter2"]}}}""",
        "Warehouses:east-wms:Secrets:0: must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)")]
    [InlineData("""{"Api":{"Keys":[{"Secret":"hunter2"}]}}""", "Api:Keys:0:Secret: must have at least 16 characters")]
    [InlineData("""{"Api":{"Keys":[{"Secret":["hunter2"]}]}}""", "Api:Keys:0:Secret: must be a single value")]
    public void A_secret_that_cannot_be_is_named_and_never_shown(string json, string mistake)
    {
        var mistakes = Configured.MistakesOver(json);

        Assert.Equal([mistake], mistakes);
    }

    [Theory]
    [InlineData("""{"Sources":{"acme":null}}""")]
    [InlineData("""{"Sources":{"acme":{"Secrets":null}}}""")]
    [InlineData("""{"Sources":{"acme":{"Secrets":[null]}}}""")]
    [InlineData("""{"Sources":{"acme":{"AllowedNetworks":[null]}}}""")]
    [InlineData("""{"Sources":{"acme":{"Locations":[null]}}}""")]
    [InlineData("""{"Sources":{"b":null}}""")]
    [InlineData("""{"Warehouses":{"b":null}}""")]
    [InlineData("""{"Warehouses":{"east-wms":{"Locations":[null]}}}""")]
    [InlineData("""{"Warehouses":{"east-wms":{"BaseUrl":null}}}""")]
    [InlineData("""{"Api":null}""")]
    [InlineData("""{"Api":{"Keys":null}}""")]
    [InlineData("""{"Api":{"Keys":[null]}}""")]
    [InlineData("""{"Storage":null,"Ingress":null,"Cluster":null,"Outbound":null,"Sources":null,"Warehouses":null}""")]
    public void Null_anywhere_is_a_mistake_or_the_default_and_never_a_crash(string json)
    {
        try
        {
            Configured.Read(Configured.Right, json);
        }
        catch (OrderGrains.Configuration.ConfigurationException exception)
        {
            Assert.All(exception.Mistakes, mistake => Assert.Contains(": ", mistake, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void A_sources_rules_for_stock_and_bundles_are_read()
    {
        var options = Configured.Read(Configured.Right, """
            {
              "Sources": { "acme": { "Splitting": "WhenNeeded", "Backorders": "ShipWhatIsThere",
                "ReserveWhen": "Placed", "UnpaidReservedMax": "2.00:00:00" } },
              "Bundles": { "SET ": { "MUG": 1, "\u200bTEA": 2, "CAFE\u0301": 3 } }
            }
            """);
        var acme = options.Sources["acme"].Policy!;
        Assert.Equal((Splitting.WhenNeeded, Backorders.ShipWhatIsThere), (acme.Splitting, acme.Backorders));
        Assert.Equal((ReserveWhen.Placed, TimeSpan.FromDays(2)), (acme.ReserveWhen, acme.UnpaidReservedMax));
        Assert.Equal((2, 3), (options.Bundles["SET"]["TEA"], options.Bundles["SET"]["CAF\u00C9"]));
    }

    private static string Named(string name) =>
        $$"""{ "Sources": { "{{name}}": { "Kind": "Shopify", "Secrets": ["s"], "Locations": ["east"] } } }""";
}
