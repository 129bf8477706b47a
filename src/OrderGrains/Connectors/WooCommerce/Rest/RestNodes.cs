using System.Globalization;
using System.Text.Json;

namespace OrderGrains.Connectors.WooCommerce.Rest;

// What the shop answers, field by field as its REST API names it. What has no default must be there;
// what is null in a list is passed over.

/// <summary>An error, as a whole answer or within one.</summary>
internal sealed record ErrorNode(JsonElement? Code = null, JsonElement? Message = null, JsonElement? Data = null);

internal sealed record DeletedNode(string? Message = null);

internal sealed record OrderNode(long Id, string Status, IReadOnlyList<OrderLineNode>? LineItems = null)
{
    public IReadOnlyList<OrderLineNode> LineItems { get; } = [.. (LineItems ?? []).OfType<OrderLineNode>()];
}

internal sealed record OrderLineNode(long Id, JsonElement Quantity);

internal sealed record NoteNode(long Id, string Note);

/// <summary>An entry of Shipment Tracking's list.</summary>
internal sealed record TrackingNode(string TrackingId, string? TrackingNumber = null);

internal sealed record FulfillmentNode(
    long Id, IReadOnlyList<MetaNode> MetaData, bool IsFulfilled = false, JsonElement? DateDeleted = null)
{
    public IReadOnlyList<MetaNode> MetaData { get; } = [.. MetaData.OfType<MetaNode>()];

    public JsonElement? Find(string key) => MetaData.FirstOrDefault(meta => meta.Key == key)?.Value;

    public string? Text(string key) => RestValue.Text(Find(key));
}

internal sealed record MetaNode(string Key, JsonElement? Value = null);

internal sealed record ProductNode(
    long Id,
    string? Sku = null,
    string? Type = null,
    long ParentId = 0,
    JsonElement? ManageStock = null,
    JsonElement? StockQuantity = null);

internal sealed record BatchNode(IReadOnlyList<BatchItemNode> Update)
{
    public IReadOnlyList<BatchItemNode> Update { get; } = [.. Update.OfType<BatchItemNode>()];
}

internal sealed record BatchItemNode(
    long Id, ErrorNode? Error = null, JsonElement? ManageStock = null, JsonElement? StockQuantity = null);

/// <summary>Values as WooCommerce and its plugins write them.</summary>
internal static class RestValue
{
    /// <summary>More is no number of units, nor of anything else here.</summary>
    private const decimal NumberMax = 1_000_000_000_000_000_000;

    /// <summary>Whole, with a point, or as a text; null when it is none.</summary>
    public static decimal? Number(JsonElement? value)
    {
        var number = value switch
        {
            { ValueKind: JsonValueKind.Number } element when element.TryGetDecimal(out var read) => read,
            { ValueKind: JsonValueKind.String } => decimal.TryParse(
                Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var read) ? read : (decimal?)null,
            _ => null,
        };
        return number is > -NumberMax and < NumberMax ? number : null;
    }

    /// <summary>Null when it is no text.</summary>
    public static string? Text(JsonElement? value)
    {
        try
        {
            return value is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair.
            return null;
        }
    }
}
