using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipStation;

/// <summary>
/// A make-believe ShipStation on loopback, strict where the real one is: it wants a key, refuses an external id twice
/// and cuts one that is too long, says inside a 200 what failed, cancels nothing that has a label, tells in webhooks no
/// more than where to look, signs them by keys that it publishes, and counts calls. Written from the public description
/// of its API, V2.
/// </summary>
/// <param name="apiKey">The key that it takes.</param>
/// <param name="time">Its clock.</param>
public sealed class ShipStationServer(string apiKey, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Where everything ships from.</summary>
    public const string WarehouseId = "se-7";

    /// <summary>Where the stock lies.</summary>
    public const string InventoryWarehouseId = "se-8";

    private readonly CallWindow _window = new(200, time);
    private readonly List<ShipStationKey> _keys = [new ShipStationKey("key-1")];
    private WebApplication? _host;

    /// <summary>For <c>BaseUrl</c>. Known once started.</summary>
    public Uri BaseUrl => new($"{_host!.Urls.First()}/v2");

    /// <summary>For <c>KeysUrl</c>.</summary>
    public Uri KeysUrl => new($"{_host!.Urls.First()}/jwks");

    public ShipStationBook Book { get; } = new();

    public FaultScript Faults { get; } = new();

    /// <summary>Calls in any minute.</summary>
    public int CallsPerMinuteMax { get => _window.CallsMax; set => _window.CallsMax = value; }

    /// <summary>All calls so far, refused ones too; those for the keys are not among them.</summary>
    public int Calls => _window.Calls;

    /// <summary>How often the keys were asked for.</summary>
    public int KeyCalls { get; private set; }

    /// <summary>What it signs by now.</summary>
    public ShipStationKey Key => _keys[^1];

    public async Task StartAsync(CancellationToken cancellation) => _host = await SandboxHost.StartAsync(
        new IPEndPoint(IPAddress.Loopback, 0), routes =>
        {
            new ShipStationRoutes(Book, Faults, time, Admit, () => BaseUrl).Map(routes);
            routes.MapGet("/jwks", Keys);
        }, cancellation);

    /// <summary>From now on it signs by another key.</summary>
    public void Rotate() => _keys.Add(new ShipStationKey($"key-{_keys.Count + 1}"));

    /// <summary>What it posts once labels were bought.</summary>
    public string LabelsCreated(IReadOnlyList<ShipStationLabel> labels) =>
        Hint("LABEL_CREATED_V2", $"labels?batch_id={labels[0].BatchId}");

    /// <summary>What it posts of a fulfilment.</summary>
    public string FulfilmentIs(string what, ShipStationLabel fulfilment) => Hint(
        $"FULFILLMENT_{what}_V2",
        $"fulfillments?fulfillment_id={fulfilment.Id}&shipment_id={fulfilment.ShipmentId}");

    public async ValueTask DisposeAsync()
    {
        await SandboxHost.EndAsync(_host);
        foreach (var key in _keys) key.Dispose();
    }

    private string Hint(string type, string resource) => new JsonObject
    {
        ["resource_url"] = $"{BaseUrl}/{resource}",
        ["resource_type"] = type,
    }.ToJsonString();

    private IResult Keys()
    {
        KeyCalls++;
        return ShipStationRoutes.Json(new JsonObject
        {
            ["keys"] = new JsonArray([.. _keys.Select(key => (JsonNode)key.Public())]),
        });
    }

    /// <summary>Null when the call may go on; otherwise what it is answered.</summary>
    private IResult? Admit(HttpContext context)
    {
        if (context.Request.Headers["API-Key"] != apiKey)
            return _window.Refuse(ShipStationRoutes.Wrong(401, "security", "unauthorized", "The key is not valid."));
        if (_window.Take(out _) is not { } wait) return null;
        context.Response.Headers.RetryAfter =
            Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return ShipStationRoutes.Wrong(429, "business_rules", "rate_limit_exceeded", "Too many requests.");
    }
}
