using OrderGrains.Chaos.Trade;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops.Shopify;

namespace OrderGrains.Chaos;

/// <summary>The shop's Admin API, which parcels and stock are told to, and which fails by the seed.</summary>
internal sealed partial class ChaosWorld
{
    private ShopifyAdminServer _admin = null!;
    private long _place;
    private int _adminCalls;

    /// <summary>What the shop has of parcels and stock.</summary>
    public ShopifyShopState ShopState => _admin.Shop;

    /// <summary>What no client may do, and the product did.</summary>
    public IReadOnlyList<string> ShopComplaints => _admin.Complaints;

    private async Task StartAdminAsync(CancellationToken cancellation)
    {
        _admin = new ShopifyAdminServer(
            new ShopifyAdminOptions { PointsMax = 1e7, PointsPerSecond = 1e6 }, Time)
        {
            Fault = DrawFault,
        };
        _place = ShopState.AddLocation();
        foreach (var item in Premises.Hot.Concat(Premises.Warm).Concat(Premises.Cold))
            ShopState.AddItem(item.Sku, _place, 0);
        Shop.Changed = order => ShopState.Follow(order, _place);
        await _admin.StartAsync(cancellation);
    }

    /// <summary>East and west are one place to the shop.</summary>
    private ProductSettings WithWayBack(ProductSettings settings) => settings
        .WithWayBack(Shop.Source, _admin, _place, "east", "west")
        .With($"Sources:{Shop.Source}:Shop:CallsPerSecondMax", "1000")
        .With($"Sources:{Shop.Source}:Shop:TimeoutSeconds", "2");

    /// <summary>Of a hundred calls, some are done and not answered, and some are not done.</summary>
    private ShopifyFault DrawFault(string operation) =>
        Draw.For(Options.Seed, "shop", Interlocked.Increment(ref _adminCalls)).Next(100) switch
        {
            < 3 => ShopifyFault.LostAfter,
            < 5 => ShopifyFault.FailsAfter,
            < 7 => ShopifyFault.FailsBefore,
            < 8 => ShopifyFault.SaysFailed,
            < 9 => ShopifyFault.Page,
            _ => ShopifyFault.None,
        };
}
