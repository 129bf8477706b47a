using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.Odoo;

/// <summary>One make-believe company: what people there do, and what its API is asked.</summary>
public sealed class OdooBook
{
    public const string WarehouseCode = "WH";

    private readonly Lock _lock = new();
    private readonly OdooTables _tables;
    private readonly Dictionary<int, Dictionary<int, int>> _asked = [];
    private readonly int _warehouse;
    private readonly int _stock;
    private readonly int _output;
    private readonly int _input;
    private readonly int _out;
    private readonly int _pick;
    private readonly int _carrier;

    public OdooBook(IReadOnlyDictionary<string, int> stock, TimeProvider time)
    {
        _tables = new OdooTables(time);
        (_stock, _output, _input) = (Named("stock.location", "Stock"), Named("stock.location", "Output"),
            Named("stock.location", "Input"));
        _carrier = Named("delivery.carrier", "Parcel Pigeon");
        _out = _tables.Add("stock.picking.type", new() { ["name"] = "Delivery Orders", ["code"] = "outgoing" });
        _pick = _tables.Add("stock.picking.type", new() { ["name"] = "Pick", ["code"] = "internal" });
        _warehouse = AddWarehouse(WarehouseCode);
        var country = _tables.Add("res.country", new() { ["code"] = "US", ["name"] = "United States" });
        _tables.Add("res.country.state", new() { ["country_id"] = country, ["code"] = "OR", ["name"] = "Oregon" });
        foreach (var (sku, onHand) in stock) AddProduct(sku, onHand);
    }

    /// <summary>Sees the number of each order that is made, in its transaction.</summary>
    public Action<int>? OnCreated { get; set; }

    /// <summary>False: the module <c>stock_delivery</c> is not installed.</summary>
    public bool HasCarriers { get; set; } = true;

    /// <summary>All that was ever made, live or not.</summary>
    public IReadOnlyList<OdooSale> Orders { get { lock (_lock) return [.. _tables.Ids("sale.order").Select(Sale)]; } }

    public int Partners { get { lock (_lock) return _tables.Ids("res.partner").Count(); } }

    public int AddWarehouse(string code)
    {
        lock (_lock)
            return _tables.Add("stock.warehouse", new()
            {
                ["name"] = code,
                ["code"] = code,
                ["lot_stock_id"] = _stock,
                ["wh_input_stock_loc_id"] = _input,
                ["wh_output_stock_loc_id"] = _output,
            });
    }

    public int AddProduct(string sku, int onHand, string type = "consu")
    {
        lock (_lock)
        {
            var product = _tables.Add("product.product", new()
            {
                ["name"] = sku,
                ["default_code"] = sku,
                ["type"] = type,
                ["is_storable"] = type == "consu",
            });
            Move(product, _stock, onHand);
            return product;
        }
    }

    /// <summary>Goods come in, which are not put away yet.</summary>
    public void Receive(string sku, int units)
    {
        lock (_lock) Move(Product(sku), _input, units);
    }

    /// <summary>A field of a record, as the API shows it.</summary>
    public JsonNode? Get(string model, int id, string name)
    {
        lock (_lock) return _tables.Get(model, id, name)?.DeepClone();
    }

    /// <summary>An order by somebody else, or as an answer that was lost has left it; its number.</summary>
    public int Quote(string reference, string sku, int units)
    {
        lock (_lock)
            return Create("sale.order", new()
            {
                ["client_order_ref"] = reference,
                ["warehouse_id"] = _warehouse,
                ["order_line"] = new JsonArray(new JsonArray(0, 0, new JsonObject
                {
                    ["product_id"] = Product(sku),
                    ["product_uom_qty"] = units,
                })),
            });
    }

    public void Confirm(int id)
    {
        lock (_lock)
        {
            if (State("sale.order", id) is not ("draft" or "sent"))
                throw OdooException.User("Some orders are not in a state requiring confirmation.");
            Set("sale.order", id, "state", "sale");
            AddDelivery(id, Lines(id));
        }
    }

    /// <summary>False: a person is asked first.</summary>
    public bool Cancel(int id, bool isCertain)
    {
        lock (_lock)
        {
            if (_tables.Get("sale.order", id, "locked") is { } locked && (bool)locked)
                throw OdooException.User("You cannot cancel a locked order. Please unlock it first.");
            if (!isCertain && State("sale.order", id) != "draft") return false;
            foreach (var picking in Pickings(id).Where(p => State("stock.picking", p) != "done"))
                Set("stock.picking", picking, "state", "cancel");
            Set("sale.order", id, "state", "cancel");
            return true;
        }
    }

    public void Lock(string reference)
    {
        lock (_lock) Set("sale.order", Only(reference), "locked", true);
    }

    /// <summary>The goods are brought to the output; they have not left.</summary>
    public void Pick(string reference)
    {
        lock (_lock)
        {
            var id = Only(reference);
            AddPicking(id, _pick, "done");
            foreach (var (product, units) in Lines(id))
            {
                Move(product, _stock, -units);
                Move(product, _output, units);
            }
        }
    }

