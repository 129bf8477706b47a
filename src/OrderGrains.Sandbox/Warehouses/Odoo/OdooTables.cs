using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>Records by model and number, searched and read as Odoo does. Its caller holds the lock.</summary>
/// <param name="time">The clock of <c>write_date</c>.</param>
internal sealed class OdooTables(TimeProvider time)
{
    private readonly Dictionary<string, SortedDictionary<int, Dictionary<string, JsonNode?>>> _models =
        OdooSchema.Models.Keys.ToDictionary(
            name => name, _ => new SortedDictionary<int, Dictionary<string, JsonNode?>>(), StringComparer.Ordinal);

    private int _ids;

    public string Now => time.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    public IEnumerable<int> Ids(string model) => _models[model].Keys;

    public int Add(string model, JsonObject values)
    {
        var id = ++_ids;
        _models[model][id] = new(StringComparer.Ordinal) { ["id"] = id };
        Write(model, id, values);
        return id;
    }

    public void Write(string model, int id, JsonObject values)
    {
        var row = _models[model].GetValueOrDefault(id)
            ?? throw new OdooException(404, "odoo.exceptions.MissingError", "Record does not exist");
        foreach (var (name, value) in values)
        {
            var field = FieldOf(model, name);
            if (field.Type != "one2many")
                row[name] = IsNothing(value) ? null : value!.DeepClone();
            else
                foreach (var command in value!.AsArray()) AddLine(field, id, command!.AsArray());
        }
        row["write_date"] = Now;
    }

    public JsonNode? Get(string model, int id, string name) => FieldOf(model, name).Type switch
    {
        "one2many" => new JsonArray([.. Others(FieldOf(model, name), id).Select(other => (JsonNode)other)]),
        _ when name == "display_name" => Get(model, id, "name"),
        _ when name == "picking_type_code" && Get(model, id, "picking_type_id") is { } type =>
            Get("stock.picking.type", (int)type, "code"),
        _ => _models[model][id].GetValueOrDefault(name),
    };

    public IEnumerable<int> Search(string model, JsonArray domain)
    {
        foreach (var id in Ids(model))
        {
            var (at, all) = (0, true);
            while (at < domain.Count) all &= Holds(model, id, domain, ref at);
            if (all) yield return id;
        }
    }

    /// <summary>As <c>web_read</c>: relations as numbers, or as records where fields of them are asked for.</summary>
    public JsonObject Read(string model, int id, JsonObject specification, JsonObject context)
    {
        var read = new JsonObject { ["id"] = id };
        foreach (var (name, asked) in specification.Where(f => f.Key != "id"))
        {
            var field = FieldOf(model, name);
            var inner = asked!["fields"]?.AsObject();
            var value = name == "qty_available" ? OnHand(id, context["location"]?.AsArray()) : Get(model, id, name);
            read[name] = (field.Type, inner, value) switch
            {
                (_, _, null) => false,
                ("many2one", { } fields, _) => Read(field.Model!, (int)value, fields, context),
                ("one2many", { } fields, _) => new JsonArray(
                    [.. value.AsArray().Select(other => Read(field.Model!, (int)other!, fields, context))]),
                _ => value.DeepClone(),
            };
        }
        return read;
    }

    public static OdooField FieldOf(string model, string name) =>
        OdooSchema.Models[model].GetValueOrDefault(name) ?? throw OdooException.NoField(name, model);

    /// <summary>All fields of a record and its lines are the model's.</summary>
    public static void Check(string model, JsonObject values)
    {
        foreach (var (name, value) in values)
        {
            var field = FieldOf(model, name);
            foreach (var line in field.Type == "one2many" ? value!.AsArray() : [])
                Check(field.Model!, line![2]!.AsObject());
        }
    }

    private JsonNode OnHand(int product, JsonArray? locations) => Ids("stock.quant")
        .Where(id => (int)Get("stock.quant", id, "product_id")! == product && (locations is null
            || locations.Any(one => (int)one! == (int)Get("stock.quant", id, "location_id")!)))
        .Sum(id => (double)Get("stock.quant", id, "quantity")!);

    private IEnumerable<int> Others(OdooField field, int id) => Ids(field.Model!).Where(other =>
        Get(field.Model!, other, field.Inverse!) is { } back && (int)back == id);

    /// <summary><c>[0, 0, values]</c> makes a line.</summary>
    private void AddLine(OdooField field, int id, JsonArray command)
    {
        if (command is not [{ } act, _, JsonObject line] || (int)act != 0)
            throw OdooException.User("This command is not one that the make-believe Odoo knows");
        var values = line.DeepClone().AsObject();
        values[field.Inverse!] = id;
        Add(field.Model!, values);
    }

    private bool Holds(string model, int id, JsonArray domain, ref int at)
    {
        var term = domain[at++]!;
        if (term is JsonArray condition)
            return Holds(model, id, (string)condition[0]!, (string)condition[1]!, condition[2]);
        var mark = (string)term!;
        var left = Holds(model, id, domain, ref at);
        if (mark == "!") return !left;
        var right = Holds(model, id, domain, ref at);
        return mark == "|" ? left || right : left && right;
    }

    private bool Holds(string model, int id, string path, string sign, JsonNode? wanted)
    {
        var names = path.Split('.');
        JsonNode? value = id;
        for (var at = 0; at < names.Length; at++)
        {
            var field = FieldOf(model, names[at]);
            value = value is null ? null : Get(model, (int)value, names[at]);
            model = field.Model ?? model;
        }
        return sign switch
        {
            "=" => IsSame(value, wanted),
            "!=" => !IsSame(value, wanted),
            "in" => wanted!.AsArray().Any(one => IsSame(value, one)),
            ">=" => value is not null && string.CompareOrdinal((string)value!, (string)wanted!) >= 0,
            "=ilike" => value is not null && IsLike((string)value!, (string)wanted!),
            _ => throw new OdooException(500, "builtins.ValueError", $"Invalid operator {sign}"),
        };
    }

    private static bool IsLike(string text, string pattern) => Regex.IsMatch(
        text, $@"\A{Regex.Escape(pattern).Replace("%", ".*", StringComparison.Ordinal).Replace('_', '.')}\z",
        RegexOptions.IgnoreCase | RegexOptions.Singleline, TimeSpan.FromSeconds(1));

    private static bool IsSame(JsonNode? one, JsonNode? other) =>
        IsNothing(one) || IsNothing(other) ? IsNothing(one) && IsNothing(other) : JsonNode.DeepEquals(one, other);

    private static bool IsNothing(JsonNode? value) =>
        value is null || (value.GetValueKind() == System.Text.Json.JsonValueKind.False);
}
