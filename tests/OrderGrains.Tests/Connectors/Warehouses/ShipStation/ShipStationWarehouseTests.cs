using Microsoft.Extensions.Time.Testing;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.ShipStation;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using Fault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

/// <summary>ShipStation, by a stand-in that is as strict as its description.</summary>
public sealed class ShipStationWarehouseTests : WarehouseContract
{
    private const string ApiKey = "a-key-of-a-test";

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly ShipStationServer _server = new(ApiKey, TimeProvider.System);

    private int _paced;
    private WarehouseDestination? _destination;

    protected override bool Changes => false;

    internal override IDestination Destination => _destination ??= Open();

    private ShipStationBook Book => _server.Book;

    public override async ValueTask InitializeAsync() => await _server.StartAsync(Cancelled);

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    protected override Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>(
            [.. Book.FindAll(reference).Where(s => s.IsLive).Select(s => s.Units)]);

    protected override Task<int> CountAsync() => Task.FromResult(Book.Shipments.Count);

    protected override Task PickAsync(string reference)
    {
        Book.Label(Deliveries.Now, Book.Find(reference)!.Id);
        return Task.CompletedTask;
    }

    protected override void LoseNextTaking() => FailNext(CallKind.TakeOrder, new Fault.Abort(Done: true));

    protected override void LoseNextCancelling() => FailNext(CallKind.CancelOrder, new Fault.Abort(Done: true));

