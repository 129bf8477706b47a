using OrderGrains.Connectors;
using OrderGrains.Sandbox.Warehouses;
using OrderGrains.Sandbox.Warehouses.Odoo;
using OrderGrains.Vocabulary;
using Xunit;
using Fault = OrderGrains.Sandbox.Warehouses.Fault;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>Odoo, by a stand-in that is as strict as its sources.</summary>
public sealed class OdooWarehouseTests : WarehouseContract
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly OdooServer _server = OdooCalls.Server(TimeProvider.System);
    private int _paced;
    private IDestination? _destination;

    protected override bool Changes => false;

    internal override IDestination Destination =>
        _destination ??= OdooCalls.Destination(_http, OdooCalls.Options(_server.BaseUrl), TimeProvider.System);

    public override async ValueTask InitializeAsync() => await _server.StartAsync(Cancelled);

    public override async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        _http.Dispose();
    }

    protected override Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>(
            [.. _server.Book.Orders.Where(o => o.Reference == reference && o.State == "sale").Select(o => o.Units)]);

    protected override Task<int> CountAsync() => Task.FromResult(_server.Book.Orders.Count);

    protected override Task PickAsync(string reference)
    {
        _server.Book.Pick(reference);
        return Task.CompletedTask;
    }

    protected override void LoseNextTaking() => FailNext(CallKind.TakeOrder, new Fault.Abort(Done: true));

    protected override void LoseNextCancelling() => FailNext(CallKind.CancelOrder, new Fault.Abort(Done: true));

    [Fact]
    public async Task An_order_goes_to_its_recipient_from_its_warehouse_and_costs_nothing()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));

        var order = Assert.Single(_server.Book.Orders);
        Assert.Equal(
            ("Ada Marsh", "12 Willow Street", "97201", "#1001", OdooBook.WarehouseCode, 0),
            (Text("res.partner", order.RecipientId, "name"), Text("res.partner", order.RecipientId, "street"),
                Text("res.partner", order.RecipientId, "zip"), Text("sale.order", order.Id, "origin"),
                Text("stock.warehouse", (int)_server.Book.Get("sale.order", order.Id, "warehouse_id")!, "code"),
                (int)_server.Book.Get(
                    "sale.order.line", (int)_server.Book.Get("sale.order", order.Id, "order_line")![0]!,
                    "price_unit")!));
    }

    [Fact]
    public async Task Who_orders_again_is_one_contact_and_his_state_is_found()
    {
        var to = Request("acme-1-1", ("1", "MUG", 1)) with
        {
            ShipTo = new ShipTo { Name = "Ada Marsh", City = "Portland", Province = "oregon", CountryCode = "US" },
        };
        foreach (var reference in (string[])["acme-1-1", "acme-2-1"])
            await Destination.SendAsync(
                Deliveries.Of(MessageKind.Release, reference, content: to with { Reference = reference }), Cancelled);

        Assert.Equal(1, _server.Book.Partners);
        var contact = _server.Book.Orders[0].RecipientId;
        Assert.Equal("Portland", Text("res.partner", contact, "city"));
        Assert.Equal("OR", Text(
            "res.country.state", (int)_server.Book.Get("res.partner", contact, "state_id")!, "code"));
    }

    [Fact]
    public async Task A_province_that_Odoo_does_not_know_goes_with_the_city()
    {
        var to = Request(Reference, ("1", "MUG", 1)) with
        {
            ShipTo = new ShipTo { Name = "Ada", City = "Lyss", Province = "Bern", CountryCode = "US" },
        };
        await Destination.SendAsync(Deliveries.Of(MessageKind.Release, Reference, content: to), Cancelled);

        Assert.Equal("Lyss, Bern", Text("res.partner", _server.Book.Orders[0].RecipientId, "city"));
    }

    [Fact]
    public async Task What_Odoo_does_not_have_or_has_twice_is_refused_by_its_name_and_nothing_is_made()
    {
        _server.Book.AddProduct("TEA", 1);
        _server.Book.AddProduct("TEA", 1);
        _server.Book.AddProduct("WRAP", 0, "service");

        Assert.Equal(
            "Odoo has no goods with the internal reference POT: make them there, then resume this",
            Refused(await ReleaseAsync(("1", "MUG", 1), ("2", "POT", 1))));
        Assert.Equal(
            "Odoo has 2 products with the internal reference TEA: archive or rename all but one, then resume this",
            Refused(await ReleaseAsync(("1", "TEA", 1))));
        Assert.Equal(
            "Odoo has no goods with the internal reference WRAP: make them there, then resume this",
            Refused(await ReleaseAsync(("1", "WRAP", 1))));
        Assert.Equal(
            "Odoo has no country XX: make it there, then resume this",
            Refused(await Destination.SendAsync(
                Deliveries.Of(MessageKind.Release, Reference, content: Request(Reference, ("1", "MUG", 1)) with
                {
                    ShipTo = new ShipTo { Name = "Ada", CountryCode = "XX" },
                }), Cancelled)));
        Assert.Equal((0, 0), (_server.Book.Orders.Count, _server.Book.Partners));

        _server.Book.AddProduct("POT", 3);
        Delivered(await ReleaseAsync(("1", "POT", 1)));
    }

    [Fact]
    public async Task Of_several_warehouses_the_settings_must_name_one()
    {
        _server.Book.AddWarehouse("W2");

        Assert.Equal(
            "Odoo has 2 warehouses: the setting Warehouses must say which",
            Refused(await ReleaseAsync(("1", "MUG", 1))));
    }

    [Fact]
    public async Task An_order_whose_confirming_was_not_answered_is_confirmed_once()
    {
        FailNext(CallKind.ConfirmOrder, new Fault.Abort(Done: true));
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 2)));

        Assert.IsType<SendResult.AlreadyThere>(await ReleaseAsync(("1", "MUG", 2)));

        var order = Assert.Single(_server.Book.Orders);
        Assert.Single(_server.Book.Get("sale.order", order.Id, "picking_ids")!.AsArray());
    }

    [Fact]
    public async Task What_is_confirmed_by_another_at_the_same_moment_is_taken()
    {
        FailNext(CallKind.ConfirmOrder, new Fault.Garbage(
            422, OdooException.User("Some orders are not in a state requiring confirmation.").Body(), Done: true));

        Assert.IsType<WarehouseAnswer.Taken>(Delivered(await ReleaseAsync(("1", "MUG", 2))));
    }

    [Fact]
    public async Task What_Odoo_does_not_confirm_is_refused_in_its_words_and_waits_there()
    {
        FailNext(CallKind.ConfirmOrder, new Fault.Garbage(
            422, OdooException.User("The customer is blocked.").Body(), Done: false));

        Assert.Equal("422 The customer is blocked.", Refused(await ReleaseAsync(("1", "MUG", 2))));
        Assert.Equal("draft", Assert.Single(_server.Book.Orders).State);
        Assert.IsType<SendResult.AlreadyThere>(await ReleaseAsync(("1", "MUG", 2)));
        Assert.Equal("sale", Assert.Single(_server.Book.Orders).State);
    }

    [Fact]
    public async Task An_order_that_a_lost_call_has_made_as_well_is_cancelled_before_one_is_confirmed()
    {
        var isFirst = true;
        _server.Book.OnCreated = _ =>
        {
            if (isFirst)
            {
                isFirst = false;
                _server.Book.Quote(Reference, "MUG", 2);
            }
        };

        var taken = await ReleaseAsync(("1", "MUG", 2));

        Assert.IsType<WarehouseAnswer.Taken>(taken is SendResult.AlreadyThere there ? there.Answer : Delivered(taken));
        Assert.Single(await LiveAsync(Reference));
        var spare = Assert.Single(_server.Book.Orders, order => order.State == "cancel");
        Assert.Null(spare.Reference);
        Assert.Empty(_server.Book.Get("sale.order", spare.Id, "picking_ids")!.AsArray());
    }

    [Fact]
    public async Task The_confirmed_one_of_several_is_kept()
    {
        _server.Book.Quote(Reference, "MUG", 2);
        _server.Book.Confirm(_server.Book.Quote(Reference, "MUG", 2));

        Assert.IsType<SendResult.AlreadyThere>(await ReleaseAsync(("1", "MUG", 2)));

        Assert.Equal(["cancel", "sale"], _server.Book.Orders.Select(order => order.State), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Two_that_people_have_confirmed_are_left_to_them()
    {
        _server.Book.Confirm(_server.Book.Quote(Reference, "MUG", 2));
        _server.Book.Confirm(_server.Book.Quote(Reference, "MUG", 2));

        Assert.IsType<SendResult.AlreadyThere>(await ReleaseAsync(("1", "MUG", 2)));
        Assert.Equal(["sale", "sale"], _server.Book.Orders.Select(order => order.State), StringComparer.Ordinal);
        Assert.EndsWith("without a person: cancel it there", Refused(await CancelAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_order_that_is_locked_is_refused_in_Odoos_words()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Book.Lock(Reference);

        Assert.Equal(
            "422 You cannot cancel a locked order. Please unlock it first.", Refused(await CancelAsync()));
    }

    [Fact]
    public async Task What_has_left_in_part_is_too_late()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        _server.Book.Ship(Reference, new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 1 });

        var late = Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));
        Assert.EndsWith("are picked there, or have left", late.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Calls_wait_for_their_turn_and_what_does_not_change_is_asked_for_once()
    {
        Delivered(await PacedAsync("acme-1-1"));
        Assert.Equal((9, 9), (_server.Calls, _paced + 1));

        Delivered(await PacedAsync("acme-2-1"));
        Assert.Equal(15, _server.Calls);
    }

    private Task<SendResult> PacedAsync(string reference) => Destination.SendAsync(
        Deliveries.Of(MessageKind.Release, reference, content: Request(reference, ("1", "MUG", 1))) with
        {
            NextCall = () =>
            {
                _paced++;
                return Task.CompletedTask;
            },
        }, Cancelled);

    private void FailNext(CallKind kind, Fault fault)
    {
        var left = 1;
        _server.Faults.Rule = call =>
            call.Kind == kind && Interlocked.Decrement(ref left) >= 0 ? fault : Fault.None;
    }

    private string? Text(string model, int id, string name) => (string?)_server.Book.Get(model, id, name);

    private static string Refused(SendResult result) => Assert.IsType<SendResult.Refused>(result).Why;
}
