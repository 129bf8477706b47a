using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using OrderGrains.Chaos;
using OrderGrains.Configuration;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Demo;
using OrderGrains.Tests.Storage.Sqlite;
using Xunit;

namespace OrderGrains.Tests.Sandbox;

/// <summary>The sandbox as the shop and the warehouse of a product that runs elsewhere.</summary>
public sealed class GuestRunTests
{
    private const string Key = "an-admin-key-of-a-guest";
    private const string ShopSecret = "the-shop-secret-of-a-guest";

    [Fact]
    public async Task A_guest_trades_by_the_products_own_configuration_and_tells_no_secret()
    {
        using var directory = new TempDirectory();
        var secret = StandardWebhooks.SecretFor("a guest");
        var settings = new ProductSettings(directory.Path, Key).WithShop("acme", ShopSecret, "east")
            .With("Sources:wms-events:Kind", "Warehouse").With("Sources:wms-events:Warehouse", "wms")
            .With("Sources:wms-events:Secrets:0", secret)
            .With("Warehouses:wms:Kind", "Http").With("Warehouses:wms:Secrets:0", secret)
            .With("Warehouses:wms:BaseUrl", $"http://127.0.0.1:{LoopbackPort.Free()}")
            .With("Warehouses:wms:Locations:0", "east");
        await using var product = OrderGrainsApp.Create(
            ["--urls=http://127.0.0.1:0", .. settings.ToArguments()], builder => builder.Logging.ClearProviders());
        await product.StartAsync(TestContext.Current.CancellationToken);

        var (code, said) = await RunAsync(new Uri(product.Urls.First()), settings);

        Assert.True(code == 0, said);
        Assert.Contains("Audit balanced: yes", said, StringComparison.Ordinal);
        Assert.Contains("wms-events #", said, StringComparison.Ordinal);
        Assert.All([Key, ShopSecret, secret], each => Assert.DoesNotContain(each, said, StringComparison.Ordinal));
        await product.StopAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task What_a_guest_cannot_play_is_named_at_once()
    {
        var settings = new ProductSettings("data", Key)
            .With("Warehouses:wms:Kind", "Http").With("Warehouses:wms:BaseUrl", "https://wms.example/api")
            .With("Warehouses:wms:Locations:0", "east");

        var refused = await Assert.ThrowsAsync<ConfigurationException>(
            () => RunAsync(new Uri("http://127.0.0.1:1"), settings));

        Assert.Equal(
            [
                "Sources: the sandbox plays a Shopify shop, and there is none",
                "Warehouses:wms:BaseUrl: the sandbox can only be http://host:port",
                "Warehouses:wms: no source is of kind Warehouse and names it",
            ],
            refused.Mistakes);
    }

    private static async Task<(int Code, string Said)> RunAsync(Uri product, ProductSettings settings)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(
            settings.Values.Select(v => KeyValuePair.Create(v.Key, (string?)v.Value))).Build();
        var options = new DemoOptions { RunFor = TimeSpan.FromSeconds(2), OrdersPerSecond = 5 };
        var said = new StringWriter();
        var guest = new GuestRun(options, product, GuestSettings.Read(configuration),
            new Teller(said, TimeProvider.System), TimeProvider.System);
        var code = await guest.RunAsync(TestContext.Current.CancellationToken);
        return (code, said.ToString());
    }
}
