using System.Globalization;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>
/// What a make-believe shop has: products, orders, and how it tracks parcels. One lock is around all of it.
/// </summary>
public sealed class WooShopState
{
    private readonly Lock _lock = new();
    private readonly WooShelf _shelf = new();
    private readonly WooOrderDesk _desk;

    internal WooShopState(TimeProvider time) => _desk = new WooOrderDesk(time);

    /// <summary>The feature <c>fulfillments</c> is switched on.</summary>
    public bool HasFulfillments
    {
        set => Do(() => _desk.HasFulfillments = value);
    }

    /// <summary>The plugin Shipment Tracking is there.</summary>
    public bool HasShipmentTracking
    {
        set => Do(() => _desk.HasShipmentTracking = value);
    }

    /// <summary>Statuses that plugins have added.</summary>
    public ISet<string> OwnStatuses => _desk.OwnStatuses;

    /// <summary>The option <c>woocommerce_manage_stock</c>: without it, numbers are ignored in silence.</summary>
    public bool ManagesStock
    {
        set => Do(() => _shelf.ManagesStock = value);
    }

    /// <summary>What the shop has against a product when it is written; null: nothing.</summary>
    public Func<WooProduct, string?> Refuses
    {
        set => Do(() => _shelf.Refuses = value);
    }

    /// <summary>A product; or, of a parent, one of its variations.</summary>
    public WooProduct AddProduct(string sku, int quantity, WooProduct? parent = null) =>
        Locked(() => _shelf.Add(sku, quantity, parent?.Id ?? 0));

    public void RemoveProduct(WooProduct product) => Do(() =>
    {
        _shelf.Remove(product);
    });

    /// <summary>Somebody buys: the number falls at the checkout.</summary>
    public void Sell(WooProduct product, int units) => Do(() =>
    {
        product.Quantity -= units;
    });

    public int QuantityOf(WooProduct product) => Locked(() => product.Quantity);

    /// <summary>An order that is paid.</summary>
    public WooOrder MakeOrder(params (string Sku, int Units)[] lines) => Locked(() => _desk.Make(lines));

    /// <summary>Somebody sets it by hand.</summary>
    public void SetStatus(WooOrder order, string status) => Do(() =>
    {
        _desk.SetStatus(order, status);
    });

    /// <summary>Somebody writes a note by hand.</summary>
    public void AddNote(WooOrder order, string text) => Do(() =>
    {
        _desk.AddNote(order, text, toBuyer: false);
    });

    /// <summary>Somebody records a parcel by hand.</summary>
    public void FulfilByHand(WooOrder order, WooLine line, int units, string? number = null) => Do(() =>
    {
        _desk.FulfilByHand(order, line, units, number);
    });

    /// <summary>Somebody takes a parcel back by hand: its units can be fulfilled again.</summary>
    public void TakeBack(WooOrder order, WooFulfillment fulfillment) => Do(() =>
    {
        fulfillment.IsDeleted = true;
        _desk.SetStatus(order, order.Status);
    });

    public IReadOnlyList<WooNote> Notes(WooOrder order) => Locked(() => order.Notes.ToArray());

    public IReadOnlyList<WooTracking> Trackings(WooOrder order) => Locked(() => order.Trackings.ToArray());

    public IReadOnlyList<WooFulfillment> Fulfillments(WooOrder order) =>
        Locked(() => order.Fulfillments.Where(one => !one.IsDeleted).ToArray());

    /// <summary>The body of <c>order.updated</c>, as the shop would send it now.</summary>
    public string WebhookOf(WooOrder order) => Locked(() => WooOrderDesk.NodeOf(order).ToJsonString());

    internal WooAnswer Answer(WooRequest request) => request.Path switch
    {
        ["wc", "v3", "products", .. var rest] => _shelf.Answer(request, rest),
        ["wc", "v3", "orders", var id, .. var rest] => _desk.Answer(request, id, rest),
        ["wc-shipment-tracking", "v3", "orders", var id, "shipment-trackings", .. var rest] =>
            _desk.AnswerTracking(request, id, rest),
        _ => WooAnswer.NoRoute(),
    };

    internal void Do(Action act)
    {
        lock (_lock)
        {
            act();
        }
    }

    internal T Locked<T>(Func<T> act)
    {
        lock (_lock)
        {
            return act();
        }
    }

    /// <summary>Times as the shop writes them: whole seconds, without a zone.</summary>
    internal static string TimeOf(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Keeps the fields that were asked for.</summary>
    internal static JsonNode Fields(WooRequest request, JsonObject of)
    {
        if (request.Query["_fields"].ToString() is not { Length: > 0 } fields)
            return of;
        foreach (var name in of.Select(field => field.Key).Except(fields.Split(','), StringComparer.Ordinal).ToArray())
            of.Remove(name);
        return of;
    }
}
