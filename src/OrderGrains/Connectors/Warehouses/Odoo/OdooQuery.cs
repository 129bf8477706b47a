using System.Text.Json.Nodes;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// Records to read, by <c>web_search_read</c> (<c>addons/web/models/models.py</c>): other than <c>search_read</c> it
/// reads through relations, so that an order and its deliveries are of one moment.
/// </summary>
/// <param name="Model">Such as <c>sale.order</c>.</param>
/// <param name="Domain">Which of them.</param>
/// <param name="Fields">What of them, as <see cref="Of"/> makes it.</param>
internal sealed record OdooQuery(string Model, JsonArray Domain, JsonObject Fields)
{
    public string Order { get; init; } = "id";

    public int Offset { get; init; }

    public int CountMax { get; init; } = 100;

    public JsonObject Context { get; init; } = [];

    /// <summary>Fields that are no relations.</summary>
    public static JsonObject Of(params IEnumerable<string> names) =>
        new(names.Select(name => KeyValuePair.Create(name, (JsonNode?)new JsonObject())));

    /// <summary>With a relation, and fields of what it leads to.</summary>
    public static JsonObject With(JsonObject fields, string relation, JsonObject inner)
    {
        fields[relation] = new JsonObject { ["fields"] = inner };
        return fields;
    }

    public JsonObject Arguments() => new()
    {
        ["domain"] = Domain.DeepClone(),
        ["specification"] = Fields.DeepClone(),
        ["order"] = Order,
        ["offset"] = Offset,
        ["limit"] = CountMax,
        // Nobody asks how many there are in all; without this Odoo would count them.
        ["count_limit"] = 1,
        ["context"] = Context.DeepClone(),
    };
}
