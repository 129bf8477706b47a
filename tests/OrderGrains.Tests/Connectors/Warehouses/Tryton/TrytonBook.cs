using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses.Tryton;

/// <summary>A shipment as the people at the warehouse see it.</summary>
internal sealed record TrytonSheet(
    int Id, string? Reference, string State, string Stamp, IReadOnlyDictionary<string, int> Units, int Address);

/// <summary>What people do in Tryton, by JSON-RPC. Not by the product's own code.</summary>
internal sealed class TrytonBook : IDisposable
{
    private const string Shipment = "stock.shipment.out";

    private static readonly string[] Skus = ["MUG", "CAP"];

    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private readonly Uri _url;
    private int _company;
    private int _warehouse;
    private int _storage;
    private int _output;
    private JsonArray _products = [];

    private TrytonBook(Uri baseUrl) => _url = new Uri(baseUrl, $"/{TrytonServer.Database}/");

    private JsonObject Context => _company == 0 ? [] : new JsonObject { ["company"] = _company };

    public void Dispose() => _http.Dispose();

    /// <summary>It serves: whoever is not logged in is told so.</summary>
    public static async Task<bool> AnswersAsync(Uri baseUrl)
    {
        using var book = new TrytonBook(baseUrl);
        try
        {
            using var answer = await book._http.PostAsync(book._url, null);
            return true;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    /// <summary>A company, a country, two products.</summary>
    public static async Task<TrytonBook> MakeAsync(Uri baseUrl)
    {
        var book = new TrytonBook(baseUrl);
        await book.LogInAsync();
        var currency = await book.CreateAsync(
            "currency.currency", new JsonObject { ["name"] = "Dollar", ["code"] = "USD", ["symbol"] = "$" });
        var party = await book.CreateAsync("party.party", new JsonObject { ["name"] = "Ours" });
        book._company = await book.CreateAsync(
            "company.company", new JsonObject { ["party"] = party, ["currency"] = currency });
        await book.AskAsync(
            "res.user.write", new JsonArray(1),
            new JsonObject
            {
                ["companies"] = new JsonArray(new JsonArray("add", new JsonArray(book._company))),
                ["company"] = book._company,
            });
        await book.CreateAsync("country.country", new JsonObject { ["name"] = "United States", ["code"] = "US" });
        foreach (var sku in Skus)
            await book.MakeProductAsync(sku);
        var place = (await book.SearchAsync(
            "stock.location", [new JsonArray("code", "=", "WH")], "storage_location", "output_location"))[0]!;
        (book._warehouse, book._storage, book._output) =
            ((int)place["id"]!, (int)place["storage_location"]!, (int)place["output_location"]!);
        book._products = await book.SearchAsync(
            "product.product", [new JsonArray("code", "in", new JsonArray("MUG", "CAP"))], "code");
        return book;
    }

    public async Task MakeProductAsync(string sku)
    {
        var unit = (await SearchAsync("product.uom", [new JsonArray("symbol", "=", "u")]))[0]!["id"]!;
        await CreateAsync("product.template", new JsonObject
        {
            ["name"] = sku,
            ["type"] = "goods",
            ["default_uom"] = unit.DeepClone(),
            ["products"] = new JsonArray(
                new JsonArray("create", new JsonArray(new JsonObject { ["suffix_code"] = sku }))),
        });
    }

    /// <summary>No shipment has a reference any more, none is left to do, and there are 50 of each product.</summary>
    public async Task ClearAsync()
    {
        foreach (var sheet in await SheetsAsync())
        {
            if (sheet.State is not ("done" or "cancelled"))
                await DoAsync("cancel", sheet.Id);
            await AskAsync($"{Shipment}.write", new JsonArray(sheet.Id), new JsonObject { ["reference"] = null });
        }

        await CountAsync(_storage, 50);
        // What was picked and then cancelled lies there.
        await CountAsync(_output, 0);
    }

    /// <summary>The shipments that have a reference, or this one.</summary>
    public async Task<IReadOnlyList<TrytonSheet>> SheetsAsync(string? reference = null) =>
        [.. (await SearchAsync(
            Shipment, [new JsonArray("reference", reference is null ? "!=" : "=", reference)],
            "reference", "state", "_timestamp", "delivery_address", "outgoing_moves.quantity",
            "outgoing_moves.product.code")).Select(Read!)];

    public async Task<TrytonSheet> SheetAsync(string reference) => Assert.Single(await SheetsAsync(reference));

    public async Task<JsonNode> AddressAsync(int id) => (await SearchAsync(
        "party.address", [new JsonArray("id", "=", id)], "party_name", "street", "postal_code", "city", "country"))[0]!;

    /// <summary>Presses one of the buttons of a shipment.</summary>
    public Task DoAsync(string button, int id) => AskAsync($"{Shipment}.{button}", new JsonArray(id));

    /// <summary>Presses buttons of the only shipment of the reference.</summary>
    public async Task DoAsync(string reference, params string[] buttons)
    {
        var id = (await SheetAsync(reference)).Id;
        foreach (var button in buttons)
            await DoAsync(button, id);
    }

    /// <summary>Changes something, without consequence; its last change is a new one.</summary>
    public Task TouchAsync(TrytonSheet sheet) => AskAsync(
        $"{Shipment}.write", new JsonArray(sheet.Id), new JsonObject { ["reference"] = sheet.Reference });

    /// <summary>Makes a draft for the party that there is, as somebody by hand, with other units.</summary>
    public async Task<int> DraftAsync(string reference, string sku, int units)
    {
        var party = (await SearchAsync(
            "party.party", [new JsonArray("name", "=", "OrderGrains")], "customer_location"))[0]!;
        var address = await CreateAsync("party.address", new JsonObject { ["party"] = (int)party["id"]! });
        return await CreateAsync(Shipment, new JsonObject
        {
            ["company"] = _company,
            ["customer"] = (int)party["id"]!,
            ["delivery_address"] = address,
            ["warehouse"] = _warehouse,
            ["reference"] = reference,
            ["outgoing_moves"] = new JsonArray(new JsonArray("create", new JsonArray(new JsonObject
            {
                ["product"] = (int)_products.Single(product => (string?)product!["code"] == sku)!["id"]!,
                ["uom"] = 1,
                ["quantity"] = units,
                ["from_location"] = _output,
                ["to_location"] = (int)party["customer_location"]!,
                ["company"] = _company,
                ["unit_price"] = new JsonObject { ["__class__"] = "Decimal", ["decimal"] = "0" },
                ["currency"] = 1,
            }))),
        });
    }

    private static TrytonSheet Read(JsonNode row) => new(
        (int)row["id"]!, (string?)row["reference"], (string)row["state"]!, (string)row["_timestamp"]!,
        row["outgoing_moves."]!.AsArray().GroupBy(move => (string)move!["product."]!["code"]!, StringComparer.Ordinal)
            .ToDictionary(
                same => same.Key, same => (int)same.Sum(move => (double)move!["quantity"]!), StringComparer.Ordinal),
        (int)row["delivery_address"]!);

    private async Task CountAsync(int location, int units)
    {
        var inventory = await CreateAsync("stock.inventory", new JsonObject
        {
            ["location"] = location,
            ["company"] = _company,
            ["lines"] = new JsonArray(new JsonArray("create", new JsonArray([.. _products.Select(product =>
                new JsonObject { ["product"] = product!["id"]!.DeepClone(), ["quantity"] = units })]))),
        });
        await AskAsync("stock.inventory.confirm", new JsonArray(inventory));
    }

    private async Task LogInAsync()
    {
        var session = (await CallAsync(
            "common.db.login", [TrytonServer.User, new JsonObject { ["password"] = TrytonServer.Password }]))!;
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Session", Convert.ToBase64String(Encoding.UTF8.GetBytes(
                $"{TrytonServer.User}:{(int)session[0]!}:{(string?)session[1]}")));
    }

    private async Task<int> CreateAsync(string model, JsonObject record) =>
        (int)(await AskAsync($"{model}.create", new JsonArray(record)))![0]!;

    private async Task<JsonArray> SearchAsync(string model, JsonArray domain, params string[] fields) =>
        (await AskAsync(
            $"{model}.search_read", domain, 0, null, new JsonArray(new JsonArray("id", "ASC")),
            new JsonArray([.. fields.Select(field => (JsonNode)field)])))!.AsArray();

    private Task<JsonNode?> AskAsync(string method, params JsonNode?[] arguments) =>
        CallAsync($"model.{method}", [.. arguments, Context]);

    private async Task<JsonNode?> CallAsync(string method, JsonArray arguments)
    {
        using var content = new StringContent(
            new JsonObject { ["id"] = 1, ["method"] = method, ["params"] = arguments }.ToJsonString(), Encoding.UTF8,
            "application/json");
        using var answer = await _http.PostAsync(_url, content);
        var told = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        Assert.True(told["error"] is null, $"{method}: {told["error"]}");
        return told["result"]?.DeepClone();
    }
}
