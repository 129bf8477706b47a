using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>A customer shipment, <c>stock.shipment.out</c>.</summary>
/// <param name="Id">The record.</param>
/// <param name="Number">Tryton's own name for it.</param>
/// <param name="State">draft, waiting, assigned, picked, packed, done or cancelled.</param>
/// <param name="Stamp">Of its last change: a write that names an older one is refused.</param>
internal sealed record TrytonShipment(int Id, string Number, string State, string Stamp)
{
    public const string Model = "stock.shipment.out";

    public static readonly string[] Fields = ["number", "state", "_timestamp"];

    public bool IsCancelled => State == "cancelled";

    /// <summary>Nobody has the goods in hand. Tryton itself would let go of what is picked and packed, too.</summary>
    public bool CanBeStopped => State is "draft" or "waiting" or "assigned";

    public WarehouseAnswer Answer => IsCancelled
        ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.Taken(Number);

    public static TrytonShipment Read(JsonFields row) => new(
        TrytonDirectory.Id(row), row.Code("number", ConnectorLimits.TextCharsMax),
        row.Code("state", ConnectorLimits.TextCharsMax), row.Code("_timestamp", ConnectorLimits.TextCharsMax));

    /// <summary>The context of a write that fails when somebody else has written meanwhile.</summary>
    public JsonObject Unchanged(TrytonCompany company)
    {
        var context = company.Context();
        context["_timestamp"] = new JsonObject { [$"{Model},{Id}"] = Stamp };
        return context;
    }

    /// <summary>A draft of one move for each product, from the warehouse's output to the customer.</summary>
    /// <param name="request">Ours.</param>
    /// <param name="books">Where it is booked.</param>
    /// <param name="address">The recipient's.</param>
    /// <param name="products">By SKU; each of the request's is among them.</param>
    public static JsonObject Write(
        ReleaseRequest request, TrytonBooks books, int address, IReadOnlyDictionary<string, TrytonProduct> products) =>
        new()
        {
            ["company"] = books.Company.Id,
            ["customer"] = books.Party.Id,
            ["delivery_address"] = address,
            ["warehouse"] = books.Place.Id,
            ["reference"] = request.Reference,
            ["outgoing_moves"] = new JsonArray(new JsonArray("create", new JsonArray(
                [.. request.Lines.GroupBy(line => line.Sku, StringComparer.Ordinal)
                    .Select(same => Move(books, products[same.Key], same.Sum(line => line.Quantity)))]))),
        };

    private static JsonObject Move(TrytonBooks books, TrytonProduct product, int units) => new()
    {
        ["product"] = product.Id,
        ["uom"] = product.Unit,
        ["quantity"] = units,
        ["from_location"] = books.Place.Output,
        ["to_location"] = books.Party.Location,
        ["company"] = books.Company.Id,
        // What was paid is the shop's matter, but a move to a customer must have a price.
        ["unit_price"] = new JsonObject { ["__class__"] = "Decimal", ["decimal"] = "0" },
        ["currency"] = books.Company.Currency,
    };
}

/// <summary>A product of a SKU, and the unit that it is counted in.</summary>
internal sealed record TrytonProduct(int Id, string Sku, int Unit);

/// <summary>Where orders of one of our locations are booked.</summary>
internal sealed record TrytonBooks(TrytonCompany Company, TrytonPlace Place, TrytonParty Party);
