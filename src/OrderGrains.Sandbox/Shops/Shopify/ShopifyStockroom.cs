using System.Diagnostics.CodeAnalysis;
using System.Text.RegularExpressions;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>Units of one item at one location. What is on hand is what is available and what orders have.</summary>
public sealed class ShopifyLevel
{
    public int Available { get; internal set; }

    public int Committed { get; internal set; }

    public int OnHand => Available + Committed;

    /// <summary>Rises with each change.</summary>
    public long Version { get; internal set; }
}

/// <summary>What is sold under a SKU; several may have the same.</summary>
public sealed class ShopifyItem(long id, string sku)
{
    public long Id => id;

    public string Sku => sku;

    public bool Tracked { get; set; } = true;

    /// <summary>A bundle: the shop works its quantities out of its parts.</summary>
    public bool IsBundle { get; set; }

    internal Dictionary<long, ShopifyLevel> Levels { get; } = [];
}

/// <summary>Items, locations and quantities. Whoever calls holds the shop's lock.</summary>
internal sealed partial class ShopifyStockroom
{
    private const int QuantityMax = 1_000_000_000;
    private const int QuantitiesMax = 250;

    private readonly SortedDictionary<long, ShopifyItem> _items = [];
    private readonly Dictionary<string, (string Input, Node? Answer)> _keys = new(StringComparer.Ordinal);
    private long _ids = 9000;
    private long _versions;

    public HashSet<long> Locations { get; } = [];

    /// <summary>Whether an error says which quantity it is of.</summary>
    public bool NamesQuantities { get; set; } = true;

    public ShopifyItem Add(string sku)
    {
        var item = new ShopifyItem(++_ids, sku);
        _items.Add(item.Id, item);
        return item;
    }

    public void Remove(ShopifyItem item) => _items.Remove(item.Id);

    public ShopifyItem? Find(string sku) => _items.Values.FirstOrDefault(item => item.Sku == sku);

    /// <summary>Changes what is available and what is committed.</summary>
    public void Change(ShopifyItem item, long location, int available, int committed)
    {
        if (!item.Levels.TryGetValue(location, out var level))
            item.Levels[location] = level = new ShopifyLevel();
        level.Available += available;
        level.Committed = Math.Max(0, level.Committed + committed);
        level.Version = ++_versions;
    }

    /// <summary>As the shop's search: without case, and a word of a SKU is enough.</summary>
    public List<ShopifyItem> Search(string query)
    {
        var wanted = new List<string>();
        for (var at = 0; at < query.Length;)
        {
            if (Term().Match(query, at) is not { Success: true } match)
                throw new ShopifyException($"the query is none of skus: {query}");
            wanted.Add(Escape().Replace(match.Groups["sku"].Value, "${letter}"));
            at += match.Length;
        }

        return [.. _items.Values.Where(item => wanted.Any(sku =>
            $" {item.Sku} ".Contains($" {sku} ", StringComparison.OrdinalIgnoreCase)))];
    }

    public Node ItemNode(ShopifyItem item)
    {
        var levels = item.Levels.ToDictionary(
            level => level.Key, level => (level.Value.Available, level.Value.Committed, level.Value.Version));
        return new Node
        {
            ["id"] = Gid.Of("InventoryItem", item.Id),
            ["sku"] = item.Sku,
            ["tracked"] = item.Tracked,
            ["duplicateSkuCount"] = _items.Values.Count(other => other.Sku == item.Sku) - 1,
            ["inventoryLevel"] = (Arguments arguments) =>
            {
                var location = Gid.Read("Location", arguments.Text("locationId"));
                return levels.TryGetValue(location, out var level) ? LevelNode(level) : null;
            },
        };
    }

    private static Node LevelNode((int Available, int Committed, long Version) level) => new()
    {
        ["quantities"] = (Arguments named) => named.Texts("names").Select(name => new Node
        {
            ["name"] = name,
            ["quantity"] = name switch
            {
                "available" => level.Available,
                "committed" => level.Committed,
                "on_hand" => level.Available + level.Committed,
                _ => throw new ShopifyException($"there are no quantities called {name}"),
            },
            ["updatedAt"] = DateTimeOffset.UnixEpoch.AddSeconds(level.Version).ToString("O"),
        }).ToList(),
    };

    /// <summary><c>inventoryActivate</c>; again does nothing.</summary>
    public Node Activate(string? key, Arguments arguments)
    {
        RequireKey(key);
        var location = Gid.Read("Location", arguments.Text("locationId"));
        if (!_items.TryGetValue(Gid.Read("InventoryItem", arguments.Text("inventoryItemId")), out var item)
            || !Locations.Contains(location))
        {
            return new Node
            {
                ["inventoryLevel"] = null,
                ["userErrors"] = new List<Node> { Error("not there", null) },
            };
        }

        Change(item, location, 0, 0);
        var level = item.Levels[location];
        return new Node
        {
            ["inventoryLevel"] = LevelNode((level.Available, level.Committed, level.Version)),
            ["userErrors"] = new List<Node>(),
        };
    }

