using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.WooCommerce.Rest;
using OrderGrains.Sandbox.Shops.WooCommerce;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.WooCommerce.Rest;

/// <summary>A make-believe shop, and the connector that calls it.</summary>
internal sealed class WooWorld : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private WooWorld() => Server = new WooServer(new WooOptions(), Time);

    public FakeTimeProvider Time { get; } = new(Deliveries.Now);

    public WooServer Server { get; }

    public WooShopState Shop => Server.Shop;

    /// <summary>How often an attempt waited for its place in the rate.</summary>
    public int NextCalls { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<WooWorld> StartAsync()
    {
        var world = new WooWorld();
        await world.Server.StartAsync(Cancelled);
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>The connector as a process has it that has just begun: it knows nothing from before.</summary>
    public ShopDestination Open(Action<WooCommerceShopOptions>? set = null)
    {
        var options = new WooCommerceShopOptions
        {
            BaseUrl = Server.Url.ToString(),
            ConsumerKey = "ck_sandbox",
            ConsumerSecret = "cs_sandbox",
        };
        set?.Invoke(options);
        return new ShopDestination(new WooCommerceShop(new WooCommerceRest(_http, options, Time), options, Time));
    }

    public Task<SendResult> SendAsync(IDestination shop, MessageContent content) =>
        shop.SendAsync(Delivery(content), Cancelled).WaitAsync(LoopbackPeer.Patience, Cancelled);

    public Task<IReadOnlyList<SendResult>> SendAllAsync(IBatchDestination shop, params MessageContent[] contents) =>
        shop.SendAsync([.. contents.Select(Delivery)], Cancelled).WaitAsync(LoopbackPeer.Patience, Cancelled);

    public static Task<IReadOnlyList<int>?> CompareAsync(IStockReader shop, params StockContent[] ours) =>
        shop.CompareAsync(ours, () => Task.CompletedTask, Cancelled).WaitAsync(LoopbackPeer.Patience, Cancelled);

    /// <summary>As the engine does: again as long as it fails, when the destination wants it.</summary>
    /// <param name="shop">The connector of each attempt.</param>
    /// <param name="content">What is said.</param>
    public async Task<SendResult> UntilDoneAsync(Func<IDestination> shop, MessageContent content)
    {
        for (var attempt = 1; attempt <= 50; attempt++)
        {
            var result = await SendAsync(shop(), content);
            switch (result)
            {
                case SendResult.Failed failed:
                    Time.Advance(failed.After ?? TimeSpan.FromSeconds(1));
                    break;
                case SendResult.NotYet notYet:
                    Time.Advance(notYet.After);
                    break;
                case SendResult.Unauthorized:
                    break;
                default:
                    return result;
            }
        }

        throw new InvalidOperationException("It fails for ever.");
    }

    /// <summary>A parcel of all of some lines; without any, of all lines of the order.</summary>
    public ParcelContent Parcel(WooOrder order, params (WooLine Line, int Units)[] lines) => new()
    {
        OrderId = order.Id.ToString(),
        Parcel = "woo-1-1/s1",
        Carrier = "UPS",
        TrackingNumber = "1Z 999",
        TrackingUrl = "https://tracking.example/?n=1Z999&l=en",
        ShippedAt = Time.GetUtcNow(),
        Lines = [.. (lines.Length > 0 ? lines : [.. order.Lines.Select(line => (line, line.Quantity))])
            .Select(line => new ShippedLine(line.Line.Id.ToString(), line.Units, line.Line.Sku))],
    };

    public static StockContent Stock(string sku, int quantity) => new()
    {
        Sku = sku,
        Place = "",
        Quantity = quantity,
        Meaning = StockMeaning.Available,
    };

    private Delivery Delivery(MessageContent content) => new(
        new OutboundMessage
        {
            Id = Guid.CreateVersion7(Time.GetUtcNow()),
            Destination = "woo",
            Kind = content is StockContent ? MessageKind.Stock : MessageKind.Parcel,
            Subject = Subject.Of(new OrderKey("woo", "1")),
            SequenceKey = "woo/1",
            CreatedAt = Time.GetUtcNow(),
        },
        MaybeSent: false, () => Task.FromResult<MessageContent?>(content))
    {
        NextCall = () =>
        {
            NextCalls++;
            return Task.CompletedTask;
        },
    };
}
