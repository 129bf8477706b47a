using System.Text.Json.Nodes;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>Records to read, in the order of their numbers or of their last change.</summary>
/// <param name="Model">Such as <c>stock.shipment.out</c>.</param>
/// <param name="Domain">Which of them.</param>
/// <param name="Fields">What of them.</param>
/// <param name="Context">As whom, and of which locations.</param>
internal sealed record TrytonQuery(string Model, JsonArray Domain, string[] Fields, JsonObject Context)
{
    /// <summary>Those that were changed first come first.</summary>
    public bool ByChange { get; init; }

    public int Offset { get; init; }

    public int CountMax { get; init; } = 100;

    public JsonArray Arguments()
    {
        var order = new JsonArray(new JsonArray("id", "ASC"));
        if (ByChange)
            order.Insert(0, new JsonArray("write_date", "ASC"));
        return
        [
            Domain.DeepClone(), Offset, CountMax, order, new JsonArray([.. Fields.Select(f => (JsonNode)f)]),
            Context.DeepClone(),
        ];
    }
}
