using System.Text;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Odoo;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.Odoo;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;
using Fault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>What is asked of the stand-in.</summary>
public sealed class OdooEventsTests : IAsyncLifetime
{
    private readonly FakeTimeProvider _time = new(Deliveries.Now);
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly List<PulledItem> _items = [];
    private readonly OdooServer _server;
    private WarehouseDestination _warehouse = null!;
    private string? _cursor;
    private int _appends;

    public OdooEventsTests() => _server = OdooCalls.Server(_time);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync(Cancelled);
        _warehouse = OdooCalls.Destination(_http, OdooCalls.Options(_server.BaseUrl), TimeProvider.System);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    [Fact]
    public async Task What_has_left_comes_once_with_its_units_by_SKU_and_the_stock_falls()
    {
        var events = Events();
        await PullAsync(events);
        Assert.Equal("east: CAP=50 MUG=50", Counted(Assert.Single(Told(events))));
        await TakeAsync("acme-1001-1", ("MUG", 2), ("CAP", 1));
        Assert.Equal(TimeSpan.FromSeconds(15), await PullAsync(events));
        Assert.Empty(_items);

        _server.Book.Ship("acme-1001-1", tracking: "1Z 9");
        await PullAsync(events);

        var parcel = Parcel(Assert.Single(Told(events)));
        Assert.Equal(
            ("acme-1001-1", "Parcel Pigeon", "1Z 9", Deliveries.Now),
            (parcel.Reference, parcel.Carrier, parcel.TrackingNumber, parcel.ShippedAt));
        Assert.StartsWith("WH/OUT/", parcel.ShipmentId, StringComparison.Ordinal);
        Assert.Equal("CAP=1 MUG=2", Units(parcel));
        var appends = _appends;
        await PullAsync(events);
        Assert.Equal(appends, _appends);
        _time.Advance(TimeSpan.FromMinutes(5));
        await PullAsync(events);
        Assert.Equal("east: CAP=49 MUG=48", Counted(Assert.Single(Told(events))));
    }

