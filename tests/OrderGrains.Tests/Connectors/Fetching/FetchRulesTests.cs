using OrderGrains.Connectors.Fetching;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Ingress;
using Xunit;

namespace OrderGrains.Tests.Connectors.Fetching;

/// <summary>From where a source's orders may be fetched.</summary>
public sealed class FetchRulesTests
{
    [Theory]
    [InlineData("shop.example", "https://shop.example/orders/1?x=y", true)]
    [InlineData("shop.example", "https://SHOP.example:443/", true)]
    [InlineData("https://Shop.Example:8443", "https://shop.example:8443/", true)]
    [InlineData("bücher.example", "https://xn--bcher-kva.example/", true)]
    [InlineData("http://erp.internal:8080", "http://erp.internal:8080/1", true)]
    [InlineData("shop.example", "http://shop.example/", false)]
    [InlineData("shop.example", "https://shop.example:8443/", false)]
    [InlineData("shop.example", "https://shop.example./", false)]
    [InlineData("shop.example", "https://www.shop.example/", false)]
    [InlineData("shop.example", "https://shop.example.evil.example/", false)]
    [InlineData("shop.example", "https://shop.example@evil.example/", false)]
    [InlineData("shop.example", "https://me:hush@shop.example/", false)]
    [InlineData("shop.example", "https:\\\\evil.example\\@shop.example/", false)]
    [InlineData("shop.example", "https://evil.example#shop.example", false)]
    [InlineData("shop.example", "ftp://shop.example/", false)]
    [InlineData("shop.example", "//shop.example/", false)]
    [InlineData("shop.example", "shop.example/orders/1", false)]
    [InlineData("http://erp.internal:8080", "https://erp.internal:8080/1", false)]
    public void An_address_is_at_a_host_that_is_named_or_refused(string host, string address, bool passes) =>
        Assert.Equal(passes, FetchWorld.Rules(host).WhyRefused(address, out _) is null);

    [Theory]
    [InlineData("\"Hosts\":[]", "Hosts: must have at least 1 entries")]
    [InlineData("\"Hosts\":[\"shop.example/orders\"]",
        "Hosts:0: must be a host such as shop.example, shop.example:8443 or http://10.1.2.3:8080")]
    [InlineData("\"Hosts\":[\"me@shop.example\"]",
        "Hosts:0: must be a host such as shop.example, shop.example:8443 or http://10.1.2.3:8080")]
    [InlineData("\"Hosts\":[\"ftp://shop.example\"]",
        "Hosts:0: must be a host such as shop.example, shop.example:8443 or http://10.1.2.3:8080")]
    [InlineData("\"Hosts\":[\"http://shop.example\"]",
        "Hosts:0: is called by http, so AllowedNetworks must name the network in which it lies")]
    [InlineData("\"Hosts\":[\"http://8.8.8.8\"],\"AllowedNetworks\":[\"10.0.0.0/8\"]",
        "Hosts:0: what is not encrypted goes to AllowedNetworks alone")]
    [InlineData("\"Hosts\":[\"10.1.2.3\"]",
        "Hosts:0: 10.0.0.0/8 (private) is not called: AllowedNetworks would have to hold it")]
    [InlineData("\"Hosts\":[\"a.example\"],\"AllowedNetworks\":[\"home\"]",
        "AllowedNetworks: 'home' is no network such as 203.0.113.0/24")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Secret\":\"hush hush\"", "Secret: must be visible ASCII")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Secret\":\"hush\",\"Scheme\":\"Basic\"",
        "Secret: must be user:password")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Header\":\"X-Key\"", "Secret: is missing")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Header\":\"X Key\",\"Secret\":\"hush\"",
        "Header: is no name of a header")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Header\":\"X-Key\",\"Secret\":\"me:hush\",\"Scheme\":\"Basic\"",
        "Header: stands beside Scheme: only one of them can be")]
    [InlineData("\"Hosts\":[\"a.example\"],\"TimeoutSeconds\":61", "TimeoutSeconds: must be between 1 and 60")]
    [InlineData("\"Hosts\":[\"a.example\"],\"Tokens\":1",
        "Tokens: there is no such setting; known here: Hosts, AllowedNetworks, Secret, Scheme, Header, BodyBytesMax, "
        + "TimeoutSeconds, CallsAtOnceMax")]
    public void Each_mistake_is_named_without_its_value(string settings, string mistake)
    {
        var found = Assert.Single(Opened.Mistakes($$"""
            "Kind":"StandardWebhooks","Secrets":["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],"Fetch":{ {{settings}} }
            """));

        Assert.Equal($"Sources:shop:Fetch:{mistake}", found);
        Assert.DoesNotContain("hush", found, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"Kind\":\"CloudEvents\",\"Secrets\":[\"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw\"]", true)]
    [InlineData("\"Kind\":\"Hmac\",\"Secrets\":[\"hush\"],\"Header\":\"X-Signature\"", true)]
    [InlineData("\"Kind\":\"Shopify\",\"Secrets\":[\"hush\"]", false)]
    public void Kinds_that_send_addresses_have_it_and_others_say_that_there_is_no_such_setting(string kind, bool has)
    {
        var section = kind + ",\"Fetch\":{\"Hosts\":[\"shop.example\"]}";
        if (has)
            Assert.Equal(["shop.example"], Assert.IsType<FetchRules>(Opened.Source(section).Fetch).Options.Hosts);
        else
            Assert.StartsWith("Sources:shop:Fetch: there is no such setting",
                Assert.Single(Opened.Mistakes(section)), StringComparison.Ordinal);
    }
}