    private static void RequireKey([NotNull] string? key)
    {
        if (string.IsNullOrWhiteSpace(key))
            throw new ShopifyException("The @idempotent directive is required for this mutation, with a key.");
    }

    /// <summary>The next request with this key hears that the attempt failed.</summary>
    public void FailKey(string key) => _keys.TryAdd(key, ("", null));

    /// <summary><c>inventorySetQuantities</c>.</summary>
    public Node Set(string? key, Arguments arguments)
    {
        RequireKey(key);
        var (input, text) = (arguments.Object("input"), arguments.Written("input"));
        if (_keys.TryGetValue(key, out var before))
        {
            return before.Answer is null ? Failed("IDEMPOTENCY_PREVIOUS_ATTEMPT_FAILED")
                : before.Input == text ? before.Answer : Failed("IDEMPOTENCY_KEY_PARAMETER_MISMATCH");
        }

        var answer = Write(input);
        _keys.Add(key, (text, answer));
        return answer;
    }

    private Node Write(Arguments input)
    {
        var (name, quantities) = (input.Text("name"), input.Objects("quantities"));
        if (name is not ("available" or "on_hand"))
            return Failed("INVALID_NAME");
        if (input.Text("reason").Length == 0)
            return Failed("INVALID_REASON");
        if (input.Find("referenceDocumentUri") is string uri && !Uri.TryCreate(uri, UriKind.Absolute, out _))
            return Failed("INVALID_REFERENCE_DOCUMENT");
        if (quantities.Count is 0 or > QuantitiesMax)
            throw new ShopifyException($"quantities must be 1 to {QuantitiesMax}");
        var errors = new List<Node>();
        var seen = new HashSet<(long, long)>();
        for (var at = 0; at < quantities.Count; at++)
        {
            if (Judge(quantities[at], name, seen) is { } code)
                errors.Add(Error(code, NamesQuantities ? ["input", "quantities", $"{at}"] : null));
        }

        if (errors.Count > 0)
            return new Node { ["inventoryAdjustmentGroup"] = null, ["userErrors"] = errors };
        foreach (var quantity in quantities)
        {
            var (item, level) = LevelOf(quantity);
            var delta = quantity.Number("quantity") - (name == "available" ? level!.Available : level!.OnHand);
            Change(item!, Gid.Read("Location", quantity.Text("locationId")), delta, 0);
        }

        return new Node
        {
            ["inventoryAdjustmentGroup"] = new Node { ["id"] = Gid.Of("InventoryAdjustmentGroup", ++_ids) },
            ["userErrors"] = new List<Node>(),
        };
    }

    private string? Judge(Arguments quantity, string name, HashSet<(long, long)> seen)
    {
        if (!quantity.Has("changeFromQuantity"))
            throw new ShopifyException("changeFromQuantity must be given in each quantity, be it null");
        var (item, level) = LevelOf(quantity);
        var location = Gid.Read("Location", quantity.Text("locationId"));
        var now = name == "available" ? level?.Available : level?.OnHand;
        return item is null ? "INVALID_INVENTORY_ITEM"
            : !Locations.Contains(location) ? "INVALID_LOCATION"
            : !seen.Add((item.Id, location)) ? "NO_DUPLICATE_INVENTORY_ITEM_ID_GROUP_ID_PAIR"
            : item.IsBundle ? "NON_MUTABLE_INVENTORY_ITEM"
            : level is null ? "ITEM_NOT_STOCKED_AT_LOCATION"
            : quantity.Number("quantity") < 0 ? "INVALID_QUANTITY_NEGATIVE"
            : quantity.Number("quantity") > QuantityMax ? "INVALID_QUANTITY_TOO_HIGH"
            : quantity.Find("changeFromQuantity") is int from && from != now ? "CHANGE_FROM_QUANTITY_STALE"
            : null;
    }

    private (ShopifyItem? Item, ShopifyLevel? Level) LevelOf(Arguments quantity)
    {
        var item = _items.GetValueOrDefault(Gid.Read("InventoryItem", quantity.Text("inventoryItemId")));
        return (item, item?.Levels.GetValueOrDefault(Gid.Read("Location", quantity.Text("locationId"))));
    }

    private static Node Failed(string code) => new()
    {
        ["inventoryAdjustmentGroup"] = null,
        ["userErrors"] = new List<Node> { Error(code, ["input"]) },
    };

    private static Node Error(string code, List<string>? field) => new()
    {
        ["code"] = code,
        ["field"] = field,
        ["message"] = code.ToLowerInvariant().Replace('_', ' '),
    };

    [GeneratedRegex(@"\Gsku:""(?<sku>(\\.|[^""\\])*)""( OR (?=.)|$)", RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000)]
    private static partial Regex Term();

    [GeneratedRegex(@"\\(?<letter>.)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Escape();
}