    [Fact]
    public async Task Each_part_of_a_split_order_is_a_parcel_of_its_own()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("MUG", 3), ("CAP", 1));
        await PullAsync(events);

        _server.Book.Ship("acme-1-1", new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 2 });
        await PullAsync(events);
        var first = Parcel(Assert.Single(Told(events)));
        _time.Advance(TimeSpan.FromMinutes(1));
        _server.Book.Ship("acme-1-1");
        await PullAsync(events);
        var second = Parcel(Assert.Single(Told(events)));

        Assert.Equal(("MUG=2", "CAP=1 MUG=1"), (Units(first), Units(second)));
        Assert.NotEqual(first.ShipmentId, second.ShipmentId, StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_tracking_number_that_is_told_late_or_mended_updates_its_parcel()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("MUG", 1));
        var picking = _server.Book.Ship("acme-1-1");
        await PullAsync(events);
        var first = Parcel(Told(events)[0]);
        Assert.Equal((null, null), (first.TrackingNumber, first.Carrier));

        foreach (var number in (string[])["1Z1", "1Z2"])
        {
            _time.Advance(TimeSpan.FromMinutes(1));
            _server.Book.Track(picking, number);
            await PullAsync(events);

            var later = Parcel(Assert.Single(Told(events)));
            Assert.Equal((first.ShipmentId, number), (later.ShipmentId, later.TrackingNumber));
            Assert.Equal(_time.GetUtcNow(), later.NumberedAt);
        }
    }

    [Fact]
    public async Task A_change_that_is_seen_late_is_not_passed_over()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("MUG", 1));
        await TakeAsync("acme-2-1", ("MUG", 1));
        var late = _time.GetUtcNow();
        _time.Advance(TimeSpan.FromMinutes(4));
        _server.Book.Ship("acme-1-1");
        await PullAsync(events);

        // Its transaction began before the other, and ends after it.
        _time.AdjustTime(late);
        _server.Book.Ship("acme-2-1");
        _time.AdjustTime(late + TimeSpan.FromMinutes(4.5));
        await PullAsync(events);

        Assert.Equal("acme-2-1", Parcel(Assert.Single(Told(events))).Reference);
    }

    [Fact]
    public async Task More_than_a_page_comes_whole_and_once()
    {
        var events = Events();
        for (var number = 0; number < 60; number++)
        {
            _server.Book.Confirm(_server.Book.Quote($"acme-{number}-1", "CAP", 1));
            _server.Book.Ship($"acme-{number}-1");
            if (number == 20)
                _time.Advance(TimeSpan.FromSeconds(1));
        }

        await PullAsync(events);

        Assert.Equal(60, Told(events).OfType<ShipmentMade>().DistinctBy(
            s => s.Shipment.Reference, StringComparer.Ordinal).Count());
        Assert.Equal(61, _items.Count);
    }

    [Fact]
    public async Task What_is_cancelled_there_is_told_and_what_is_of_others_is_not()
    {
        var events = Events();
        foreach (var reference in (string[])["acme-1-1", "acme-2-1", "other-3-1"])
            await TakeAsync(reference, ("MUG", 1));
        _server.Book.Cancel(_server.Book.Orders[0].Id, isCertain: true);
        _server.Book.CancelDelivery("acme-2-1");
        _server.Book.CancelDelivery("other-3-1");

        await PullAsync(events);

        Assert.Equal(
            [
                new ReleaseCancelled(new OrderKey("acme", "1"), "acme-1-1"),
                new ReleaseCancelled(new OrderKey("acme", "2"), "acme-2-1"),
            ],
            Told(events).OfType<ReleaseCancelled>());
        Assert.Equal(3, _items.Count);
        // No recipient goes into the log of receipts.
        Assert.DoesNotContain(
            "Ada", string.Concat(_items.Select(item => Encoding.UTF8.GetString(item.Body.Span))),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_part_that_is_cancelled_there_is_for_a_person()
    {
        var events = Events();
        await TakeAsync("acme-1-1", ("MUG", 3));
        _server.Book.Split("acme-1-1", "MUG", 1);
        _server.Book.CancelDelivery("acme-1-1");

        await PullAsync(events);

        var said = events.Read(Receipt(_items[0]));
        Assert.EndsWith(
            "of acme-1-1 was cancelled there, and 1 others of it are still to be sent: cancel the rest there too, or "
            + "make a new delivery of what is missing",
            Assert.IsType<Reading.Unreadable>(said).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_carriers_parcels_have_none()
    {
        _server.Book.HasCarriers = false;
        var events = Events();
        await TakeAsync("acme-1-1", ("MUG", 1));
        _server.Book.Ship("acme-1-1");

        await PullAsync(events);

        Assert.Null(Parcel(Told(events)[0]).TrackingNumber);
    }

    [Fact]
    public async Task What_is_picked_is_on_hand_and_what_has_just_come_in_is_not_and_what_is_sold_out_is_0()
    {
        _server.Book.AddProduct("TEA", 0);
        await TakeAsync("acme-1-1", ("MUG", 2));
        _server.Book.Pick("acme-1-1");
        _server.Book.Receive("CAP", 7);

        var events = Events();
        await PullAsync(events);

        Assert.Equal("east: CAP=50 MUG=50 TEA=0", Counted(Assert.Single(Told(events))));
    }

    [Fact]
    public async Task A_SKU_of_several_products_is_not_counted_and_a_person_is_told()
    {
        _server.Book.AddProduct("TEA", 3);
        _server.Book.AddProduct("TEA", 3);

        var events = Events();
        await PullAsync(events);

        var read = Opened.Understood(events.Read(Receipt(Assert.Single(_items))));
        Assert.Equal("east: CAP=50 MUG=50", Counted(read.Change));
        Assert.Equal("several products have one SKU and are not counted: TEA", read.Left);
    }

    [Theory]
    [InlineData("another", "WH", "its credentials are not accepted, or do not allow this")]
    [InlineData(OdooCalls.Key, "NO", "Odoo has none of the warehouses that the setting Warehouses names")]
    public async Task Who_cannot_ask_says_why_and_keeps_the_mark(string key, string code, string why)
    {
        var failed = await Assert.ThrowsAsync<PullException>(() => PullAsync(Events(key, code)));

        Assert.Equal(why, failed.Message);
        Assert.Equal(0, _appends);
    }

    [Fact]
    public async Task An_error_there_is_told_without_its_words()
    {
        _server.Faults.Rule = call => call.Kind == CallKind.FetchNews
            ? new Fault.Garbage(500, new OdooException(500, "builtins.ValueError", "hush").Body(), Done: false)
            : Fault.None;

        var failed = await Assert.ThrowsAsync<PullException>(() => PullAsync(Events()));

        Assert.Equal("it answers 500", failed.Message);
    }

    private static string Counted(Change change)
    {
        var counted = Assert.IsType<StockCounted>(change);
        return $"{counted.Location}: " + string.Join(
            ' ', counted.Items.OrderBy(i => i.Sku, StringComparer.Ordinal).Select(i => $"{i.Sku}={i.OnHand}"));
    }

    private static Shipment Parcel(Change change) => Assert.IsType<ShipmentMade>(change).Shipment;

    private static string Units(Shipment parcel) => string.Join(
        ' ', parcel.Lines.OrderBy(l => l.Sku, StringComparer.Ordinal).Select(l => $"{l.Sku}={l.Quantity}"));

    private Receipt Receipt(PulledItem item) =>
        Deliveries.Receipt("", item.Body, item.DeliveryId) with { ReceivedAt = _time.GetUtcNow() };

    private Change[] Told(OdooEvents events) =>
        [.. _items.Select(item => Opened.Understood(events.Read(Receipt(item))).Change)];

    private async Task TakeAsync(string reference, params (string Sku, int Units)[] lines) =>
        Assert.IsType<SendResult.Delivered>(await _warehouse.TakeAsync(reference, Cancelled, lines));

    /// <summary>Asks; what came then stands alone in the list.</summary>
    private async Task<TimeSpan> PullAsync(OdooEvents events)
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

    private OdooEvents Events(string key = OdooCalls.Key, string code = OdooBook.WarehouseCode) => new(
        new OdooEventsOptions
        {
            BaseUrl = _server.BaseUrl,
            Database = OdooServer.Database,
            ApiKey = key,
            Warehouse = "odoo",
            Warehouses = new Dictionary<string, string>(StringComparer.Ordinal) { ["east"] = code },
        },
        ["acme", "shop"]);
}
