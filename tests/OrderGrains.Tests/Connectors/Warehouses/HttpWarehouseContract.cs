using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>A warehouse has an order when its answer proves it.</summary>
public sealed class HttpWarehouseContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content => ScriptedHandler.Take;

    protected override string Proof => """{"warehouseOrderId":"W-1"}""";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url) => new WarehouseDestination(
        new HttpWarehouse(_http, new HttpWarehouseOptions { BaseUrl = url, Secrets = [Secret] }, Time));

    protected override Type OutcomeOf(int status) => status switch
    {
        // Too late to change it: its order hears so.
        409 => typeof(SendResult.Delivered),
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };
}
