using Microsoft.Extensions.Configuration;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Tests.Configuration;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

public sealed class WooCommerceShopKindTests
{
    private const string Right = "BaseUrl=https://shop.example|ConsumerKey=ck|ConsumerSecret=cs";
    private const string Keys = "|ConsumerKey=ck|ConsumerSecret=cs";

    [Theory]
    [InlineData(Right, "")]
    [InlineData(Right + "|TimeoutSeconds=20|ShippedStatus=completed|Tracking=Note|NotifyCustomer=false", "")]
    [InlineData(Right + "|ShippedStatus=shipped|Stock=Available|Locations:east=1|Locations:west=1", "")]
    [InlineData("BaseUrl=https://shop.example/blog/" + Keys, "")]
    [InlineData("BaseUrl=http://127.0.0.1:8089" + Keys, "")]
    [InlineData("BaseUrl=http://shop.example" + Keys, "Shop:BaseUrl: must be https")]
    [InlineData("BaseUrl=shop.example" + Keys, "Shop:BaseUrl: must be the site's address")]
    [InlineData("BaseUrl=ftp://shop.example" + Keys, "Shop:BaseUrl: must be the site's address")]
    [InlineData("BaseUrl=https://me:hush@shop.example" + Keys, "Shop:BaseUrl: must be the site's address")]
    [InlineData("BaseUrl=https://shop.example/?rest_route=/" + Keys, "Shop:BaseUrl: must be the site's address")]
    [InlineData("BaseUrl=https://shop.example/wp-json/wc/v3" + Keys, "Shop:BaseUrl: must be the site's address alone")]
    [InlineData("ConsumerKey=ck|ConsumerSecret=cs", "Shop:BaseUrl: is missing")]
    [InlineData("BaseUrl=https://shop.example|ConsumerSecret=cs", "Shop:ConsumerKey: is missing")]
    [InlineData("BaseUrl=https://shop.example|ConsumerKey=ck", "Shop:ConsumerSecret: is missing")]
    [InlineData(
        "BaseUrl=https://shop.example|ConsumerKey=c:k|ConsumerSecret=cs", "Shop:ConsumerKey: may hold no colon")]
    [InlineData(Right + "|TimeoutSeconds=21", "Shop:TimeoutSeconds")]
    [InlineData(Right + "|Tracking=Mail", "Shop:Tracking: must be one of Auto, Fulfillments, ShipmentTracking, Note")]
    [InlineData(Right + "|ShippedStatus=cancelled", "Shop:ShippedStatus")]
    [InlineData(Right + "|ShippedStatus=processing", "Shop:ShippedStatus")]
    [InlineData(Right + "|ShippedStatus=wc-shipped", "Shop:ShippedStatus")]
    [InlineData(Right + "|ShippedStatus=Has gone", "Shop:ShippedStatus")]
    [InlineData(Right + "|Stock=OnHand", "Shop:Stock: must be Available or Off")]
    [InlineData(Right + "|Locations:east=1|Locations:west=2", "Shop:Locations: must all have one name, or none")]
    public void Settings_are_checked(string settings, string wrong)
    {
        var mistakes = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Split('|')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => $"Shop:{pair[0]}", pair => (string?)pair[1], StringComparer.Ordinal)).Build();

        new WooCommerceShopKind().Read("woo", new Settings(configuration.GetSection("Shop"), mistakes));

        if (wrong.Length == 0)
            Assert.Empty(mistakes);
        else
            Assert.StartsWith(wrong, Assert.Single(mistakes), StringComparison.Ordinal);
        Assert.DoesNotContain(mistakes, mistake => mistake.Contains("hush", StringComparison.Ordinal));
    }

    [Fact]
    public void The_way_back_has_the_name_of_the_source() => Assert.Contains(
        Kinds.Known.Shops, kind => kind is WooCommerceShopKind && Kinds.Known.Sources.Any(s => s.Name == kind.Name));

    [Fact]
    public void What_two_read_is_a_mistake_once()
    {
        var mistakes = Configured.MistakesOver(
            """
            {"Sources":{"woo":{"Kind":"WooCommerce","Secrets":["s"],"Locations":["east"],"Shop":{
            "BaseUrl":"https://shop.example","ConsumerKey":"ck","ConsumerSecret":"cs","Stock":"Both"}}}}
            """);

        Assert.Equal(["Sources:woo:Shop:Stock: must be one of Off, Available, OnHand in this version"], mistakes);
    }
}