    /// <summary>The next delivery that is open leaves; its number.</summary>
    /// <param name="reference">Of the order.</param>
    /// <param name="units">By SKU; null: all. What is missing becomes a delivery of its own.</param>
    /// <param name="tracking">Its number, if it has one already.</param>
    public int Ship(string reference, IReadOnlyDictionary<string, int>? units = null, string? tracking = null)
    {
        lock (_lock)
        {
            var id = Only(reference);
            var picking = Open(id);
            var rest = _asked[picking];
            var sent = units?.ToDictionary(u => Product(u.Key), u => u.Value) ?? new(rest);
            foreach (var (product, count) in sent)
            {
                _tables.Add("stock.move.line", new()
                {
                    ["picking_id"] = picking,
                    ["product_id"] = product,
                    ["quantity_product_uom"] = (double)count,
                });
                Move(product, _stock, -count);
                if ((rest[product] -= count) == 0) rest.Remove(product);
            }
            _tables.Write("stock.picking", picking, new() { ["state"] = "done", ["date_done"] = _tables.Now });
            if (tracking is not null) Track(picking, tracking);
            if (rest.Count > 0) AddDelivery(id, rest);
            return picking;
        }
    }

    public void Track(int picking, string number)
    {
        lock (_lock)
            _tables.Write(
                "stock.picking", picking, new() { ["carrier_id"] = _carrier, ["carrier_tracking_ref"] = number });
    }

    /// <summary>The next delivery that is open is cancelled, and the order is not.</summary>
    public void CancelDelivery(string reference)
    {
        lock (_lock) Set("stock.picking", Open(Only(reference)), "state", "cancel");
    }

    /// <summary>Splits the open delivery: so many units of a SKU go apart.</summary>
    public void Split(string reference, string sku, int units)
    {
        lock (_lock)
        {
            var id = Only(reference);
            _asked[Open(id)][Product(sku)] -= units;
            AddDelivery(id, new() { [Product(sku)] = units });
        }
    }

    internal int Create(string model, JsonObject values)
    {
        lock (_lock)
        {
            // Before anything is made: what fails leaves nothing.
            OdooTables.Check(model, values);
            if (model == "sale.order")
                values["state"] ??= "draft";
            var id = _tables.Add(model, values);
            if (model == "sale.order")
            {
                Set(model, id, "name", $"S{id:00000}");
                OnCreated?.Invoke(id);
            }
            return id;
        }
    }

    internal void Write(string model, int id, JsonObject values)
    {
        lock (_lock) _tables.Write(model, id, values);
    }

    internal JsonObject Search(
        string model, JsonArray domain, JsonObject specification, string? order, int offset, int limit,
        JsonObject context)
    {
        lock (_lock)
        {
            foreach (var name in specification.Select(f => f.Key))
            {
                OdooTables.FieldOf(model, name);
                if (!HasCarriers && name.StartsWith("carrier_", StringComparison.Ordinal))
                    throw OdooException.NoField(name, model);
            }
            IEnumerable<int> found = [.. _tables.Search(model, domain)];
            if (order == "write_date, id")
                found = found.OrderBy(id => (string)_tables.Get(model, id, "write_date")!, StringComparer.Ordinal);
            var page = found.Skip(offset).Take(limit)
                .Select(id => (JsonNode)_tables.Read(model, id, specification, context));
            return new() { ["length"] = found.Count(), ["records"] = new JsonArray([.. page]) };
        }
    }

    private OdooSale Sale(int id) => new(
        id, (string)_tables.Get("sale.order", id, "name")!, (string?)_tables.Get("sale.order", id, "client_order_ref"),
        State("sale.order", id),
        Lines(id).ToDictionary(
            line => (string)_tables.Get("product.product", line.Key, "default_code")!, line => line.Value,
            StringComparer.Ordinal),
        _tables.Get("sale.order", id, "partner_shipping_id") is { } partner ? (int)partner : 0);

    private Dictionary<int, int> Lines(int id) => _tables.Get("sale.order", id, "order_line")!.AsArray()
        .Select(line => (int)line!).ToDictionary(
            line => (int)_tables.Get("sale.order.line", line, "product_id")!,
            line => (int)_tables.Get("sale.order.line", line, "product_uom_qty")!);

    private IEnumerable<int> Pickings(int id) =>
        _tables.Get("sale.order", id, "picking_ids")!.AsArray().Select(picking => (int)picking!);

    private int Open(int id) => Pickings(id).First(p => State("stock.picking", p) == "assigned");

    private int Only(string reference) => Orders.Single(o => o.Reference == reference && o.State == "sale").Id;

    private void AddDelivery(int id, Dictionary<int, int> units) =>
        _asked[AddPicking(id, _out, "assigned")] = new(units);

    private int AddPicking(int id, int type, string state)
    {
        var picking = _tables.Add(
            "stock.picking", new() { ["sale_id"] = id, ["picking_type_id"] = type, ["state"] = state });
        Set("stock.picking", picking, "name", $"WH/{(type == _out ? "OUT" : "PICK")}/{picking:00000}");
        return picking;
    }

    private string State(string model, int id) => (string)_tables.Get(model, id, "state")!;

    private void Set(string model, int id, string name, JsonNode value) =>
        _tables.Write(model, id, new() { [name] = value });

    private int Named(string model, string name) => _tables.Add(model, new() { ["name"] = name });

    private int Product(string sku) => _tables.Ids("product.product")
        .First(id => (string?)_tables.Get("product.product", id, "default_code") == sku);

    private void Move(int product, int location, int units)
    {
        if (units != 0)
            _tables.Add("stock.quant", new()
            {
                ["product_id"] = product,
                ["location_id"] = location,
                ["quantity"] = (double)units,
            });
    }
}
