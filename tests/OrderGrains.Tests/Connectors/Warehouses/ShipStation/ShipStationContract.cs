using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.ShipStation;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipStation;

/// <summary>What ShipStation makes of what can come back over HTTP.</summary>
public sealed class ShipStationContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content => ScriptedHandler.Take;

    protected override string Proof => """
        {"has_errors":false,
         "shipments":[{"shipment_id":"se-1","external_shipment_id":"acme-1-1","shipment_status":"pending"}]}
        """;

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = new ShipStationOptions { BaseUrl = url, ApiKey = Secret };
        return new WarehouseDestination(new ShipStationWarehouse(options.Open(_http, Time), options));
    }

    /// <summary>A refusal may be of a reference that is there: it is looked up.</summary>
    protected override int CallsOf(int status) => status is 400 or 409 or 422 ? 2 : 1;

    protected override Type OutcomeOf(int status) => status switch
    {
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };
}
