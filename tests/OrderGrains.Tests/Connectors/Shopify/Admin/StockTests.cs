using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>How the shop gets to know what it may sell.</summary>
public sealed class StockTests : IAsyncLifetime
{
    private static readonly SendResult Delivered = new SendResult.Delivered();

    private ShopWorld _world = null!;
    private ShopDestination _shop = null!;

    public async ValueTask InitializeAsync()
    {
        _world = await ShopWorld.StartAsync();
        _shop = _world.Open();
    }

    public async ValueTask DisposeAsync()
    {
        Assert.Empty(_world.Server.Complaints);
        await _world.DisposeAsync();
    }

    [Fact]
    public async Task A_quantity_is_set()
    {
        var pot = Item("POT", 3);

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(10, Available(pot));
        Assert.Equal(["Items", "SetQuantities"], _world.Server.Requests);
        Assert.Equal(1, _world.NextCalls);
    }

    [Fact]
    public async Task What_it_has_already_is_not_written()
    {
        Item("POT", 3);

        Assert.Equal(new SendResult.AlreadyThere(), await SendAsync("POT", 3));

        Assert.Equal("Items", Assert.Single(_world.Server.Requests));
    }

    [Fact]
    public async Task Units_in_the_building_are_set_beside_what_orders_have()
    {
        var pot = Item("POT", 3);
        _world.Shop.Sell(pot, _world.East, 2);

        await _world.SendAsync(_shop, _world.Stock("POT", 10, StockMeaning.OnHand));

        Assert.Equal((8, 10), (Available(pot), _world.Shop.OnHand(pot, _world.East)));
    }

    [Fact]
    public async Task Many_go_in_one_call_and_are_not_looked_up_again()
    {
        var items = Enumerable.Range(0, 120).Select(at => Item($"SKU {at}", 0)).ToList();

        var first = await _world.SendAllAsync(_shop, [.. items.Select(item => _world.Stock(item.Sku, 5))]);
        var second = await _world.SendAllAsync(_shop, [.. items.Select(item => _world.Stock(item.Sku, 6))]);

        Assert.All(first.Concat(second), result => Assert.Equal(Delivered, result));
        Assert.All(items, item => Assert.Equal(6, Available(item)));
        Assert.Equal("Items Items Items SetQuantities SetQuantities", string.Join(' ', _world.Server.Requests));
    }

    [Fact]
    public async Task What_differs_is_told_apart_and_nothing_is_written()
    {
        Item("SAME", 10);
        var other = Item("OTHER", 4);
        Item("TWICE", 10);
        Item("TWICE", 10);
        StockContent[] ours =
            [_world.Stock("SAME", 10), _world.Stock("OTHER", 10), _world.Stock("NONE", 10), _world.Stock("TWICE", 10)];

        Assert.Equal([1, 3], await CompareAsync(ours));
        Assert.Equal(4, Available(other));
        Assert.Equal(["Items"], _world.Server.Requests);

        _world.Server.Fault = _ => ShopifyFault.FailsBefore;
        Assert.Null(await CompareAsync(ours));
    }

    private Task<IReadOnlyList<int>?> CompareAsync(StockContent[] ours) =>
        _shop.CompareAsync(ours, () => Task.CompletedTask, TestContext.Current.CancellationToken);

    [Fact]
    public async Task A_SKU_that_the_shop_finds_too_much_for_fails_no_other()
    {
        for (var at = 0; at < 2_100; at++)
            Item($"1 {at}", 0);
        var pot = Item("POT", 1);

        var results = await _world.SendAllAsync(_shop, _world.Stock("1", 5), _world.Stock("POT", 5));

        Assert.Contains("pages", Assert.IsType<SendResult.Refused>(results[0]).Why, StringComparison.Ordinal);
        Assert.Equal(Delivered, results[1]);
        Assert.Equal(5, Available(pot));
    }

    [Fact]
    public async Task A_number_that_fell_while_the_shop_was_asked_is_written_as_it_is_now()
    {
        var pot = Item("POT", 1);
        var asked = 0;
        var delivery = new Delivery(
            Deliveries.Of(MessageKind.Stock).Message, MaybeSent: false,
            () => Task.FromResult<MessageContent?>(_world.Stock("POT", asked++ == 0 ? 5 : 3)));

        Assert.Equal(Delivered, await _shop.SendAsync(delivery, TestContext.Current.CancellationToken));

        Assert.Equal(3, Available(pot));
    }

    [Fact]
    public async Task Of_two_items_with_one_SKU_none_is_written()
    {
        var (one, other) = (Item("POT", 1), Item("POT", 2));

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync("POT", 10));

