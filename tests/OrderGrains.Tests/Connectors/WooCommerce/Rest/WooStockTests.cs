using OrderGrains.Connectors;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>How the shop gets to know what it may sell.</summary>
public sealed class WooStockTests : IAsyncLifetime
{
    private static readonly SendResult Delivered = new SendResult.Delivered();
    private static readonly SendResult AlreadyThere = new SendResult.AlreadyThere();

    private WooWorld _world = null!;
    private ShopDestination _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await WooWorld.StartAsync();
        _shop = _world.Open();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_world.Server.Complaints);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_number_is_set_and_what_is_there_is_not_written()
    {
        var pot = _world.Shop.AddProduct("POT", 3);

        Assert.Equal(Delivered, await SendAsync("POT", 10));
        Assert.Equal(AlreadyThere, await SendAsync("POT", 10));

        Assert.Equal(10, _world.Shop.QuantityOf(pot));
        Assert.Equal(
            ["GET wc/v3/products", "POST wc/v3/products/batch", "GET wc/v3/products"], _world.Server.Requests,
            StringComparer.Ordinal);
        Assert.Equal(1, _world.NextCalls);
    }

    [Fact]
    public async Task Variations_are_written_under_their_product()
    {
        var shirt = _world.Shop.AddProduct("SHIRT", 0);
        var (small, large) = (_world.Shop.AddProduct("SHIRT-S", 1, shirt), _world.Shop.AddProduct("SHIRT-L", 1, shirt));

        var results = await SendAllAsync(("SHIRT-S", 5), ("SHIRT-L", 6), ("SHIRT", 7));

        Assert.All(results, result => Assert.Equal(Delivered, result));
        Assert.Equal((5, 6, 7), (small.Quantity, large.Quantity, shirt.Quantity));
        Assert.Equal(2, _world.Server.Requests.Count(name => name.StartsWith("POST", StringComparison.Ordinal)));
        Assert.Contains("POST wc/v3/products/#/variations/batch", _world.Server.Requests, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_hundred_go_in_few_calls()
    {
        var products = Enumerable.Range(0, 100).Select(at => _world.Shop.AddProduct($"SKU {at}", 0)).ToArray();

        var results = await SendAllAsync([.. products.Select(product => (product.Sku, 5))]);

        Assert.All(results, result => Assert.Equal(Delivered, result));
        Assert.All(products, product => Assert.Equal(5, product.Quantity));
        Assert.Equal(6, _world.Server.Requests.Count);
        Assert.Equal((100, 1), (_shop.BatchMax(MessageKind.Stock), _shop.BatchMax(MessageKind.Parcel)));
    }

    [Theory]
    [InlineData("false")]
    [InlineData("parent")]
    public async Task What_the_shop_does_not_count_by_itself_is_left_and_asked_again_after_ten_minutes(string manage)
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        pot.ManageStock = manage;

        Assert.Equal(Delivered, await SendAsync("POT", 10));
        pot.ManageStock = "true";
        Assert.Equal(Delivered, await SendAsync("POT", 10));
        Assert.Equal(1, pot.Quantity);
        Assert.Single(_world.Server.Requests);
        _world.Time.Advance(TimeSpan.FromMinutes(10));
        await SendAsync("POT", 10);

        Assert.Equal(10, pot.Quantity);
    }

    [Fact]
    public async Task What_the_shop_does_not_sell_is_delivered() =>
        Assert.Equal([Delivered], (await SendAllAsync(("POT", 10))).ToArray());

    [Fact]
    public async Task Of_two_products_with_one_SKU_none_is_written_and_others_are()
    {
        var twice = new[] { _world.Shop.AddProduct("POT", 1), _world.Shop.AddProduct("POT", 2) };
        var mug = _world.Shop.AddProduct("MUG", 1);

        var results = await SendAllAsync(("POT", 10), ("MUG", 10));

        Assert.Contains("2 products", Assert.IsType<SendResult.Refused>(results[0]).Why, StringComparison.Ordinal);
        Assert.Equal((1, 2, 10), (twice[0].Quantity, twice[1].Quantity, mug.Quantity));
    }

    [Theory]
    [InlineData("pot")]
    [InlineData("A,POT")]
    public async Task What_the_search_finds_beside_is_not_meant(string other)
    {
        var product = _world.Shop.AddProduct(other, 1);

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(1, product.Quantity);
    }

    [Theory]
    [InlineData("A,B")]
    [InlineData("0")]
    [InlineData("Ä & ?=/ß +%20")]
    public async Task A_SKU_may_have_any_characters(string sku)
    {
        var (product, other) = (_world.Shop.AddProduct(sku, 1), _world.Shop.AddProduct("POT", 1));

        Assert.Equal([Delivered, Delivered], (await SendAllAsync((sku, 10), ("POT", 10))).ToArray());
        Assert.Equal(Delivered, await SendAsync(sku, 9));

        Assert.Equal((9, 10), (product.Quantity, other.Quantity));
    }

    [Fact]
    public async Task What_the_shop_says_of_one_number_within_a_200_is_that_ones_failure()
    {
        var (pot, mug) = (_world.Shop.AddProduct("POT", 1), _world.Shop.AddProduct("MUG", 1));
        _world.Shop.Refuses = product => product == pot ? "It may not be so." : null;

        var results = await SendAllAsync(("POT", 10), ("MUG", 10));

        Assert.Equal(
            "product_invalid_stock: It may not be so.", Assert.IsType<SendResult.Refused>(results[0]).Why);
        Assert.Equal(Delivered, results[1]);
        Assert.Equal(10, mug.Quantity);
    }

    [Fact]
    public async Task A_product_that_went_between_the_look_and_the_write_is_looked_up_again()
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        WooProduct? other = null;
        _world.Server.Fault = name =>
        {
            if (name.StartsWith("POST", StringComparison.Ordinal) && other is null)
            {
                _world.Shop.RemoveProduct(pot);
                other = _world.Shop.AddProduct("POT", 2);
            }

            return WooFault.None;
        };

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(10, other!.Quantity);
    }

    [Fact]
    public async Task A_shop_that_ignores_numbers_in_silence_is_found_out()
    {
        _world.Shop.AddProduct("POT", 1);
        _world.Shop.ManagesStock = false;

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync("POT", 10));

        Assert.Contains("did not take the number", refused.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_number_that_has_just_fallen_by_itself_is_not_raised_until_it_has_stood_for_five_seconds()
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        await SendAsync("POT", 10);
        _world.Shop.Sell(pot, 2);
        var notYet = Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 11));
        Assert.Equal(TimeSpan.FromSeconds(2), notYet.After);
        _world.Time.Advance(TimeSpan.FromSeconds(4));
        _world.Shop.Sell(pot, 1);
        Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 11));
        _world.Time.Advance(TimeSpan.FromSeconds(4));
        Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 11));
        Assert.Equal(7, pot.Quantity);

        _world.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(Delivered, await SendAsync("POT", 8));

        Assert.Equal(8, pot.Quantity);
    }

    [Fact]
    public async Task A_number_that_falls_on_and_on_is_written_after_a_minute()
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        await SendAsync("POT", 100);
        for (var seconds = 0; seconds < 60; seconds += 4)
        {
            _world.Shop.Sell(pot, 1);
            Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 100));
            _world.Time.Advance(TimeSpan.FromSeconds(4));
        }

        _world.Shop.Sell(pot, 1);
        Assert.Equal(Delivered, await SendAsync("POT", 100));
    }

    [Fact]
    public async Task A_number_that_has_fallen_is_lowered_at_once_and_so_is_one_that_rose()
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        await SendAsync("POT", 10);
        _world.Shop.Sell(pot, 2);
        Assert.Equal(Delivered, await SendAsync("POT", 5));
        _world.Shop.Sell(pot, -20);
        Assert.Equal(Delivered, await SendAsync("POT", 6));
        // The order that explains it has come.
        _world.Shop.Sell(pot, 1);
        Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 6));
        Assert.Equal(AlreadyThere, await SendAsync("POT", 5));
        Assert.Equal(Delivered, await SendAsync("POT", 6));
    }

    [Fact]
    public async Task After_a_write_that_may_have_come_it_is_looked_at_again()
    {
        var pot = _world.Shop.AddProduct("POT", 1);
        _world.Server.Fault = name => name.StartsWith("POST", StringComparison.Ordinal) ? WooFault.LostAfter : default;
        Assert.IsType<SendResult.Unknown>(await SendAsync("POT", 10));
        Assert.Equal(AlreadyThere, await SendAsync("POT", 10));
        Assert.Equal(10, pot.Quantity);
    }

    [Fact]
    public async Task Once_the_shop_has_failed_it_is_not_asked_for_the_rest()
    {
        var products = Enumerable.Range(0, 100).Select(at => _world.Shop.AddProduct($"SKU {at}", 0)).ToArray();
        _world.Server.Fault = name =>
            name.StartsWith("POST", StringComparison.Ordinal) ? WooFault.FailsBefore : WooFault.None;

        var results = await SendAllAsync([.. products.Select(product => (product.Sku, 5))]);

        Assert.Equal(25, results.Count(result => result is SendResult.Unknown));
        Assert.Equal(75, results.Count(result => result is SendResult.Again));
        // The two looks.
        Assert.Equal(2, _world.Server.Requests.Count);
    }

    [Fact]
    public async Task Numbers_are_compared_without_a_write()
    {
        _world.Shop.AddProduct("SAME", 5);
        _world.Shop.AddProduct("OTHER", 5);
        _world.Shop.AddProduct("LEFT", 5).ManageStock = "false";
        _world.Shop.AddProduct("TWICE", 1);
        _world.Shop.AddProduct("TWICE", 1);
        StockContent[] ours =
        [
            WooWorld.Stock("SAME", 5), WooWorld.Stock("OTHER", 6), WooWorld.Stock("LEFT", 6),
            WooWorld.Stock("TWICE", 6), WooWorld.Stock("NONE", 6),
        ];

        Assert.Equal([1], await WooWorld.CompareAsync(_shop, ours));
        _world.Server.Fault = _ => WooFault.PageBefore;
        Assert.Null(await WooWorld.CompareAsync(_shop, ours));
        Assert.Equal(["GET wc/v3/products"], _world.Server.Requests, StringComparer.Ordinal);
    }

    private Task<SendResult> SendAsync(string sku, int quantity) =>
        _world.SendAsync(_shop, WooWorld.Stock(sku, quantity));

    private Task<IReadOnlyList<SendResult>> SendAllAsync(params (string Sku, int Quantity)[] numbers) =>
        _world.SendAllAsync(_shop, [.. numbers.Select(number => WooWorld.Stock(number.Sku, number.Quantity))]);
}
