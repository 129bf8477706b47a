using System.Security.Cryptography;
using System.Text;
using OrderGrains.Bench.Load;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// A peer as a process of its own: the same web server, the same reading and the same check of the signature for all.
/// </summary>
internal static class PeerRole
{
    public const string RoleName = "peer";

    /// <summary>The place that all stock is at, and whose warehouse gets all orders.</summary>
    public const string Location = "east";

    private const string Webhooks = "/webhooks/v1/" + OrderTemplate.Source;
    private const string Stock = "/api/v1/stock/" + Location + "/";

    private static readonly byte[] Key = Encoding.UTF8.GetBytes(OrderTemplate.Secret);

    /// <param name="arguments">The peer's name, the database, the warehouse, and <c>hold</c> or nothing.</param>
    public static async Task<int> RunAsync(string[] arguments)
    {
        var (name, database, warehouse) = (arguments[0], arguments[1], new Uri(arguments[2]));
        await using var peer = Create(name, database, warehouse);
        await peer.StartAsync(hold: arguments.Contains("hold", StringComparer.Ordinal));

        return await RoleProcess.ServeAsync(http => ServeAsync(http, peer));
    }

    private static IPeer Create(string name, string database, Uri warehouse) => name switch
    {
        Subject.FloorName => new FloorPeer(),
        Subject.InsertName => new InsertPeer(database),
        Subject.RowsName => new RowsPeer(database, warehouse),
        Subject.HangfireName => new HangfirePeer(database, warehouse),
        Subject.RebusName => new RebusPeer(database, warehouse),
        Subject.AdoNetName => new AdoNetPeer(database, warehouse),
        _ => throw new ArgumentException($"There is no peer {name}.", nameof(name)),
    };

    private static async Task ServeAsync(HttpContext http, IPeer peer)
    {
        var path = http.Request.Path.Value!;
        if (path == Webhooks)
        {
            var body = await ReadAsync(http.Request);
            if (!IsAuthentic(http.Request, body))
            {
                http.Response.StatusCode = 401;
                return;
            }
            await peer.ReceiveAsync(body, http.Request.Headers["X-Shopify-Webhook-Id"].ToString());
            http.Response.ContentLength = 0;
        }
        else if (path.StartsWith(Stock, StringComparison.Ordinal))
        {
            var sku = path[Stock.Length..];
            if (HttpMethods.IsPut(http.Request.Method))
                await peer.SetStockAsync(sku, (await http.Request.ReadFromJsonAsync<PeerCount>())!.OnHand);
            await http.Response.WriteAsJsonAsync(await peer.GetStockAsync(sku));
        }
        else
        {
            http.Response.StatusCode = 404;
        }
    }

    private static async ValueTask<byte[]> ReadAsync(HttpRequest request)
    {
        var body = new byte[request.ContentLength ?? 0];
        await request.Body.ReadExactlyAsync(body, request.HttpContext.RequestAborted);
        return body;
    }

    private static bool IsAuthentic(HttpRequest request, byte[] body)
    {
        Span<byte> claim = stackalloc byte[HMACSHA256.HashSizeInBytes];
        Span<byte> digest = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Key, body, digest);
        return Convert.TryFromBase64String(request.Headers["X-Shopify-Hmac-Sha256"].ToString(), claim, out var written)
            && CryptographicOperations.FixedTimeEquals(digest, claim[..written]);
    }
}
