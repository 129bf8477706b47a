using System.Globalization;
using System.Text.Json;

namespace OrderGrains.Chaos.Judging;

/// <summary>Reads of a body what explains its outcome, in the shop's words and the warehouses'. Pure.</summary>
internal static class ReceiptBody
{
    public static ReceiptSaid Read(byte[]? body)
    {
        if (body is null) return ReceiptSaid.Nothing;
        try
        {
            using var json = JsonDocument.Parse(body);
            var root = json.RootElement;
            if (root.ValueKind is not JsonValueKind.Object) return ReceiptSaid.Nothing;
            if (Find(root, "type") is { ValueKind: JsonValueKind.String } type
                && Find(root, "data") is { ValueKind: JsonValueKind.Object } data)
                return OfWarehouse(type.GetString()!, data);
            if (Find(root, "order_edit") is { ValueKind: JsonValueKind.Object } edit)
                return new ReceiptSaid(At: Time(edit, "committed_at") ?? Time(edit, "created_at"));
            return new ReceiptSaid(At: Time(root, "updated_at") ?? Time(root, "created_at"));
        }
        catch (JsonException)
        {
            return ReceiptSaid.Nothing;
        }
    }

    private static ReceiptSaid OfWarehouse(string type, JsonElement data) => new(
        type, Text(data, "reference"), Time(data, "asOf") ?? Time(data, "at") ?? Time(data, "shippedAt"),
        Text(data, "location"),
        Find(data, "items") is { ValueKind: JsonValueKind.Array } items
            ? [.. items.EnumerateArray().Select(item => Text(item, "sku")).OfType<string>()] : null);

    private static JsonElement? Find(JsonElement of, string name) =>
        of.ValueKind is JsonValueKind.Object && of.TryGetProperty(name, out var found) ? found : null;

    private static string? Text(JsonElement of, string name) =>
        Find(of, name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    private static DateTimeOffset? Time(JsonElement of, string name) => DateTimeOffset.TryParse(
        Text(of, name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
}
