using System.Globalization;
using System.Security.Cryptography;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox.Demo;

/// <summary>The product on SQLite, a shop on one side and two warehouses on the other, all in this process.</summary>
internal sealed class DemoRun(DemoOptions options, Teller teller, TimeProvider time)
{
    private const string ShopName = "acme";
    private const string ShopSecret = "make-believe-client-secret";
    private const string Intro = """
        OrderGrains sandbox. The product is real; the shop, its customers and the two warehouses are make-believe.
        It shows:
          - a Shopify shop whose webhooks come twice, late, out of order and now and then forged;
          - each order reserved from stock, handed to a warehouse once, shipped in one or two parcels;
          - edits, refunds and cancels, before and after the warehouse has picked;
          - a warehouse that fails, hangs and goes away, and orders that arrive there all the same.
        """;

    private static readonly TimeSpan StartMax = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan WarehouseTimeout = TimeSpan.FromSeconds(3);

    /// <summary>How long the end waits for what is in hand, so that the summary can be whole.</summary>
    private static readonly TimeSpan FinishMax = TimeSpan.FromSeconds(5);

    /// <summary>0 stopped with the books balanced; 1 otherwise.</summary>
    public async Task<int> RunAsync(CancellationToken stop)
    {
        var fresh = options.DataDirectory is null || !Directory.Exists(options.DataDirectory);
        var data = Path.GetFullPath(options.DataDirectory ?? Path.Combine("data",
            time.GetLocalNow().ToString("'demo-'yyyyMMdd-HHmmss", CultureInfo.InvariantCulture)));
        Directory.CreateDirectory(data);
        teller.Say(Intro);
        teller.Say($"Data in {data}");

        var key = "sandbox-" + RandomNumberGenerator.GetHexString(24, lowercase: true);
        Uri? address = null;
        Uri Address() => address ?? throw new InvalidOperationException("The product has no address yet");
        using var http = new HttpClient();
        await using var east = OpenWarehouse("east", Catalogue.Stock(plenty: 500, scarce: 4), Address, http);
        await using var west = OpenWarehouse("west", Catalogue.Stock(plenty: 500, scarce: 2), Address, http);
        await east.StartAsync(stop);
        await west.StartAsync(stop);

        var settings = new ProductSettings(data, key).WithShop(ShopName, ShopSecret, east.Location, west.Location);
        foreach (var warehouse in (ReadOnlySpan<Warehouse>)[east, west])
        {
            settings.WithWarehouse(
                warehouse, RequestSecret(warehouse.Name), EventSecret(warehouse.Name), WarehouseTimeout, 50);
        }
        await using var product = OrderGrainsApp.Create([$"--urls={options.Urls}", .. settings.ToArguments()], Quieten);
        await product.StartAsync(stop);
        address = new Uri(product.Urls.First());
        var api = new ProductApi(Address, key, http);
        if (!await Until.TrueAsync(api.IsReadyAsync, StartMax, time, stop))
            throw new TimeoutException("The product did not become ready");
        await Task.WhenAll(east.CountAsync(), west.CountAsync()).WaitAsync(StartMax, time, stop);

        var shop = new Shop(ShopName, ShopSecret, Address, time, options.Seed, http)
        {
            ScarcePerMille = 40,
            // A folder that has orders already must not see their ids again.
            OrdersBefore = fresh ? 0 : time.GetUtcNow().ToUnixTimeSeconds(),
        };
        teller.Shop = shop;
        teller.Say($"Ready. Console {address}  login key: {key}  (Ctrl-C stops)");

        var scenario = new ShopScenario(shop, options.Seed, time,
            (order, what) => teller.Tell("shop", order?.Name ?? "", what))
        { OrdersPerSecond = options.OrdersPerSecond };
        await TradeAsync(scenario, new DemoFaults(east, west, time, teller), stop);
        return await FinishAsync(product, api, shop, scenario, [east, west]);
    }

    private async Task TradeAsync(ShopScenario scenario, DemoFaults faults, CancellationToken stop)
    {
        using var closing = CancellationTokenSource.CreateLinkedTokenSource(stop);
        if (options.RunFor is { } runFor) closing.CancelAfter(runFor);
        await Task.WhenAll(scenario.RunAsync(closing.Token), faults.RunAsync(closing.Token));
    }

    private async Task<int> FinishAsync(
        WebApplication product, ProductApi api, Shop shop, ShopScenario scenario, Warehouse[] warehouses)
    {
        teller.Say("Stopping: the shop is closed; what is in hand is finished.");
        foreach (var warehouse in warehouses) await warehouse.ComeBackAsync(CancellationToken.None);
        Audit? audit = null;
        await Until.TrueAsync(
            async cancellation => (audit = await api.FindAuditAsync(cancellation) ?? audit) is { IsQuiet: true }
                && warehouses.All(warehouse => warehouse.Unfinished == 0),
            FinishMax, time, CancellationToken.None);
        await product.StopAsync(CancellationToken.None);

        Summarize(shop, scenario, warehouses, audit);
        return audit?.Balanced == true && scenario.ForgeriesTaken == 0 ? 0 : 1;
    }

    private void Summarize(Shop shop, ShopScenario scenario, Warehouse[] warehouses, Audit? audit)
    {
        var taken = warehouses.SelectMany(warehouse => warehouse.Book.Orders).ToList();
        var (receipts, messages) = (audit?.Receipts, audit?.Messages);
        teller.Say($"""
            Orders      placed {shop.Orders.Count()}, acknowledged {scenario.Acknowledged}
                        cancelled by the shop {shop.Orders.Count(order => order.CancelledAt is not null)}
            Warehouses  taken {taken.Count}, shipped {taken.Count(order => order.Status is WarehouseStatus.Shipped)}
                        cancelled {taken.Count(order => !order.IsLive)}
                        complaints {warehouses.Sum(warehouse => warehouse.Book.Complaints.Count)}
            Webhooks    received {receipts?.Received}, applied {receipts?.Applied}
                        duplicate {receipts?.Duplicate}, stale {receipts?.Stale}, ignored {receipts?.Ignored}
                        parked {receipts?.Parked}, pending {receipts?.Pending}
                        forged and taken {scenario.ForgeriesTaken}
            Messages    created {messages?.Created}, delivered {messages?.Delivered}
                        superseded {messages?.Superseded}, parked {messages?.Parked}, due {messages?.Due}
            Audit balanced: {(audit?.Balanced == true ? "yes" : "no")}
            """);
    }

    private Warehouse OpenWarehouse(
        string location, IReadOnlyDictionary<string, int> stock, Func<Uri> product, HttpClient http)
    {
        var name = $"{location}-wms";
        return new Warehouse(
            new WarehouseOptions
            {
                Name = name,
                Location = location,
                RequestSecret = RequestSecret(name),
                EventSecret = EventSecret(name),
                Stock = stock,
                TwoParcelsPercent = 15,
                EventsTwicePercent = 10,
            },
            product, time, http, (reference, what) => teller.Tell(name, teller.NameOf(reference), what));
    }

    private void Quieten(WebApplicationBuilder builder)
    {
        builder.Logging.ClearProviders().AddProvider(new StoryLog(teller));
        builder.Services.AddSingleton<IHostLifetime, SilentLifetime>();
    }

    private static string RequestSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} requests");

    private static string EventSecret(string warehouse) => StandardWebhooks.SecretFor($"{warehouse} events");
}
