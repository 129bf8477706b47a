using System.Text;
using System.Text.Json;
using OrderGrains.Tests.Running;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Events of the warehouse "east-wms", as it writes them, and what became of them.</summary>
internal static class WarehouseEvents
{
    public static DateTimeOffset Now => TimeProvider.System.GetUtcNow();

    /// <summary>Posts an event; how its receipt ended, and why.</summary>
    public static async Task<(string? Outcome, string? Reason)> TellAsync(
        this RunningProduct product, string type, object data) => await product.TellAsync(
            JsonSerializer.Serialize(new { type, timestamp = Now, data }, JsonSerializerOptions.Web));

    public static async Task<(string? Outcome, string? Reason)> TellAsync(this RunningProduct product, string body) =>
        await product.EndAsync(await product.AcceptedAsync(product.ByWarehouse(Encoding.UTF8.GetBytes(body))));

    public static async Task<(string? Outcome, string? Reason)> EndAsync(this RunningProduct product, string receipt)
    {
        var row = await product.SettledAsync(receipt);
        return (row.GetProperty("outcome").GetString(),
            row.TryGetProperty("reason", out var reason) ? reason.GetString() : null);
    }

    /// <summary>Units on hand; null when the SKU was never counted.</summary>
    public static async Task<int?> OnHandAsync(this RunningProduct product, string sku) =>
        (await product.FindAsync(
            $"/api/v1/stock/east/{Uri.EscapeDataString(sku)}", TestContext.Current.CancellationToken))
            ?.GetProperty("onHand").GetInt32();
}
