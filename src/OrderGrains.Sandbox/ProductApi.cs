using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace OrderGrains.Sandbox;

/// <summary>The audit's counts of receipts; CONTRACT section 4.</summary>
public sealed record AuditReceipts(
    long Received, long Applied, long Duplicate, long Stale, long Ignored, long Parked, long Pending);

public sealed record AuditMessages(long Created, long Delivered, long Superseded, long Parked, long Due);

public sealed record AuditStock(
    long Oversold, long Unbalanced, long OrphanReservations, long Overcommitted, long Unowned, long Unheld,
    long Contradicted)
{
    public bool IsClean => this == new AuditStock(0, 0, 0, 0, 0, 0, 0);
}

/// <summary><c>GET /api/v1/audit</c>.</summary>
public sealed record Audit(AuditReceipts Receipts, AuditMessages Messages, AuditStock Stock, bool Balanced)
{
    /// <summary>Nothing is left to apply and nothing is left to send.</summary>
    public bool IsQuiet => Receipts.Pending == 0 && Messages.Due == 0;
}

public sealed record OrderView(string Status, IReadOnlyList<ReleaseView> Releases);

public sealed record ReleaseView(string Reference, string? Warehouse, string? Location, string Status);

public sealed record StockView(string Location, string Sku, long OnHand, long Reserved, long Available, long Waiting);

/// <summary>The product's operator API and health, as seen from outside: HTTP and nothing else.</summary>
/// <param name="product">The base address now.</param>
/// <param name="key">The secret of an API key.</param>
/// <param name="http">Left to the caller to dispose.</param>
public sealed class ProductApi(Func<Uri> product, string key, HttpClient http)
{
    /// <summary>Null when the product does not answer, or not with 200.</summary>
    public async Task<Audit?> FindAuditAsync(CancellationToken cancellation)
    {
        try
        {
            return await GetAsync<Audit>("/api/v1/audit", cancellation);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    public Task<OrderView?> FindOrderAsync(string source, long orderId, CancellationToken cancellation) =>
        GetAsync<OrderView>($"/api/v1/orders/{Uri.EscapeDataString(source)}/{orderId}", cancellation);

    public Task<StockView?> FindStockAsync(string location, string sku, CancellationToken cancellation) =>
        GetAsync<StockView>(
            $"/api/v1/stock/{Uri.EscapeDataString(location)}/{Uri.EscapeDataString(sku)}", cancellation);

    /// <summary>Whether <c>/health/ready</c> answers 200 now; false when nothing answers.</summary>
    public async Task<bool> IsReadyAsync(CancellationToken cancellation)
    {
        try
        {
            using var response = await http.GetAsync(new Uri(product(), "/health/ready"), cancellation);
            return response.StatusCode is HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private async Task<T?> GetAsync<T>(string path, CancellationToken cancellation)
        where T : class
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(product(), path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await http.SendAsync(request, cancellation);
        if (response.StatusCode is HttpStatusCode.NotFound) return null;
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadFromJsonAsync<T>(JsonSerializerOptions.Web, cancellation);
    }
}
