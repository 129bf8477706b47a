using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.ShipBob;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses.ShipBob;

/// <summary>What ShipBob makes of what can come back over HTTP, once it knows the product.</summary>
public sealed class ShipBobContract : DestinationContract, IDisposable
{
    private readonly HttpClient _http = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });

    protected override MessageContent Content => ScriptedHandler.Take;

    protected override string Proof => """{"id":1,"reference_id":"acme-1-1","status":"Processing"}""";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Unknown);

    public void Dispose() => _http.Dispose();

    protected override IDestination Open(Uri url)
    {
        var options = new ShipBobOptions { BaseUrl = url, AccessToken = Secret, ChannelId = "11" };
        var warehouse = new ShipBobWarehouse(options.Open(_http, options.ChannelId, Time), options);
        warehouse.Know(ScriptedHandler.Take.Lines[0].Sku);
        return new WarehouseDestination(warehouse);
    }

    /// <summary>A refusal may be of a reference that is there: it is looked up.</summary>
    protected override int CallsOf(int status) => status is 409 or 422 ? 2 : 1;

    protected override Type OutcomeOf(int status) => status switch
    {
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 300 or 408 or >= 500 => typeof(SendResult.Unknown),
        _ => typeof(SendResult.Refused),
    };
}
