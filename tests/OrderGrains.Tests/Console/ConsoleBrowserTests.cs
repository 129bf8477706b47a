using System.Text.RegularExpressions;
using Microsoft.Playwright;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Tests.Running;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace OrderGrains.Tests.Console;

/// <summary>The console as a person has it: in a browser, by what is to be read and pressed.</summary>
public sealed partial class ConsoleBrowserTests(ChromiumBrowser browser)
    : IClassFixture<ChromiumBrowser>, IAsyncDisposable
{
    public ValueTask DisposeAsync() => browser.ClosePagesAsync();

    [Fact]
    public async Task A_stranger_is_asked_for_a_key_and_a_wrong_one_is_refused_in_words()
    {
        var page = await browser.OpenAsStrangerAsync("/parked");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();

        await ChromiumBrowser.SignInAsync(page, "a key that nobody has");
        await Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("This key is not known");
        await browser.PictureAsync(page, "login-refused");

        await ChromiumBrowser.SignInAsync(page, RunningProduct.ViewerKey);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Parked" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Orders_are_listed_and_found_by_their_number()
    {
        var (wanted, other) = (await PlaceAsync(), await PlaceAsync());
        var page = await browser.OpenAsync("/");
        await Expect(Row(page, wanted)).ToContainTextAsync("acme");
        await Expect(Row(page, other)).ToBeVisibleAsync();
        await browser.PictureAsync(page, "orders");

        await page.GetByRole(AriaRole.Searchbox).FillAsync(wanted.Name);
        await page.Keyboard.PressAsync("Enter");
        await Expect(Row(page, other)).ToHaveCountAsync(0);
        await Expect(Row(page, wanted)).ToBeVisibleAsync();

        await page.GetByRole(AriaRole.Searchbox).FillAsync("#99999");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page.GetByText("No order matches.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task An_order_shows_its_lines_its_parcel_its_address_and_its_timeline()
    {
        var order = await PlaceAsync((Catalogue.Items[3], 2));
        await ShippedAsync(order);

        var page = await browser.OpenAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = order.Name, Exact = true }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Shipped" })).ToBeVisibleAsync();
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = Catalogue.Items[3].Sku }))
            .ToContainTextAsync("east");
        await Expect(page.GetByText(order.Buyer.Address1)).ToBeVisibleAsync();
        await Expect(page.GetByText(order.Id.ToString()).First).ToBeVisibleAsync();
        var timeline = page.GetByRole(AriaRole.Region, new() { Name = "Timeline" });
        foreach (var kind in (string[])["receipt.applied", "release.requested", "release.accepted", "order.allocated"])
            await Expect(timeline.GetByText(kind).First).ToBeVisibleAsync();
        await browser.PictureAsync(page, "order");
    }

    [Fact]
    public async Task A_viewer_sees_no_address_and_no_buttons()
    {
        var order = await PlaceAsync();
        var page = await browser.OpenAsStrangerAsync($"/orders/acme/{order.Id}");
        await ChromiumBrowser.SignInAsync(page, RunningProduct.ViewerKey);

        await Expect(page.GetByText("Shortened, because your key only reads.")).ToBeVisibleAsync();
        var buyer = order.Buyer;
        foreach (var hidden in (string[])[buyer.Address1, buyer.LastName, buyer.Email, buyer.Zip])
            await Expect(page.GetByText(hidden)).ToHaveCountAsync(0);
        await Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = Acts() })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task A_page_follows_its_order_without_being_loaded_again()
    {
        var order = await PlaceAsync(paid: false);
        var page = await browser.OpenAsync($"/orders/acme/{order.Id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Received" })).ToBeVisibleAsync();
        await Expect(page.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
        await page.EvaluateAsync("window.neverLoadedAgain = true");

        await browser.Shop.SendAsync(browser.Shop.Pay(order.Id), TestContext.Current.CancellationToken);

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Shipped" }))
            .ToBeVisibleAsync(new() { Timeout = (float)RunningProduct.Patience.TotalMilliseconds });
        await Expect(page.GetByText("release.accepted").First).ToBeVisibleAsync();
        Assert.True(await page.EvaluateAsync<bool>("window.neverLoadedAgain === true"));
    }

    /// <summary>A browser has six lines to one host; a live page holds one.</summary>
    [Fact]
    public async Task Tabs_in_the_background_do_not_keep_the_one_in_front_from_working()
    {
        for (var tab = 0; tab < 8; tab++)
        {
            var hidden = await browser.OpenAsync("/parked");
            await Expect(hidden.GetByText("live", new() { Exact = true })).ToBeVisibleAsync();
            await hidden.EvaluateAsync("""
                Object.defineProperty(document, "hidden", { get: () => window.seen !== true, configurable: true });
                document.dispatchEvent(new Event("visibilitychange"));
                """);
        }

        var order = await PlaceAsync(paid: false);
        var page = await browser.OpenAsync($"/orders/acme/{order.Id}");
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Received" })).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_tab_that_comes_to_the_front_again_shows_what_happened_meanwhile()
    {
        var order = await PlaceAsync(paid: false);
        var page = await browser.OpenAsync($"/orders/acme/{order.Id}");
        await page.EvaluateAsync("""
            Object.defineProperty(document, "hidden", { get: () => window.seen !== true, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
            """);
        await browser.Shop.SendAsync(browser.Shop.Pay(order.Id), TestContext.Current.CancellationToken);
        await ShippedAsync(order);
        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Received" })).ToBeVisibleAsync();

        await page.EvaluateAsync("window.seen = true; document.dispatchEvent(new Event('visibilitychange'));");

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = $"{order.Name} Shipped" }))
            .ToBeVisibleAsync(new() { Timeout = (float)RunningProduct.Patience.TotalMilliseconds });
    }

    [Fact]
    public async Task What_a_warehouse_refused_is_parked_and_goes_out_when_it_is_resumed()
    {
        browser.Product.Warehouse.Faults.Rule = _ => new Fault.Status(400);
        var order = await PlaceAsync();
        await browser.Product.GetWhenAsync(
            "/api/v1/parked?kind=message", list => list.GetProperty("items").GetArrayLength() > 0);
        browser.Product.Warehouse.Faults.Rule = null;

        var page = await browser.OpenAsync("/parked");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = $"acme-{order.Id}-1" });
        await Expect(row).ToContainTextAsync("refused by the destination");
        await Expect(row).ToContainTextAsync("Last answer: 400");
        await browser.PictureAsync(page, "parked");
        await row.GetByRole(AriaRole.Button, new() { Name = "Resume" }).ClickAsync();

        await Expect(page.GetByText("Resumed: it is tried again now.")).ToBeVisibleAsync();
        await Expect(row).ToHaveCountAsync(0);
        await ShippedAsync(order);
    }

    [Fact]
    public async Task A_senseless_webhook_is_discarded_for_a_reason_that_is_kept()
    {
        var receipt = await browser.Product.AcceptedAsync(
            browser.Product.ByShopify("odd", """{"id":"no digits"}"""u8.ToArray(), topic: "orders/updated"));
        await browser.Product.SettledAsync(receipt);

        var page = await browser.OpenAsync("/parked");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "from odd" });
        await Expect(row).ToContainTextAsync("id must be made of digits");
        await row.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Why?").FillAsync("the sender's own test");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();

        await Expect(page.GetByText("Discarded.")).ToBeVisibleAsync();
        await Expect(row).ToHaveCountAsync(0);
        await page.GotoAsync("/receipts?source=odd");
        await Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "the sender's own test" }))
            .ToContainTextAsync("Ignored");
    }

    [Fact]
    public async Task A_source_is_tested_by_a_button()
    {
        var page = await browser.OpenAsync("/sources");
        await page.GetByRole(AriaRole.Button, new() { Name = "Test acme" }).ClickAsync();

        await Expect(page.GetByText("The test of acme passed: it was answered 200 in")).ToBeVisibleAsync();
        await browser.PictureAsync(page, "sources");
    }

    [Fact]
    public async Task The_audit_says_in_words_that_everything_adds_up()
    {
        await ShippedAsync(await PlaceAsync());

        var page = await browser.OpenAsync("/");
        await page.GetByRole(AriaRole.Link, new() { Name = "Audit" }).ClickAsync();

        await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Everything adds up." })).ToBeVisibleAsync();
        await Expect(page.GetByText("✓ holds")).ToHaveCountAsync(3);
        await browser.PictureAsync(page, "audit");
    }

    private async Task<ShopOrder> PlaceAsync(params IReadOnlyList<(CatalogueItem Item, int Quantity)> lines) =>
        await PlaceAsync(paid: true, lines);

    private async Task<ShopOrder> PlaceAsync(bool paid, params IReadOnlyList<(CatalogueItem Item, int Quantity)> lines)
    {
        var delivery = browser.Shop.Place(paid, lines.Count == 0 ? null : lines);
        await browser.Shop.SendAsync(delivery, TestContext.Current.CancellationToken);
        await browser.Product.GetWhenAsync($"/api/v1/orders/acme/{delivery.OrderId}", _ => true);
        return browser.Shop.Find(delivery.OrderId)!;
    }

    private async Task ShippedAsync(ShopOrder order) => await browser.Product.GetWhenAsync(
        $"/api/v1/orders/acme/{order.Id}", found => found.GetProperty("status").GetString() == "shipped");

    private static ILocator Row(IPage page, ShopOrder order) => page.GetByRole(AriaRole.Row).Filter(new()
    {
        Has = page.GetByRole(AriaRole.Link, new() { Name = order.Name, Exact = true }),
    });

    [GeneratedRegex("Hold|Cancel|Resume", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Acts();
}
