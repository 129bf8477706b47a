using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>Our own protocol, served by the make-believe warehouse.</summary>
public sealed class OurWarehouseTests : WarehouseContract
{
    private static readonly string Secret = StandardWebhooks.SecretFor("requests");

    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
    private readonly Warehouse _warehouse;

    public OurWarehouseTests() => _warehouse = new Warehouse(
        new WarehouseOptions
        {
            Name = "east-wms",
            Location = "east",
            RequestSecret = Secret,
            EventSecret = StandardWebhooks.SecretFor("events"),
            Stock = new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 50, ["CAP"] = 50 },
            ShipAfter = TimeSpan.FromDays(1),
        },
        () => new Uri("http://127.0.0.1:1"), TimeProvider.System, _http);

    protected override bool Changes => true;

    internal override IDestination Destination => new WarehouseDestination(new HttpWarehouse(
        _http, new HttpWarehouseOptions { BaseUrl = _warehouse.BaseUrl, Secrets = [Secret] }, TimeProvider.System));

    public override async ValueTask InitializeAsync() => await _warehouse.StartAsync(Cancelled);

    public override async ValueTask DisposeAsync()
    {
        await _warehouse.DisposeAsync();
        _http.Dispose();
    }

    protected override Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference) =>
        Task.FromResult<IReadOnlyList<IReadOnlyDictionary<string, int>>>(
            [.. _warehouse.Book.Orders.Where(o => o.Reference == reference && o.IsLive).Select(o =>
                o.Take.Lines.GroupBy(l => l.Sku, StringComparer.Ordinal)
                    .ToDictionary(l => l.Key, l => l.Sum(one => one.Quantity), StringComparer.Ordinal))]);

    protected override Task<int> CountAsync() => Task.FromResult(_warehouse.Book.Orders.Count);

    protected override Task PickAsync(string reference)
    {
        _warehouse.Book.Pick(reference, TimeProvider.System.GetUtcNow());
        return Task.CompletedTask;
    }

    protected override void LoseNextTaking() => _warehouse.Faults.Enqueue(new Fault.Abort(Done: true));

    protected override void LoseNextCancelling() => _warehouse.Faults.Enqueue(new Fault.Abort(Done: true));
}
