using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Connectors.Warehouses.Odoo;
using OrderGrains.Sandbox.Warehouses.Odoo;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Warehouses.Odoo;

/// <summary>How tests reach the stand-in.</summary>
internal static class OdooCalls
{
    public const string Key = "a-key-of-a-test";

    public static OdooServer Server(TimeProvider time) => new(
        Key, new Dictionary<string, int>(StringComparer.Ordinal) { ["MUG"] = 50, ["CAP"] = 50 }, time);

    public static OdooOptions Options(Uri url, string key = Key) => new()
    {
        BaseUrl = url,
        Database = OdooServer.Database,
        ApiKey = key,
    };

    public static WarehouseDestination Destination(
        HttpClient http, OdooOptions options, TimeProvider time) =>
        new(new OdooWarehouse(new OdooApi(http, options, time), options));

    /// <summary>Hands an order over.</summary>
    public static Task<SendResult> TakeAsync(
        this WarehouseDestination destination, string reference, CancellationToken cancellationToken,
        params (string Sku, int Units)[] lines) =>
        destination.SendAsync(
            Deliveries.Of(MessageKind.Release, reference, content: ScriptedHandler.Take with
            {
                Reference = reference,
                ShipTo = new ShipTo { Name = "Ada Marsh", City = "Portland" },
                Lines = [.. lines.Select((l, at) => new ReleaseRequestLine($"{at + 1}", l.Sku, l.Units))],
            }),
            cancellationToken);
}
