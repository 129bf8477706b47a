using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Tryton;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>What is asked of Tryton itself.</summary>
[Collection(nameof(TrytonServer))]
public sealed class TrytonEventsTests : IAsyncLifetime
{
    private readonly TrytonServer _server;
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly List<PulledItem> _items = [];
    private TrytonBook _book = null!;
    private string? _cursor;
    private int _appends;

    public TrytonEventsTests(TrytonServer server) => _server = server;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _book = await _server.BookAsync();

    public ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task What_has_left_comes_once_with_its_units_by_SKU_and_the_stock_falls()
    {
        var events = Events();
        await PullAsync(events);
        Assert.Equal("east: CAP=50 MUG=50", Counted(Assert.Single(Told(events))));

        await TakeAsync("acme-1001-1", ("1", "MUG", 2), ("2", "CAP", 1), ("3", "MUG", 1));
        await _book.DoAsync("acme-1001-1", "pick", "pack");
        Assert.Equal(TimeSpan.FromSeconds(15), await PullAsync(events));
        Assert.Empty(_items);

        await _book.DoAsync("acme-1001-1", "done");
        await PullAsync(events);
        var shipped = Assert.IsType<ShipmentMade>(Assert.Single(Told(events)));
        Assert.Equal(("acme", "1001", "acme-1001-1"),
            (shipped.Order.Source, shipped.Order.OrderId, shipped.Shipment.Reference));
        Assert.Equal(
            [("CAP", 1), ("MUG", 3)],
            shipped.Shipment.Lines.Select(line => (line.Sku!, line.Quantity)).Order());

        var appends = _appends;
        await PullAsync(events);
        Assert.Equal(appends, _appends);
        _time.Advance(TimeSpan.FromMinutes(5));
        await PullAsync(events);
        Assert.Equal("east: CAP=49 MUG=47", Counted(Assert.Single(Told(events))));
    }

    [Fact]
    public async Task What_is_cancelled_or_waits_there_is_told_and_what_is_of_others_is_not()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("1", "MUG", 1));
        await TakeAsync("acme-2-1", ("1", "MUG", 60));
        await TakeAsync("other-3-1", ("1", "MUG", 1));
        await _book.DoAsync("acme-1-1", "cancel");
        await _book.DoAsync("other-3-1", "cancel");

        await PullAsync(events);

        var said = _items.Select(item => events.Read(Deliveries.Receipt("", item.Body, item.DeliveryId))).ToArray();
        Assert.Equal(3, said.Length);
        Assert.Equal(
            new ReleaseCancelled(new OrderKey("acme", "1"), "acme-1-1"),
            Assert.Single(said.OfType<Reading.Understood>(), r => r.Change is ReleaseCancelled).Change);
        Assert.EndsWith(
            " of acme-2-1 waits there: its goods are not assigned",
            Assert.Single(said.OfType<Reading.Ignored>()).Reason, StringComparison.Ordinal);
        // No recipient goes into the log of receipts.
        Assert.DoesNotContain(
            "Ada", string.Concat(_items.Select(item => Encoding.UTF8.GetString(item.Body.Span))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_written_to_a_shipment_later_does_not_make_it_another()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("1", "MUG", 1));
        await _book.DoAsync("acme-1-1", "pick", "pack", "done");
        await PullAsync(events);
        var first = Assert.Single(_items, item => item.DeliveryId is not null).DeliveryId;

        await _book.TouchAsync(await _book.SheetAsync("acme-1-1"));
        _cursor = null;
        await PullAsync(events);

        Assert.Equal(first, Assert.Single(_items, item => item.DeliveryId is not null).DeliveryId);
    }

    [Theory]
    [InlineData("another", "WH", "its credentials are not accepted, or do not allow this")]
    [InlineData(TrytonServer.Password, "NO", "Tryton has none of the warehouses that the setting Warehouses names")]
    public async Task Who_cannot_ask_says_why_and_keeps_the_mark(string password, string code, string why)
    {
        var failed = await Assert.ThrowsAsync<PullException>(() => PullAsync(Events(password, code)));

        Assert.Equal(why, failed.Message);
        Assert.Equal(0, _appends);
    }

    private static string Counted(Change change)
    {
        var counted = Assert.IsType<StockCounted>(change);
        return $"{counted.Location}: " + string.Join(
            ' ', counted.Items.Where(i => i.Sku is "MUG" or "CAP").OrderBy(i => i.Sku, StringComparer.Ordinal)
                .Select(i => $"{i.Sku}={i.OnHand}"));
    }

    private Change[] Told(TrytonEvents events) => [.. _items.Select(item =>
        Opened.Understood(events.Read(Deliveries.Receipt("", item.Body, item.DeliveryId))).Change)];

    private async Task TakeAsync(string reference, params (string Line, string Sku, int Units)[] lines)
    {
        var options = TrytonCalls.Options(_server.BaseUrl);
        var request = ScriptedHandler.Take with
        {
            Reference = reference,
            ShipTo = new ShipTo { Name = "Ada Marsh", City = "Portland" },
            Lines = [.. lines.Select(line => new ReleaseRequestLine(line.Line, line.Sku, line.Units))],
        };
        Assert.IsType<SendResult.Delivered>(await new WarehouseDestination(
            new TrytonWarehouse(new TrytonApi(_http, options, TimeProvider.System), options)).SendAsync(
            Deliveries.Of(MessageKind.Release, reference, content: request), Cancelled));
    }

    /// <summary>Asks; what came then stands alone in the list.</summary>
    private async Task<TimeSpan> PullAsync(TrytonEvents events)
    {
        _items.Clear();
        return await events.PullAsync(
            new Intake(new CallTools(_http, _time, new GuardedHttp()), _cursor, (items, cursor) =>
            {
                _items.AddRange(items);
                _cursor = cursor;
                _appends++;
                return Task.CompletedTask;
            }),
            Cancelled);
    }

    private TrytonEvents Events(string password = TrytonServer.Password, string code = "WH") => new(
        new TrytonEventsOptions
        {
            BaseUrl = _server.BaseUrl,
            Database = TrytonServer.Database,
            User = TrytonServer.User,
            Password = password,
            Warehouse = "tryton",
            Warehouses = new Dictionary<string, string>(StringComparer.Ordinal) { ["east"] = code },
        },
        ["acme", "shop"]);
}
