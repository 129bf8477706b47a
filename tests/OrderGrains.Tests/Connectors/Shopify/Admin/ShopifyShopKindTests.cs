using Microsoft.Extensions.Configuration;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

public sealed class ShopifyShopKindTests
{
    [Theory]
    [InlineData("Domain=acme.myshopify.com|AccessToken=t", "")]
    [InlineData("Domain=https://acme.example|ClientId=i|ClientSecret=s|NotifyCustomer=false|StockReason=restock", "")]
    [InlineData("Domain=http://127.0.0.1:80/|AccessToken=t|TimeoutSeconds=20", "")]
    [InlineData("AccessToken=t", "Shop:Domain")]
    [InlineData("Domain=acme|AccessToken=t", "Shop:Domain")]
    [InlineData("Domain=ftp://acme.example|AccessToken=t", "Shop:Domain")]
    [InlineData("Domain=https://user:pass@acme.example|AccessToken=t", "Shop:Domain")]
    [InlineData("Domain=acme.myshopify.com", "Shop:AccessToken")]
    [InlineData("Domain=acme.myshopify.com|AccessToken=t|ClientId=i|ClientSecret=s", "Shop:AccessToken")]
    [InlineData("Domain=acme.myshopify.com|ClientId=i", "Shop:ClientSecret")]
    [InlineData("Domain=acme.myshopify.com|ClientSecret=s", "Shop:ClientId")]
    [InlineData("Domain=acme.myshopify.com|AccessToken=t|TimeoutSeconds=21", "Shop:TimeoutSeconds")]
    [InlineData("Domain=acme.myshopify.com|AccessToken=t|StockReason=Because of it", "Shop:StockReason")]
    public void Settings_are_checked(string settings, string wrong)
    {
        var mistakes = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Split('|')
            .Select(pair => pair.Split('=', 2))
            .ToDictionary(pair => $"Shop:{pair[0]}", pair => (string?)pair[1], StringComparer.Ordinal)).Build();

        new ShopifyShopKind().Read("acme", new Settings(configuration.GetSection("Shop"), mistakes));

        if (wrong.Length == 0)
            Assert.Empty(mistakes);
        else
            Assert.StartsWith(wrong + ":", Assert.Single(mistakes), StringComparison.Ordinal);
    }

    [Fact]
    public void The_way_back_has_the_name_of_the_source() =>
        Assert.Contains(Kinds.Known.Shops, kind => Kinds.Known.Sources.Any(source => source.Name == kind.Name));
}
