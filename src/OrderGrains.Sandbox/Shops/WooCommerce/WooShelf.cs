using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>Products and their numbers, by <c>products</c> and its batches.</summary>
internal sealed class WooShelf
{
    private const int BatchMax = 100;
    private const int PageMax = 100;

    private readonly List<WooProduct> _products = [];

    private long _ids = 100;

    public bool ManagesStock { get; set; } = true;

    public Func<WooProduct, string?> Refuses { get; set; } = static _ => null;

    public WooProduct Add(string sku, int quantity, long parent)
    {
        var product = new WooProduct(++_ids, sku, parent) { Quantity = quantity };
        _products.Add(product);
        return product;
    }

    public void Remove(WooProduct product) => _products.Remove(product);

    public WooAnswer Answer(WooRequest request, string[] path) => (request.Method, path) switch
    {
        ("GET", []) => Search(request),
        ("POST", ["batch"]) => Batch(request, 0),
        ("POST", [var parent, "variations", "batch"]) => Batch(request, long.Parse(parent)),
        _ => WooAnswer.NoRoute(),
    };

    private WooAnswer Search(WooRequest request)
    {
        var text = request.Query["sku"].ToString();
        var perPage = int.Parse(request.Query["per_page"].ToString() is { Length: > 0 } size ? size : "10");
        if (perPage > PageMax)
            return WooAnswer.Error(400, "rest_invalid_param", "Invalid parameter(s): per_page");
        if (text.Length == 0 || text == "0")
            request.Complain($"{request.Name}: asks for all products");
        var page = int.Parse(request.Query["page"].ToString() is { Length: > 0 } number ? number : "1");
        // The whole text counts as a SKU too, and the database knows no case.
        var skus = text.Split(',').Append(text).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var found = _products.Where(product => text.Length == 0 || skus.Contains(product.Sku))
            .Skip((page - 1) * perPage).Take(perPage);
        return new WooAnswer(200, new JsonArray(
            [.. found.Select(product => WooShopState.Fields(request, NodeOf(product)))]));
    }

    private WooAnswer Batch(WooRequest request, long parent)
    {
        request.Only(request.Body, "update");
        var update = request.Body?["update"] as JsonArray ?? [];
        if (update.Count > BatchMax)
        {
            request.Complain($"{request.Name}: has more than {BatchMax} items");
            return WooAnswer.Error(
                413, "woocommerce_rest_request_entity_too_large",
                "Unable to accept more than 100 items for this request.");
        }

        return new WooAnswer(200, new JsonObject
        {
            ["update"] = new JsonArray([.. update.Select(item => Update(request, (JsonObject)item!, parent))]),
        });
    }

    /// <summary>What is wrong with one item is said within a 200.</summary>
    private JsonObject Update(WooRequest request, JsonObject item, long parent)
    {
        request.Only(item, "id", "stock_quantity");
        var id = (long)item["id"]!;
        var product = _products.Find(one => one.Id == id && (parent == 0 || one.Parent == parent));
        if (product is null)
        {
            return ErrorOf(
                id, 400, $"woocommerce_rest_product{(parent == 0 ? "" : "_variation")}_invalid_id", "Invalid ID.");
        }

        if (parent == 0 && product.Parent != 0)
        {
            request.Complain($"{request.Name}: writes a variation as a product");
            return ErrorOf(
                id, 404, "woocommerce_rest_invalid_product_id",
                "To manipulate product variations you should use the /products/<product_id>/variations/<id> endpoint.");
        }

        if (Refuses(product) is { } why)
            return ErrorOf(id, 400, "product_invalid_stock", why);
        var quantity = (int)item["stock_quantity"]!;
        if (quantity < 0)
            request.Complain($"{request.Name}: writes {quantity}");
        if (quantity == product.Quantity)
            request.Complain($"{request.Name}: writes {quantity} of {product.Sku}, which it has already");
        if (ManagesStock && product.ManageStock == "true")
            product.Quantity = quantity;
        return NodeOf(product);
    }

    private static JsonObject ErrorOf(long id, int status, string code, string message) => new()
    {
        ["id"] = id,
        ["error"] = WooAnswer.ErrorNode(status, code, message),
    };

    private static JsonObject NodeOf(WooProduct product) => new()
    {
        ["id"] = product.Id,
        ["name"] = $"A thing called {product.Sku}",
        ["type"] = product.Parent == 0 ? "simple" : "variation",
        ["status"] = "publish",
        ["description"] = "<p>It is \"good\".</p>",
        ["sku"] = product.Sku,
        ["price"] = "199.00",
        ["manage_stock"] = product.ManageStock == "parent" ? "parent" : product.ManageStock == "true",
        ["stock_quantity"] = product.ManageStock == "true" ? product.Quantity : null,
        ["stock_status"] = product.Quantity > 0 ? "instock" : "outofstock",
        ["parent_id"] = product.Parent,
    };
}
