using System.Text.Json;
using OrderGrains.Bench.Subjects;

namespace OrderGrains.Bench.Warehouse;

/// <summary>
/// The warehouse as a process of its own: it takes every order at once. Written to be cheap, since it shares the
/// machine with what is measured; the calls are those of CONTRACT section 3.
/// </summary>
internal static class WarehouseRole
{
    private const string Orders = "/orders/";

    public static Task<int> RunAsync()
    {
        var ledger = new WarehouseLedger();
        return RoleProcess.ServeAsync(http => ServeAsync(http, ledger));
    }

    private static async Task ServeAsync(HttpContext http, WarehouseLedger ledger)
    {
        var path = http.Request.Path.Value!;
        if (path.StartsWith(Orders, StringComparison.Ordinal))
        {
            var reference = path[Orders.Length..];
            var known = HttpMethods.IsPut(http.Request.Method)
                ? !ledger.Take(reference, await ReadAsync(http.Request))
                : ledger.Has(reference);
            var found = known || HttpMethods.IsPut(http.Request.Method);
            http.Response.StatusCode = !found ? 404 : known ? 200 : 201;
            if (found)
            {
                await WriteAsync(http, "application/json",
                    JsonSerializer.SerializeToUtf8Bytes(new { reference, warehouseOrderId = "W-1" }));
            }
            return;
        }
        switch (path)
        {
            case "/count":
                await http.Response.WriteAsync(ledger.Count.ToString());
                break;
            case "/arrivals":
                await WriteAsync(http, "application/octet-stream",
                    ledger.ArrivalsFrom(int.Parse(http.Request.Query["from"].ToString())));
                break;
            case "/witness":
                await http.Response.WriteAsJsonAsync(ledger.Witness());
                break;
            default:
                http.Response.StatusCode = 404;
                break;
        }
    }

    private static async Task<byte[]> ReadAsync(HttpRequest request)
    {
        using var body = new MemoryStream((int)(request.ContentLength ?? 1024));
        await request.Body.CopyToAsync(body);
        return body.ToArray();
    }

    private static async Task WriteAsync(HttpContext http, string type, byte[] body)
    {
        (http.Response.ContentType, http.Response.ContentLength) = (type, body.Length);
        await http.Response.Body.WriteAsync(body);
    }
}
