using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Tryton;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>Tryton itself.</summary>
[Collection(nameof(TrytonServer))]
public sealed class TrytonWarehouseTests : WarehouseContract
{
    private const string Shipment = "stock.shipment.out";

    private readonly TrytonServer _server;
    private readonly TrytonCalls _calls = new();
    private readonly HttpClient _http;
    private TrytonBook _book = null!;
    private WarehouseDestination? _destination;

    public TrytonWarehouseTests(TrytonServer server) => (_server, _http) = (server, new HttpClient(_calls));

    protected override bool Changes => false;

    internal override IDestination Destination => _destination ??= Open();

    public override async ValueTask InitializeAsync() => _book = await _server.BookAsync();

    public override ValueTask DisposeAsync()
    {
        _http.Dispose();
        return ValueTask.CompletedTask;
    }

    protected override async Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference) =>
        [.. (await _book.SheetsAsync(reference)).Where(s => s.State != "cancelled").Select(s => s.Units)];

    protected override async Task<int> CountAsync() => (await _book.SheetsAsync()).Count;

    protected override Task PickAsync(string reference) => _book.DoAsync(reference, "pick");

    protected override void LoseNextTaking() => _calls.Lose($"{Shipment}.create");

    protected override void LoseNextCancelling() => _calls.Lose($"{Shipment}.cancel");

    [Fact]
    public async Task What_is_taken_is_assigned_and_has_the_recipient()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));

        var sheet = await _book.SheetAsync(Reference);
        Assert.Equal("assigned", sheet.State);
        var address = await _book.AddressAsync(sheet.Address);
        Assert.Equal(
            ("Ada Marsh", "12 Willow Street", "97201", "Portland"),
            ((string?)address["party_name"], (string?)address["street"], (string?)address["postal_code"],
                (string?)address["city"]));
        Assert.NotNull(address["country"]);

        // Who orders again is the same recipient.
        Delivered(await SendAsync(MessageKind.Release, false, "acme-1002-1", ("1", "MUG", 1)));
        Assert.Equal(sheet.Address, (await _book.SheetAsync("acme-1002-1")).Address);
    }

    [Theory]
    [InlineData("create")]
    [InlineData("wait")]
    [InlineData("assign_try")]
    public async Task A_taking_that_broke_off_anywhere_is_brought_to_its_end(string method)
    {
        _calls.Lose($"{Shipment}.{method}");
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 2)));

        var again = await SendAsync(MessageKind.Release, true, Reference, ("1", "MUG", 2));

        Assert.IsType<WarehouseAnswer.Taken>(Assert.IsType<SendResult.AlreadyThere>(again).Answer);
        Assert.Equal("assigned", (await _book.SheetAsync(Reference)).State);
    }

    [Fact]
    public async Task What_is_not_all_there_waits_in_Tryton_and_is_taken()
    {
        Assert.IsType<WarehouseAnswer.Taken>(Delivered(await ReleaseAsync(("1", "MUG", 60))));
        Assert.Equal("waiting", (await _book.SheetAsync(Reference)).State);

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await CancelAsync()));
    }

    [Fact]
    public async Task A_taking_that_nobody_waited_for_any_more_is_the_one_that_counts()
    {
        Delivered(await SendAsync(MessageKind.Release, false, "acme-1-1", ("1", "CAP", 1)));
        _calls.Meet($"{Shipment}.create", () => _book.DraftAsync(Reference, "MUG", 2));

        var result = await ReleaseAsync(("1", "MUG", 2));

        Assert.IsType<WarehouseAnswer.Taken>(Assert.IsType<SendResult.AlreadyThere>(result).Answer);
        Assert.Equal("assigned", (await _book.SheetAsync(Reference)).State);
        Assert.Equal(2, await CountAsync());
    }

    [Fact]
    public async Task A_SKU_that_Tryton_does_not_have_is_refused_until_it_has_it_and_nothing_is_made()
    {
        var refused = Assert.IsType<SendResult.Refused>(await ReleaseAsync(("1", "MUG", 1), ("2", "POT", 1)));
        Assert.Equal("Tryton has no product with the code POT: make it there, then resume this", refused.Why);
        Assert.Equal(0, await CountAsync());

        await _book.MakeProductAsync("POT");
        Delivered(await ReleaseAsync(("1", "MUG", 1), ("2", "POT", 1)));
    }

    [Fact]
    public async Task A_country_that_Tryton_does_not_have_is_refused()
    {
        var request = Request(Reference, ("1", "MUG", 1));
        request = request with { ShipTo = request.ShipTo! with { CountryCode = "XX" } };

        var refused = Assert.IsType<SendResult.Refused>(await Destination.SendAsync(
            Deliveries.Of(MessageKind.Release, Reference, content: request), Cancelled));

        Assert.Equal("Tryton has no country XX: load its countries, then resume this", refused.Why);
    }

    [Theory]
    [InlineData("Warehouses", "NO", null, "Tryton has none of the warehouses that the setting Warehouses names")]
    [InlineData("Company", null, "Theirs", "Tryton has none of the companies that the setting Company names")]
    public async Task What_the_settings_name_and_is_not_there_is_refused(
        string setting, string? code, string? company, string why)
    {
        var options = TrytonCalls.Options(_server.BaseUrl);
        options.Company = company;
        if (code is not null)
            options.Warehouses["east"] = code;
        _destination = Open(options);

        Assert.Equal(new SendResult.Refused(why), await ReleaseAsync(("1", "MUG", 1)));
        Assert.Contains(setting, why, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pick", "pack")]
    [InlineData("pick", "pack", "done")]
    public async Task What_is_packed_or_gone_is_too_late_whatever_Tryton_would_do(params string[] buttons)
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        await _book.DoAsync(Reference, buttons);
        var state = (await _book.SheetAsync(Reference)).State;

        var late = Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));

        Assert.EndsWith($" is {state} there", late.Said, StringComparison.Ordinal);
        Assert.Equal(state, (await _book.SheetAsync(Reference)).State);
    }

    [Fact]
    public async Task What_is_picked_between_the_look_and_the_stop_is_not_stopped()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        var before = await _book.SheetAsync(Reference);
        _calls.Meet($"{Shipment}.cancel", async () =>
        {
            await _book.DoAsync(Reference, "pick");
            // On SQLite Tryton tells changes apart by the second.
            await Eventually.TrueAsync(async () =>
            {
                await _book.TouchAsync(before);
                return (await _book.SheetAsync(Reference)).Stamp != before.Stamp;
            });
        });

        Assert.Equal(new SendResult.Again("its records have changed meanwhile"), await CancelAsync());

        Assert.Equal("picked", (await _book.SheetAsync(Reference)).State);
        Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));
    }

    [Fact]
    public async Task What_somebody_there_has_cancelled_is_told_and_not_sent_anew()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        await _book.DoAsync(Reference, "cancel");

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await ChangeAsync(("1", "MUG", 3))));
    }

    [Fact]
    public async Task A_session_that_has_ended_is_opened_anew_and_a_wrong_password_is_none()
    {
        var options = TrytonCalls.Options(_server.BaseUrl);
        var api = new TrytonApi(_http, options, TimeProvider.System);
        api.Know("YWRtaW46MTpub25l");
        _destination = new WarehouseDestination(new TrytonWarehouse(api, options));
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        Assert.Single(_calls.Methods, method => method == "common.db.login");

        _destination = Open(TrytonCalls.Options(_server.BaseUrl, "another"));
        Assert.IsType<SendResult.Unauthorized>(await CancelAsync());
    }

    private WarehouseDestination Open(TrytonOptions? options = null)
    {
        options ??= TrytonCalls.Options(_server.BaseUrl);
        return new WarehouseDestination(
            new TrytonWarehouse(new TrytonApi(_http, options, TimeProvider.System), options));
    }
}
