using System.Text.Json;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>
/// Reads the body of <c>PUT /orders/{reference}</c>, as strict as a warehouse that has been bitten before.
/// </summary>
internal static class TakeReader
{
    private static readonly string[] ShipToNames = ["name", "address1", "city", "postalCode", "countryCode"];

    /// <summary>Null and the reason when a member is missing or of the wrong kind.</summary>
    public static WarehouseTake? TryRead(ReadOnlyMemory<byte> body, out string? fault)
    {
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            var shipTo = root.GetProperty("shipTo");
            var missing = ShipToNames.FirstOrDefault(name => string.IsNullOrEmpty(Text(shipTo.GetProperty(name))));
            _ = root.GetProperty("placedAt").GetDateTimeOffset();
            var lines = root.GetProperty("lines").EnumerateArray().Select(ReadLine).ToList();
            fault = missing is not null ? $"shipTo.{missing} is empty"
                : lines.Count == 0 ? "An order without lines"
                : lines.Any(line => line.Quantity <= 0) ? "A line of no units"
                : lines.DistinctBy(line => line.LineId, StringComparer.Ordinal).Count() < lines.Count ? "A line twice"
                : null;
            return new WarehouseTake(Text(root.GetProperty("reference")), Text(root.GetProperty("source")),
                Text(root.GetProperty("orderId")), Text(root.GetProperty("orderNumber")),
                Text(root.GetProperty("location")), lines, shipTo.GetRawText(),
                root.TryGetProperty("revision", out var revision) ? revision.GetInt64() : 0);
        }
        catch (Exception wrong) when (wrong is JsonException or KeyNotFoundException or InvalidOperationException
            or FormatException)
        {
            fault = $"The body cannot be understood: {wrong.Message}";
            return null;
        }
    }

    private static WarehouseLine ReadLine(JsonElement line) => new(
        Text(line.GetProperty("lineId")), Text(line.GetProperty("sku")), line.GetProperty("quantity").GetInt32());

    // Ids come as text or as digits; digits are kept as they stand, never as a double.
    private static string Text(JsonElement value) =>
        value.ValueKind is JsonValueKind.Number ? value.GetRawText() : value.GetString() ?? "";
}