    [Fact]
    public async Task An_order_is_on_ShipStations_pages_under_its_number_and_ships_from_our_location()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 1)));

        var taken = Book.Find(Reference)!;
        Assert.Equal(("#1001", ShipStationServer.WarehouseId, Reference), (
            taken.Number, taken.WarehouseId, taken.OrderId));
    }

    /// <summary>ShipStation cuts what is longer than 50 characters, and two orders would be one.</summary>
    [Theory]
    [InlineData("acme-0123456789-0123456789-0123456789-0123456789-abc-1")]
    [InlineData("acme-a/b c-1")]
    [InlineData("acme-é-1")]
    public async Task A_reference_that_does_not_fit_goes_as_a_digest_and_is_found_again(string reference)
    {
        var taken = Assert.IsType<WarehouseAnswer.Taken>(
            Delivered(await SendAsync(MessageKind.Release, false, reference, ("1", "MUG", 1))));

        var shipment = Assert.Single(Book.Shipments);
        Assert.InRange(shipment.ExternalId.Length, 1, ShipStationBook.ExternalIdCharsMax);
        Assert.StartsWith("acme-", shipment.ExternalId, StringComparison.Ordinal);
        Assert.Equal(reference, shipment.OrderId);
        var found = Assert.IsType<SendResult.AlreadyThere>(
            await SendAsync(MessageKind.Release, true, reference, ("1", "MUG", 1)));
        Assert.Equal(
            taken.WarehouseOrderId, Assert.IsType<WarehouseAnswer.Taken>(found.Answer).WarehouseOrderId);
        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await SendAsync(MessageKind.Cancel, false, reference)));

        Delivered(await SendAsync(MessageKind.Release, false, reference[..^1] + "2", ("1", "MUG", 1)));
        Assert.Equal(2, Book.Shipments.Count);
    }

    [Fact]
    public async Task What_fails_inside_a_200_is_refused_in_ShipStations_words()
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(
            200, """{"has_errors":true,"shipments":[{"errors":["Parameter value is out of range."]}]}""", false));
        Assert.Equal(
            new SendResult.Refused("200 Parameter value is out of range."), await ReleaseAsync(("1", "MUG", 1)));

        FailNext(CallKind.TakeOrder, new Fault.Garbage(
            200, """{"has_errors":true,"shipments":[{"errors":[{"message":"No such store."}]}]}""", false));
        Assert.Equal(new SendResult.Refused("200 No such store."), await ReleaseAsync(("1", "MUG", 1)));

        FailNext(CallKind.TakeOrder, new Fault.Garbage(200, """{"has_errors":true,"shipments":[]}""", false));
        Assert.IsType<SendResult.Refused>(await ReleaseAsync(("1", "MUG", 1)));
    }

    [Theory]
    [InlineData(400, "validation", "invalid_field_value", typeof(SendResult.Refused))]
    [InlineData(400, "business_rules", "identifier_conflict", typeof(SendResult.Refused))]
    [InlineData(409, "business_rules", "identifier_conflict", typeof(SendResult.Refused))]
    [InlineData(400, "account_status", "subscription_inactive", typeof(SendResult.Unauthorized))]
    [InlineData(400, "security", "forbidden", typeof(SendResult.Unauthorized))]
    [InlineData(400, "business_rules", "rate_limit_exceeded", typeof(SendResult.Again))]
    [InlineData(400, "system", "unspecified", typeof(SendResult.Unknown))]
    [InlineData(400, "integrations", "unknown", typeof(SendResult.Unknown))]
    [InlineData(500, "validation", "unspecified", typeof(SendResult.Unknown))]
    public async Task Each_sort_of_error_has_its_meaning(int status, string type, string code, Type outcome)
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(status, $$"""
            {"request_id":"1","errors":[
              {"error_source":"ShipStation","error_type":"{{type}}","error_code":"{{code}}","message":"So it is."}]}
            """, Done: false));

        var result = await ReleaseAsync(("1", "MUG", 1));

        Assert.Equal(outcome, result.GetType());
        Assert.Contains($"{status} So it is.", result.ToString(), StringComparison.Ordinal);
        Assert.Empty(Book.Shipments);
    }

    [Fact]
    public async Task An_address_that_ShipStation_does_not_take_is_refused_in_its_words()
    {
        _destination = Open(phone: null);

        Assert.Equal(
            new SendResult.Refused("400 phone must be specified."), await ReleaseAsync(("1", "MUG", 1)));
    }

    [Theory]
    [InlineData(CallKind.TakeOrder)]
    [InlineData(CallKind.FindOrder)]
    public async Task Too_many_calls_are_made_again_when_ShipStation_says(CallKind kind)
    {
        _server.CallsPerMinuteMax = 0;

        var again = Assert.IsType<SendResult.Again>(
            kind == CallKind.TakeOrder ? await ReleaseAsync(("1", "MUG", 1)) : await CancelAsync());

        Assert.InRange(again.After!.Value, TimeSpan.FromSeconds(1), TimeSpan.FromMinutes(1));
    }

    [Theory]
    [InlineData("<html>Welcome</html>")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"success":true}""")]
    [InlineData("""
        {"has_errors":false,"shipment_id":"se-1","external_shipment_id":"acme-9-9","shipments":[
          {"shipment_id":"se-1","external_shipment_id":"acme-9-9","shipment_status":"pending"}]}
        """)]
    public async Task A_200_that_proves_nothing_is_unknown(string body)
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(200, body, Done: false));
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 1)));
        Delivered(await ReleaseAsync(("1", "MUG", 1)));

        FailNext(CallKind.CancelOrder, new Fault.Garbage(200, body, Done: false));
        Assert.IsType<SendResult.Unknown>(await CancelAsync());
        FailNext(CallKind.FindOrder, new Fault.Garbage(200, body, Done: false));
        Assert.IsType<SendResult.Unknown>(await CancelAsync());
        // The second look is at the list of all that was made of it.
        FailNext(CallKind.FindOrder, new Fault.Garbage(200, body, Done: false), after: 1);
        if (!body.Contains("shipments", StringComparison.Ordinal))
            Assert.IsType<SendResult.Unknown>(await CancelAsync());
    }

    [Theory]
    [InlineData(CallKind.FindOrder, 404)]
    [InlineData(CallKind.CancelOrder, 404)]
    [InlineData(CallKind.CancelOrder, 400)]
    public async Task A_page_that_is_not_ShipStations_says_nothing_of_an_order(CallKind kind, int status)
    {
        Delivered(await ReleaseAsync(("1", "MUG", 1)));
        FailNext(kind, new Fault.Garbage(status, "<html>Not here</html>", Done: false));

        Assert.IsType<SendResult.Unknown>(await CancelAsync());
        Assert.Single(await LiveAsync(Reference));
    }

    [Fact]
    public async Task An_error_after_taking_is_looked_up_before_it_is_sent_again()
    {
        FailNext(CallKind.TakeOrder, new Fault.Garbage(500, "", Done: true));
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 2)));

        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(MessageKind.Release, true, Reference, ("1", "MUG", 2)));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_is_taken_and_not_answered_in_time_is_one_order()
    {
        var time = new FakeTimeProvider(Deliveries.Now);
        _destination = Open(time: time);
        FailNext(CallKind.TakeOrder, new Fault.HangAfter(TimeSpan.FromDays(1)));

        var taking = ReleaseAsync(("1", "MUG", 2));
        await Eventually.TrueAsync(() => Book.Shipments.Count == 1);
        time.Advance(TimeSpan.FromSeconds(10));

        Assert.Equal(new SendResult.Unknown("no answer within 10 s"), await taking);
        Assert.IsType<SendResult.AlreadyThere>(await SendAsync(MessageKind.Release, true, Reference, ("1", "MUG", 2)));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_key_that_is_not_accepted_is_told_without_it()
    {
        _destination = Open("another-key");

        var unauthorized = Assert.IsType<SendResult.Unauthorized>(await ReleaseAsync(("1", "MUG", 1)));

        Assert.DoesNotContain("another-key", unauthorized.Why, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_parts_of_an_order_that_people_have_split_are_stopped()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        Book.Split(Reference, "CAP", 1);

        Assert.IsType<WarehouseAnswer.StoppedToChange>(Delivered(await SendPacedAsync(MessageKind.Change)));
        Assert.Empty(await LiveAsync(Reference));
        Assert.Equal(3, _paced);
    }

    [Fact]
    public async Task Of_an_order_in_two_parts_nothing_is_stopped_once_one_has_its_label()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        Book.Split(Reference, "CAP", 1);
        Book.Label(Deliveries.Now, Book.Find(Reference)!.Id);

        foreach (var answer in new[] { await ChangeAsync(("1", "MUG", 3)), await CancelAsync() })
            Assert.Equal("its label is bought", Assert.IsType<WarehouseAnswer.TooLate>(Delivered(answer)).Said);
        Assert.Equal(2, (await LiveAsync(Reference)).Count);
    }

    [Theory]
    [InlineData(MessageKind.Cancel)]
    [InlineData(MessageKind.Change)]
    public async Task What_gets_its_label_once_another_part_is_stopped_leaves_and_the_release_is_over(MessageKind kind)
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        Book.Split(Reference, "CAP", 1);
        var calls = 0;
        _server.Faults.Rule = call =>
        {
            if (call.Kind == CallKind.CancelOrder && ++calls == 2)
                Book.Label(Deliveries.Now, call.Subject);
            return Fault.None;
        };

        // Not "stopped to change": it would be released anew before the parcel is heard of.
        for (var time = 0; time < 2; time++)
        {
            Assert.IsType<WarehouseAnswer.Cancelled>(
                Delivered(await SendAsync(kind, time > 0, Reference, ("1", "MUG", 3))));
        }

        Assert.Single(await LiveAsync(Reference));
    }

    [Fact]
    public async Task What_refuses_to_be_stopped_and_has_no_label_is_tried_again_once_another_part_is_stopped()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        Book.Split(Reference, "CAP", 1);
        FailNext(CallKind.CancelOrder, new Fault.Garbage(400, """
            {"errors":[{"error_type":"business_rules","error_code":"invalid_status","message":"Not now."}]}
            """, Done: false), after: 1);

        Assert.Equal(
            new SendResult.Unknown("only a part of it is stopped: 400 Not now."), await CancelAsync());
        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await CancelAsync()));
        Assert.Empty(await LiveAsync(Reference));
    }

    [Theory]
    [InlineData(MessageKind.Cancel)]
    [InlineData(MessageKind.Change)]
    public async Task What_somebody_there_cancels_while_it_is_stopped_is_cancelled(MessageKind kind)
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Faults.Rule = call =>
        {
            if (call.Kind == CallKind.CancelOrder)
                Book.Cancel(call.Subject);
            return Fault.None;
        };

        Assert.IsType<WarehouseAnswer.Cancelled>(
            Delivered(await SendAsync(kind, false, Reference, ("1", "MUG", 3))));
    }

    [Fact]
    public async Task A_part_that_is_gone_when_it_is_looked_at_again_is_nothing_to_go_by()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Faults.Rule = call =>
        {
            if (call.Kind == CallKind.CancelOrder)
                Book.Label(Deliveries.Now, call.Subject);
            return call.Kind == CallKind.FetchNews
                ? new Fault.Garbage(404, """{"errors":[]}""", Done: false) : Fault.None;
        };

        Assert.IsType<SendResult.Unknown>(await CancelAsync());
    }

    [Fact]
    public async Task What_is_labelled_while_it_is_stopped_is_too_late_in_ShipStations_words()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        // Between the look and the stop.
        _server.Faults.Rule = call =>
        {
            if (call.Kind == CallKind.CancelOrder)
                Book.Label(Deliveries.Now, call.Subject);
            return Fault.None;
        };

        Assert.Equal(
            "400 The label has to be voided first.",
            Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await ChangeAsync(("1", "MUG", 3)))).Said);
        Assert.Single(await LiveAsync(Reference));
    }

    [Fact]
    public async Task An_order_that_somebody_there_has_cancelled_is_not_released_anew_by_itself()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        Book.Cancel(Book.Find(Reference)!.Id);

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await ChangeAsync(("1", "MUG", 3))));
        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(
            await SendAsync(MessageKind.Change, true, Reference, ("1", "MUG", 3))));
    }

    [Fact]
    public async Task A_change_of_an_order_that_is_not_found_is_nothing_to_go_by() =>
        Assert.IsType<SendResult.Unknown>(await ChangeAsync(("1", "MUG", 3)));

    private WarehouseDestination Open(string key = ApiKey, string? phone = "+1 503 555 0100", TimeProvider? time = null)
    {
        var options = new ShipStationOptions
        {
            BaseUrl = _server.BaseUrl,
            ApiKey = key,
            Phone = phone,
            WarehouseIds =
                new Dictionary<string, string>(StringComparer.Ordinal) { ["east"] = ShipStationServer.WarehouseId },
        };
        return new WarehouseDestination(
            new ShipStationWarehouse(options.Open(_http, time ?? TimeProvider.System), options));
    }

    private Task<SendResult> SendPacedAsync(MessageKind kind) => Destination.SendAsync(
        Deliveries.Of(kind, Reference, false, Request(Reference, ("1", "MUG", 1))) with
        {
            NextCall = () =>
            {
                _paced++;
                return Task.CompletedTask;
            },
        },
        Cancelled);

    /// <summary>The next call of this kind, or one after it, meets the fault; all others are served.</summary>
    private void FailNext(CallKind kind, Fault fault, int after = 0)
    {
        var left = after + 1;
        _server.Faults.Rule = call =>
            call.Kind == kind && Interlocked.Decrement(ref left) == 0 ? fault : Fault.None;
    }
}
