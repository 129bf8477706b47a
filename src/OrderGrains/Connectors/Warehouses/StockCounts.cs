using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>The stock of some locations as counts of our own form.</summary>
/// <param name="asOf">Before anything was asked: what left since is taken off it.</param>
internal sealed class StockCounts(DateTimeOffset asOf)
{
    /// <summary>SKUs that several products have: a field of a count.</summary>
    public const string SharedField = "sharedSkus";

    private readonly List<(string Location, JsonArray Items, JsonArray Shared)> _counts = [];

    /// <summary>Another as soon as a number is, and each day.</summary>
    public string Digest => EventKey.Digest(JsonSerializer.SerializeToUtf8Bytes(new JsonArray([
        $"{asOf.UtcDateTime:yyyy-MM-dd}",
        .. _counts.Select(c => (JsonNode)new JsonArray(c.Location, c.Items.DeepClone(), c.Shared.DeepClone()))])));

    /// <param name="location">Ours.</param>
    /// <param name="rows">
    /// Units by SKU. More than is there may have been promised; less than nothing is on no shelf.
    /// </param>
    /// <param name="shared">SKUs that are not counted, since several products have them.</param>
    public void Add(string location, IEnumerable<(string Sku, long Units)> rows, IEnumerable<string>? shared = null) =>
        _counts.Add((
            location,
            new([.. rows.Select(row => new JsonObject { ["sku"] = row.Sku, ["onHand"] = Math.Max(0, row.Units) })]),
            new([.. (shared ?? []).Select(sku => (JsonNode)sku)])));

    public IReadOnlyList<PulledItem> Items() =>
        [.. _counts.Where(c => c.Items.Count + c.Shared.Count > 0).Select(c => new PulledItem(Body(c)))];

    private byte[] Body((string Location, JsonArray Items, JsonArray Shared) count)
    {
        var body = new JsonObject
        {
            ["location"] = count.Location,
            ["asOf"] = asOf.UtcDateTime,
            ["items"] = count.Items.DeepClone(),
        };
        if (count.Shared.Count > 0)
            body[SharedField] = count.Shared.DeepClone();
        return JsonSerializer.SerializeToUtf8Bytes(body);
    }
}
