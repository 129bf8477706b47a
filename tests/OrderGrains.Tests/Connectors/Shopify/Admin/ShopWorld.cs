using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Shopify.Admin;
using OrderGrains.Sandbox.Shops.Shopify;
using OrderGrains.Tests.Running;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Shopify.Admin;

/// <summary>A make-believe shop, and the connector that calls it.</summary>
internal sealed class ShopWorld : IAsyncDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    private readonly ILoggerFactory _logs;

    private ShopWorld(ShopifyAdminOptions options)
    {
        Server = new ShopifyAdminServer(options, Time);
        _logs = LoggerFactory.Create(logs => logs.AddProvider(Log));
    }

    public WaitingTime Time { get; } = new();

    public ShopifyAdminServer Server { get; }

    public ShopifyShopState Shop => Server.Shop;

    /// <summary>The shop's one location, as its number.</summary>
    public long East { get; private set; }

    /// <summary>What the connector logs.</summary>
    public LogLines Log { get; } = new();

    /// <summary>How often an attempt waited for its place in the rate.</summary>
    public int NextCalls { get; private set; }

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public static async Task<ShopWorld> StartAsync(ShopifyAdminOptions? options = null)
    {
        var world = new ShopWorld(options ?? new ShopifyAdminOptions());
        await world.Server.StartAsync(Cancelled);
        world.East = world.Shop.AddLocation();
        return world;
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _logs.Dispose();
        await Server.DisposeAsync();
    }

    /// <summary>The connector as a process has it that has just begun: it knows nothing from before.</summary>
    public ShopDestination Open(ShopifyShopOptions? options = null)
    {
        options ??= new ShopifyShopOptions { AccessToken = "shpat_sandbox" };
        options.Domain = Server.Url.ToString();
        return new ShopDestination(new ShopifyShop(
            new ShopifyAdmin(_http, options, Time, _logs), options, Time));
    }

    public Task<SendResult> SendAsync(IDestination shop, MessageContent? content, Guid? message = null) =>
        shop.SendAsync(Delivery(content, message), Cancelled).WaitAsync(LoopbackPeer.Patience, Cancelled);

    public Task<IReadOnlyList<SendResult>> SendAllAsync(IBatchDestination shop, params MessageContent[] contents) =>
        shop.SendAsync([.. contents.Select(content => Delivery(content, null))], Cancelled)
            .WaitAsync(LoopbackPeer.Patience, Cancelled);

    /// <summary>As the engine does: again as long as it fails, when the destination wants it.</summary>
    public Task<SendResult> UntilDoneAsync(IDestination shop, MessageContent content) =>
        UntilDoneAsync(() => shop, content);

    /// <param name="shop">The connector of each attempt.</param>
    /// <param name="content">What is said.</param>
    public async Task<SendResult> UntilDoneAsync(Func<IDestination> shop, MessageContent content)
    {
        var message = Guid.CreateVersion7(Time.GetUtcNow());
        for (var attempt = 1; attempt <= 50; attempt++)
        {
            var result = await SendAsync(shop(), content, message);
            if (result is not (SendResult.Failed or SendResult.NotYet or SendResult.Unauthorized))
                return result;
            Time.Advance(AfterOf(result) ?? TimeSpan.FromSeconds(1));
        }

        throw new InvalidOperationException("It fails for ever.");
    }

    /// <summary>When the shop wants to be asked again, if it says so.</summary>
    public static TimeSpan? AfterOf(SendResult result) => result switch
    {
        SendResult.Failed failed => failed.After,
        SendResult.NotYet notYet => notYet.After,
        _ => null,
    };

    public ParcelContent Parcel(ShopifyOrder order, params (ShopifyOrderLine Line, int Units)[] lines) => new()
    {
        OrderId = order.Id.ToString(),
        Parcel = "acme-1-1/s1",
        Carrier = "UPS",
        TrackingNumber = "1Z 999",
        TrackingUrl = "https://tracking.example/1Z999",
        ShippedAt = Time.GetUtcNow(),
        Lines = [.. lines.Select(line => new ShippedLine(line.Line.Id.ToString(), line.Units))],
    };

    public StockContent Stock(string sku, int quantity, StockMeaning meaning = StockMeaning.Available) => new()
    {
        Sku = sku,
        Place = East.ToString(),
        Quantity = quantity,
        Meaning = meaning,
    };

    private Delivery Delivery(MessageContent? content, Guid? message) => new(
        new OutboundMessage
        {
            Id = message ?? Guid.CreateVersion7(Time.GetUtcNow()),
            Destination = "acme",
            Kind = content is StockContent ? MessageKind.Stock : MessageKind.Parcel,
            Subject = Subject.Of(new OrderKey("acme", "1")),
            SequenceKey = "acme/1",
            CreatedAt = Time.GetUtcNow(),
        },
        MaybeSent: false, () => Task.FromResult(content))
    {
        NextCall = () =>
        {
            NextCalls++;
            return Task.CompletedTask;
        },
    };
}

/// <summary>Goes on by itself when somebody waits for a few seconds; a time-out is not reached.</summary>
internal sealed class WaitingTime() : FakeTimeProvider(Deliveries.Now)
{
    private static readonly TimeSpan ShortMax = TimeSpan.FromSeconds(6);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (dueTime > TimeSpan.Zero && dueTime < ShortMax)
            Advance(dueTime);
        return timer;
    }
}
