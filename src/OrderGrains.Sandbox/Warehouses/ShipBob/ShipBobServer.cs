using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipBob;

/// <summary>
/// A make-believe ShipBob on loopback, strict where the real one is: it wants a token and a channel, refuses a
/// reference twice, makes up a product of whatever has a name, counts calls, and signs its webhooks. Written from the
/// public description of the API, 2026-01.
/// </summary>
/// <param name="token">The access token that it takes.</param>
/// <param name="stock">Units on hand by SKU, all at one location.</param>
/// <param name="time">Its clock.</param>
public sealed class ShipBobServer(string token, IReadOnlyDictionary<string, int> stock, TimeProvider time)
    : IAsyncDisposable
{
    /// <summary>Its number of the one location that it has.</summary>
    public const int LocationId = 7;

    private readonly CallWindow _window = new(150, time);
    private WebApplication? _host;

    /// <summary>For <c>BaseUrl</c>. Known once started.</summary>
    public Uri BaseUrl => new($"{_host!.Urls.First()}/2026-01");

    public ShipBobBook Book { get; } = new(stock);

    public FaultScript Faults { get; } = new();

    /// <summary>Calls in any minute.</summary>
    public int CallsPerMinuteMax { get => _window.CallsMax; set => _window.CallsMax = value; }

    /// <summary>All calls so far, refused ones too.</summary>
    public int Calls => _window.Calls;

    public async Task StartAsync(CancellationToken cancellation) => _host = await SandboxHost.StartAsync(
        new IPEndPoint(IPAddress.Loopback, 0), new ShipBobRoutes(Book, Faults, time, Admit).Map, cancellation);

    /// <summary>Posts <c>order.shipped</c> of the next shipment of an order; the status that came back.</summary>
    public Task<int> ShipAsync(string reference, ShipBobPost post, CancellationToken cancellation)
    {
        var (order, shipment) = Book.Ship(reference, time.GetUtcNow());
        return post.SendAsync("order.shipped", Body(order, shipment), cancellation);
    }

    /// <summary>A shipment as the API and the webhooks show it.</summary>
    public static JsonObject Body(ShipBobOrder order, ShipBobShipment shipment) => new()
    {
        ["id"] = shipment.Id,
        ["order_id"] = order.Id,
        ["reference_id"] = order.ReferenceId,
        ["status"] = shipment.Status,
        ["status_details"] = new JsonArray(),
        ["location"] = new JsonObject { ["id"] = LocationId, ["name"] = "Make-believe" },
        ["actual_fulfillment_date"] = shipment.ShippedAt?.UtcDateTime,
        ["tracking"] = shipment.TrackingNumber is null ? null : new JsonObject
        {
            ["carrier"] = "Parcel Pigeon",
            ["tracking_number"] = shipment.TrackingNumber,
            ["tracking_url"] = $"https://parcels.example.com/{shipment.TrackingNumber}",
        },
        ["products"] = new JsonArray([.. shipment.Units.Select(line => new JsonObject
        {
            ["id"] = 1,
            ["sku"] = line.Key,
            ["reference_id"] = line.Key,
            ["name"] = line.Key,
            ["inventory_items"] = new JsonArray(new JsonObject { ["id"] = 1, ["quantity"] = line.Value }),
        })]),
    };

    public async ValueTask DisposeAsync() => await SandboxHost.EndAsync(_host);

    /// <summary>Null when the call may go on; otherwise what it is answered.</summary>
    private IResult? Admit(HttpContext context)
    {
        if (!AuthenticationHeaderValue.TryParse(context.Request.Headers.Authorization, out var sent)
            || sent.Scheme != "Bearer" || sent.Parameter != token)
            return _window.Refuse(Results.StatusCode(StatusCodes.Status401Unauthorized));
        if (_window.Take(out var left) is not { } wait)
        {
            context.Response.Headers["x-remaining-calls"] = left.ToString(CultureInfo.InvariantCulture);
            return null;
        }
        context.Response.Headers["x-remaining-calls"] = "0";
        context.Response.Headers["x-retry-after"] =
            Math.Ceiling(wait.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        return Results.StatusCode(StatusCodes.Status429TooManyRequests);
    }
}
