using OrderGrains.Inventory;
using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>What storefronts may sell of a SKU that is stocked as its parts.</summary>
public sealed class BundleStockTests : IAsyncLifetime
{
    private readonly RecordingShop _acme = new();
    private readonly RecordingShop _east = new();
    private SiloWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await SiloWorld.StartAsync(new SiloSetup
    {
        WaysBack =
        {
            ["acme"] = (new Shop(true, StockMeaning.Available, Places(("east", "11"), ("west", "22")), default), _acme),
            ["shopeast"] = (
                new Shop(true, StockMeaning.OnHand, Places(("east", "9")), new StockBuffer(1, 0)), _east),
        },
    });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_bundle_is_offered_as_often_as_its_scarcest_part_allows()
    {
        await _world.CountAsync("GIFT-MUG", 7);
        await SettleAsync();
        // Of the other part nothing is known.
        Assert.Null(_acme.Offered("GIFT-SET"));
        await _world.CountAsync("GIFT-TEA", 9);
        await OffersAsync(_acme, 4);
        await OffersAsync(_east, 3);
        Assert.Equal(
            StockMeaning.Available, _east.Stock.SelectMany(call => call).Last(one => one.Sku == "GIFT-SET").Meaning);

        await _world.CountAsync("GIFT-MUG", 2);
        await OffersAsync(_acme, 2);
        // Each location by itself: there is tea alone.
        await _world.CountAsync("GIFT-TEA", 50, "west");
        await SettleAsync();
        Assert.Equal(2, _acme.Offered("GIFT-SET"));
        await _world.DeliverAsync(Stated(_world.NewOrder(), 1, lines: ("GIFT-SET", 1)));
        await OffersAsync(_acme, 1);
        await OffersAsync(_east, 0);

        Task OffersAsync(RecordingShop shop, int bundles) => Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return shop.Offered("GIFT-SET") == bundles;
        });
    }

    [Fact]
    public async Task A_part_is_offered_as_what_can_still_be_sold()
    {
        await _world.CountAsync("GIFT-MUG", 7);
        await _world.CountAsync("GIFT-TEA", 9);
        await SettleAsync();
        Assert.Equal(6, _east.Offered("GIFT-MUG"));

        // The shop takes no order of the bundle off the mug.
        await _world.DeliverAsync(Stated(_world.NewOrder(), 1, lines: ("GIFT-SET", 1)));
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return _east.Offered("GIFT-MUG") == 5;
        });
        Assert.Equal(
            StockMeaning.Available, _east.Stock.SelectMany(call => call).Last(one => one.Sku == "GIFT-MUG").Meaning);
    }

    [Fact]
    public async Task A_bundle_is_compared_once_by_the_same_rule()
    {
        await _world.CountAsync("GIFT-MUG", 7);
        await _world.CountAsync("GIFT-TEA", 9);
        await SettleAsync();
        var before = _acme.Stock.Sum(call => call.Count);
        _acme.Has = sku => sku == "GIFT-SET" ? 5 : null;
        await _world.Grains.GetGrain<IShopStockGrain>("acme").LookAsync();
        await SettleAsync();

        Assert.Equal(before + 1, _acme.Stock.Sum(call => call.Count));
        Assert.Equal(("GIFT-SET", 4, "11"),
            (_acme.Stock[^1].Single().Sku, _acme.Stock[^1][0].Quantity, _acme.Stock[^1][0].Place));
        _acme.Has = sku => sku == "GIFT-SET" ? 4 : null;
        _world.Time.Advance(TimeSpan.FromDays(1));
        await _world.Grains.GetGrain<IShopStockGrain>("acme").LookAsync();
        await SettleAsync();
        Assert.Equal(before + 1, _acme.Stock.Sum(call => call.Count));
    }

    /// <summary>Seconds go by until nothing waits.</summary>
    private Task SettleAsync() => Eventually.TrueAsync(async () =>
    {
        _world.Time.Advance(TimeSpan.FromSeconds(1));
        return (await _world.Outbox.ListDepthsAsync()).Sum(depth => depth.Due) == 0;
    });

    private static Dictionary<string, string> Places(params (string Location, string Place)[] places) =>
        places.ToDictionary(place => place.Location, place => place.Place, StringComparer.Ordinal);
}
