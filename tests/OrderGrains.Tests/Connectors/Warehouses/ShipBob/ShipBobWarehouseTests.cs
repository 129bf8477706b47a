using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipBob;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using Fault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

/// <summary>ShipBob, by a stand-in that is as strict as its description.</summary>
public sealed class ShipBobWarehouseTests : WarehouseContract
{
    private const string Token = "a-token-of-a-test";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ShipBobServer _server = new(
        Token, new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 50, ["CAP"] = 50, ["MUGS"] = 1 },
        TimeProvider.System);

    private int _paced;
    private WarehouseDestination? _destination;

    protected override bool Changes => false;

    internal override IDestination Destination => _destination ??= Open();

    public override async ValueTask InitializeAsync() => await _server.StartAsync(Cancelled);

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    protected override Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>(
            [.. _server.Book.Orders.Where(o => o.ReferenceId == reference && o.IsLive).Select(o => o.Units)]);

    protected override Task<int> CountAsync() => Task.FromResult(_server.Book.Orders.Count);

    protected override Task PickAsync(string reference)
    {
        _server.Book.Pick(reference);
        return Task.CompletedTask;
    }

    protected override void LoseNextTaking() => FailNext(CallKind.TakeOrder, new Fault.Abort(Done: true));

    protected override void LoseNextCancelling() => FailNext(CallKind.CancelOrder, new Fault.Abort(Done: true));

    [Fact]
    public async Task A_SKU_that_ShipBob_does_not_have_is_refused_and_no_product_is_made_up()
    {
        var refused = Assert.IsType<SendResult.Refused>(await ReleaseAsync(("1", "MUG", 1), ("2", "POT", 1)));

        Assert.Contains("no product with the SKU POT", refused.Why, StringComparison.Ordinal);
        // What only begins so is another product.
        Assert.IsType<SendResult.Refused>(await ReleaseAsync(("1", "MU", 1)));
        Assert.Empty(_server.Book.Phantoms);
        Assert.Empty(_server.Book.Orders);
    }

    [Fact]
    public async Task A_product_that_has_gone_meanwhile_is_refused_with_ShipBobs_words_and_not_made_up()
    {
        var warehouse = Warehouse();
        warehouse.Know("POT");

        var refused = Assert.IsType<SendResult.Refused>(await warehouse.ReleaseAsync(
            Request(Reference, ("1", "POT", 1)), Deliveries.Attempt, Cancelled));

        Assert.Contains("products: There is no product POT", refused.Why, StringComparison.Ordinal);
        Assert.Empty(_server.Book.Phantoms);
    }

    [Fact]
    public async Task A_known_SKU_is_asked_for_once_and_each_call_waits_for_its_turn()
    {
        Delivered(await SendPacedAsync("acme-1-1", ("1", "MUG", 1), ("2", "CAP", 1)));
        Assert.Equal((3, 2), (_server.Calls, _paced));

        Delivered(await SendPacedAsync("acme-2-1", ("1", "CAP", 1), ("2", "MUG", 1)));
        Assert.Equal((4, 2), (_server.Calls, _paced));
    }

    [Fact]
    public async Task Our_location_goes_by_ShipBobs_number()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 1)));

        Assert.Equal(ShipBobServer.LocationId, _server.Book.Find(Reference)!.LocationId);
        Assert.Equal("#1001", _server.Book.Find(Reference)!.OrderNumber);
    }

    [Theory]
    [InlineData(CallKind.FindProduct)]
    [InlineData(CallKind.TakeOrder)]
    public async Task Too_many_calls_are_made_again_when_ShipBob_says(CallKind kind)
    {
        // The call at which the next attempt begins.
        FailNext(kind, new Fault.Garbage(200, "", Done: false));
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 1)));
        _server.CallsPerMinuteMax = 0;

        var again = Assert.IsType<SendResult.Again>(await ReleaseAsync(("1", "MUG", 1)));

        Assert.InRange(again.After!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"id":1,"reference_id":"acme-9-9","status":"Processing"}""")]
    [InlineData("""{"success":true}""")]
    public async Task A_200_that_proves_nothing_is_unknown(string body)
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(200, body, Done: false));
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 1)));
        Delivered(await ReleaseAsync(("1", "MUG", 1)));

        FailNext(CallKind.CancelOrder, new Fault.Garbage(200, body, Done: false));
        Assert.IsType<SendResult.Unknown>(await CancelAsync());
        if (body != "[]")
        {
            FailNext(CallKind.FindOrder, new Fault.Garbage(200, body, Done: false));
            Assert.IsType<SendResult.Unknown>(await CancelAsync());
        }
    }

    [Fact]
    public async Task An_error_after_taking_is_looked_up_before_it_is_sent_again()
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(500, """{"message":"Oops"}""", Done: true));
        Assert.Equal(new SendResult.Unknown("500 Oops"), await ReleaseAsync(("1", "MUG", 2)));

        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(MessageKind.Release, true, Reference, ("1", "MUG", 2)));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_token_that_is_not_accepted_is_told_without_it()
    {
        _destination = Open(token: "another-token");

        var unauthorized = Assert.IsType<SendResult.Unauthorized>(await ReleaseAsync(("1", "MUG", 1)));

        Assert.DoesNotContain("another-token", unauthorized.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_an_order_in_two_parcels_a_part_may_be_stopped_and_then_it_is_too_late()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        _server.Book.Split(Reference, "CAP", 1);
        _server.Book.Ship(Reference, TimeProvider.System.GetUtcNow());

        // A change would release anew what has left, were its webhook late: what has not left stays as it is.
        Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await ChangeAsync(("1", "MUG", 3))));
        Assert.Equal("PartiallyFulfilled", _server.Book.Find(Reference)!.Status);

        var tooLate = Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));
        Assert.Equal("only a part of it is stopped; It has left", tooLate.Said);
    }

    [Fact]
    public async Task What_leaves_while_it_is_stopped_is_not_released_anew()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        FailNext(CallKind.CancelOrder, new Fault.Garbage(
            200, $$$"""
            {"order_id":{{{_server.Book.Find(Reference)!.Id}}},"status":"Success","canceled_shipment_results":[],
             "order":{"id":1,"reference_id":"{{{Reference}}}","shipments":[{"id":2,"status":"LabeledCreated"}]}}
            """, Done: false));

        Assert.Equal(
            "a part of it has left",
            Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await ChangeAsync(("1", "MUG", 3)))).Said);
    }

    [Fact]
    public async Task What_is_taken_and_not_answered_in_time_is_one_order()
    {
        var time = new FakeTimeProvider(Deliveries.Now);
        _destination = new WarehouseDestination(Warehouse(time: time));
        FailNext(CallKind.TakeOrder, new Fault.HangAfter(TimeSpan.FromDays(1)));

        var taking = ReleaseAsync(("1", "MUG", 2));
        await Eventually.TrueAsync(() => _server.Book.Orders.Count == 1);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new SendResult.Unknown("no answer within 10 s"), await taking);
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(MessageKind.Release, true, Reference, ("1", "MUG", 2)));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_has_left_is_too_late_without_being_asked()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Book.Ship(Reference, TimeProvider.System.GetUtcNow());
        FailNext(CallKind.CancelOrder, new Fault.Status(500));

        Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));
    }

    [Fact]
    public async Task An_order_that_somebody_there_has_cancelled_is_not_released_anew_by_itself()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Book.Cancel(_server.Book.Find(Reference)!.Id);

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await ChangeAsync(("1", "MUG", 3))));
        // Nor where an earlier attempt may have come through.
        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(
            await SendAsync(MessageKind.Change, true, Reference, ("1", "MUG", 3))));
    }

    [Fact]
    public async Task A_change_of_an_order_that_is_not_found_is_nothing_to_go_by() =>
        Assert.IsType<SendResult.Unknown>(await ChangeAsync(("1", "MUG", 3)));

    [Fact]
    public async Task A_reference_with_a_comma_is_refused() => Assert.IsType<SendResult.Refused>(
        await SendAsync(MessageKind.Release, false, "acme-1,2-1", ("1", "MUG", 1)));

    private WarehouseDestination Open(string token = Token) => new(Warehouse(token));

    private ShipBobWarehouse Warehouse(string token = Token, TimeProvider? time = null)
    {
        var options = new ShipBobOptions
        {
            BaseUrl = _server.BaseUrl,
            AccessToken = token,
            ChannelId = "11",
            LocationIds = new Dictionary<string, int>(StringComparer.Ordinal) { ["east"] = ShipBobServer.LocationId },
        };
        return new ShipBobWarehouse(
            options.Open(_http, options.ChannelId, time ?? TimeProvider.System), options);
    }

    private Task<SendResult> SendPacedAsync(string reference, params (string Line, string Sku, int Units)[] lines) =>
        Destination.SendAsync(
            Deliveries.Of(MessageKind.Release, reference, false, Request(reference, lines)) with
            {
                NextCall = () =>
                {
                    _paced++;
                    return Task.CompletedTask;
                },
            },
            Cancelled);

    /// <summary>The next call of this kind meets the fault; all others are served.</summary>
    private void FailNext(CallKind kind, Fault fault)
    {
        var left = 1;
        _server.Faults.Rule = call => call.Kind == kind && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }
}