        Assert.Contains("2 items", refused.Why, StringComparison.Ordinal);
        Assert.Equal((1, 2), (Available(one), Available(other)));
    }

    [Theory]
    [InlineData(StockMeaning.Available)]
    [InlineData(StockMeaning.OnHand)]
    public async Task An_item_is_stocked_at_a_place_where_the_settings_say_so(StockMeaning meaning)
    {
        var (pot, mug) = (_world.Shop.AddItem("POT"), Item("MUG", 1));
        StockContent[] wanted = [_world.Stock("POT", 10, meaning), _world.Stock("MUG", 4, meaning)];
        var refused = Assert.IsType<SendResult.Refused>((await _world.SendAllAsync(_shop, wanted))[0]);
        Assert.Contains("connect it there", refused.Why, StringComparison.Ordinal);
        var shop = _world.Open(new ShopifyShopOptions { AccessToken = "shpat_sandbox", ActivateInventory = true });
        // To compare changes nothing.
        Assert.Equal([0], await shop.CompareAsync(
            wanted, () => Task.CompletedTask, TestContext.Current.CancellationToken));
        var calls = 0;
        _world.Server.Fault = name =>
            name == "Activate" && ++calls == 1 ? ShopifyFault.LostAfter : ShopifyFault.None;

        Assert.IsType<SendResult.Unknown>((await _world.SendAllAsync(shop, wanted))[0]);
        Assert.Equal(Delivered, (await _world.SendAllAsync(shop, wanted))[0]);

        Assert.Equal((10, 4), (Available(pot), Available(mug)));
        // The first had been done, though its answer was lost.
        Assert.Equal(1, calls);
    }

    [Fact]
    public async Task What_the_shop_calls_deprecated_is_logged_once_a_day()
    {
        _world.Server.Deprecated = "https://shopify.dev/changelog/one";
        await SendAsync("POT", 1);
        await SendAsync("MUG", 1);
        Assert.Single(Deprecations());
        _world.Server.Deprecated = "https://shopify.dev/changelog/two";
        await SendAsync("CUP", 1);
        Assert.Equal(2, Deprecations().Count);
        _world.Time.Advance(TimeSpan.FromDays(1));
        await SendAsync("CAN", 1);
        Assert.Equal(3, Deprecations().Count);

        List<string> Deprecations() =>
            [.. _world.Log.All.Where(line => line.Contains("is deprecated", StringComparison.Ordinal))];
    }

    [Theory]
    [InlineData("pot")]
    [InlineData("POT LID")]
    public async Task What_the_search_finds_beside_is_not_meant(string other)
    {
        var item = Item(other, 1);

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(1, Available(item));
    }

    [Theory]
    [InlineData("A \"B\" C")]
    [InlineData("A\\B")]
    [InlineData("A OR sku:B")]
    [InlineData("Ä: (1) AND *")]
    public async Task A_SKU_may_have_any_characters(string sku)
    {
        var item = Item(sku, 1);

        await SendAsync(sku, 10);

        Assert.Equal(10, Available(item));
    }

    [Fact]
    public async Task What_the_shop_does_not_sell_is_asked_again_after_ten_minutes()
    {
        Assert.Equal(Delivered, await SendAsync("POT", 10));
        var pot = Item("POT", 1);
        Assert.False(Assert.IsType<SendResult.Delivered>(await SendAsync("POT", 10)).Asked);
        Assert.Equal(["Items"], _world.Server.Requests);
        Assert.Equal(1, Available(pot));

        _world.Time.Advance(TimeSpan.FromMinutes(10));
        await SendAsync("POT", 10);

        Assert.Equal(10, Available(pot));
    }

    [Fact]
    public async Task What_the_shop_does_not_count_is_left()
    {
        var pot = Item("POT", 1);
        pot.Tracked = false;

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(1, Available(pot));
    }

    [Fact]
    public async Task What_is_not_stocked_at_the_place_is_refused()
    {
        _world.Shop.AddItem("POT");

        var refused = Assert.IsType<SendResult.Refused>(await SendAsync("POT", 10));

        Assert.Contains($"location {_world.East}", refused.Why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("east")]
    [InlineData("gid://shopify/InventoryItem/1")]
    public async Task A_place_that_is_none_is_refused(string place) => Assert.IsType<SendResult.Refused>(
        await _world.SendAsync(_shop, _world.Stock("POT", 1) with { Place = place }));

    [Fact]
    public async Task A_place_may_be_a_global_id()
    {
        var pot = Item("POT", 1);

        await _world.SendAsync(
            _shop, _world.Stock("POT", 10) with { Place = $"gid://shopify/Location/{_world.East}" });

        Assert.Equal(10, Available(pot));
    }

    [Fact]
    public async Task What_the_shop_sells_between_look_and_write_is_not_overwritten()
    {
        var pot = Item("POT", 3);
        var sold = false;
        _world.Server.Fault = name =>
        {
            if (name == "SetQuantities" && !sold)
                _world.Shop.Sell(pot, _world.East, 1);
            sold |= name == "SetQuantities";
            return ShopifyFault.None;
        };

        var again = Assert.IsType<SendResult.NotYet>(await SendAsync("POT", 10));
        Assert.Equal((TimeSpan.FromSeconds(1), 2), (again.After, Available(pot)));

        // Its webhook has come meanwhile.
        Assert.Equal(Delivered, await SendAsync("POT", 9));
        Assert.Equal(9, Available(pot));
    }

    [Fact]
    public async Task What_the_shop_has_sold_since_the_last_write_is_seen_and_nothing_fails_when_it_agrees()
    {
        var pot = Item("POT", 3);
        await SendAsync("POT", 10);
        _world.Shop.Sell(pot, _world.East, 1);

        Assert.Equal(new SendResult.AlreadyThere(), await SendAsync("POT", 9));

        Assert.Equal(9, Available(pot));
    }

    [Fact]
    public async Task The_same_number_again_is_written_when_the_shop_has_moved_away_from_it()
    {
        var pot = Item("POT", 3);
        await SendAsync("POT", 10);
        _world.Shop.Change(pot, _world.East, 40);
        var message = Guid.CreateVersion7(_world.Time.GetUtcNow());
        Assert.IsType<SendResult.NotYet>(await _world.SendAsync(_shop, _world.Stock("POT", 10), message));

        Assert.Equal(Delivered, await _world.SendAsync(_shop, _world.Stock("POT", 10), message));

        Assert.Equal(10, Available(pot));
    }

    [Fact]
    public async Task The_shop_may_return_to_a_number_and_the_same_change_is_another()
    {
        var pot = Item("POT", 3);
        var message = Guid.CreateVersion7(_world.Time.GetUtcNow());
        await _world.SendAsync(_shop, _world.Stock("POT", 2), message);
        _world.Shop.Change(pot, _world.East, 1);

        // We did not hear of the first, and somebody has put one back.
        Assert.Equal(Delivered, await _world.SendAsync(_world.Open(), _world.Stock("POT", 2), message));

        Assert.Equal(2, Available(pot));
    }

    [Fact]
    public async Task An_item_that_was_made_anew_is_found_at_a_second_look()
    {
        var gone = Item("POT", 3);
        await SendAsync("POT", 5);
        _world.Shop.RemoveItem(gone);
        var pot = Item("POT", 1);

        Assert.Equal(Delivered, await SendAsync("POT", 10));

        Assert.Equal(10, Available(pot));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bad_ones_fail_alone(bool named)
    {
        _world.Shop.NamesQuantities = named;
        var items = Enumerable.Range(0, 40).Select(at => Item($"SKU-{at}", 1)).ToList();
        items[7].IsBundle = true;
        var wishes = items.Select(item => _world.Stock(item.Sku, item.Sku == "SKU-30" ? 1_000_000_001 : 9)).ToArray();

        var results = await _world.SendAllAsync(_shop, wishes);

        Assert.IsType<SendResult.Refused>(results[30]);
        Assert.All(results.Where((_, at) => at != 30), result => Assert.Equal(Delivered, result));
        Assert.Equal([7, 30], items.Select((item, at) => (item, at)).Where(one => Available(one.item) == 1)
            .Select(one => one.at));
        Assert.Equal(named ? 2 : 19, _world.Server.Requests.Count(name => name == "SetQuantities"));
    }

    [Fact]
    public async Task What_is_not_asked_for_any_more_fails_nobody()
    {
        var pot = Item("POT", 1);

        var results = await _world.SendAllAsync(_shop, null!, _world.Stock("POT", 4));

        Assert.Equal([new SendResult.Withdrawn(), Delivered], results);
        Assert.Equal(4, Available(pot));
    }

    [Fact]
    public async Task A_key_whose_attempt_failed_is_the_same_again_and_then_another()
    {
        var pot = Item("POT", 1);
        var message = Guid.CreateVersion7(_world.Time.GetUtcNow());
        _world.Server.Fault = name => name == "SetQuantities" ? ShopifyFault.KeyFails : ShopifyFault.None;
        Assert.IsType<SendResult.Unknown>(await _world.SendAsync(_shop, _world.Stock("POT", 4), message));
        _world.Server.Fault = null;

        Assert.Equal(Delivered, await _world.SendAsync(_world.Open(), _world.Stock("POT", 4), message));

        Assert.Equal(["Items", "Items", "SetQuantities", "SetQuantities"], _world.Server.Requests);
        Assert.Equal(4, Available(pot));
    }

    [Theory]
    [InlineData(ShopifyFault.LostAfter)]
    [InlineData(ShopifyFault.FailsAfter)]
    [InlineData(ShopifyFault.SaysFailed)]
    public async Task What_may_have_arrived_is_looked_up(ShopifyFault fault)
    {
        Item("POT", 1);
        _world.Server.Fault = name => name == "SetQuantities" ? fault : ShopifyFault.None;
        Assert.IsType<SendResult.Unknown>(await SendAsync("POT", 4));
        _world.Server.Fault = null;

        Assert.Equal(new SendResult.AlreadyThere(), await SendAsync("POT", 4));
    }

    private ShopifyItem Item(string sku, int available) => _world.Shop.AddItem(sku, _world.East, available);

    private int Available(ShopifyItem item) => _world.Shop.Available(item, _world.East);

    private Task<SendResult> SendAsync(string sku, int quantity) =>
        _world.SendAsync(_shop, _world.Stock(sku, quantity));
}
