using System.Collections.Concurrent;
using System.Text.Json;

namespace OrderGrains.Sandbox.Shops;

/// <summary>
/// A make-believe Shopify shop. It keeps its own truth of each order; each business act changes that truth and returns
/// the webhook that Shopify would send for it. Sending is a separate act (<see cref="SendAsync"/>), so that a story can
/// send twice, late, out of order, or never. The same seed and the same acts make the same orders, byte for byte but
/// for the times.
/// </summary>
public sealed class Shop
{
    /// <summary>
    /// Above 2^53, as real ids can be: whoever reads them as doubles mixes two orders up. Shopify's own example id.
    /// </summary>
    public const long FirstOrderId = 820982911946154508;

    private static readonly TimeSpan ZoneOffset = TimeSpan.FromHours(-5);

    private readonly Lock _lock = new();
    private readonly ConcurrentDictionary<long, ShopOrder> _orders = new();
    private readonly ShopPost _post;
    private readonly TimeProvider _time;
    private readonly int _seed;
    private long _placed;

    /// <param name="source">The product's name for this shop; part of the URL.</param>
    /// <param name="secret">The app's client secret that signs each body.</param>
    /// <param name="product">The product's base address now; asked at each attempt, as a restart moves it.</param>
    /// <param name="time">Dates the orders and times the retries.</param>
    /// <param name="seed">Draws buyers, lines and ids.</param>
    /// <param name="http">Left to the caller to dispose.</param>
    public Shop(string source, string secret, Func<Uri> product, TimeProvider time, int seed, HttpClient http)
    {
        Source = source;
        Domain = $"{source}.myshopify.com";
        _time = time;
        _seed = seed;
        _post = new ShopPost(source, secret, Domain, product, time, http);
    }

    public string Source { get; }

    public string Domain { get; }

    /// <summary>
    /// Orders that an earlier run placed: ids and numbers start after them. 0 for a fresh data folder.
    /// </summary>
    public long OrdersBefore { get; init; }

    /// <summary>How many orders in a thousand hold the scarce thing. Default 0.</summary>
    public int ScarcePerMille { get; init; }

    /// <summary>Waits between attempts; the last repeats. Shopify's own are minutes: 8 in 4 hours.</summary>
    public IReadOnlyList<TimeSpan> RetryDelays { get => _post.RetryDelays; init => _post.RetryDelays = value; }

    /// <summary>An answer that takes longer counts as none. Default 5 s, as Shopify has it.</summary>
    public TimeSpan AnswerMax { get => _post.AnswerMax; init => _post.AnswerMax = value; }

    /// <summary>Told of each order that is new or changed, before its webhook goes out. Null: nobody is.</summary>
    public Action<ShopOrder>? Changed { get; set; }

    /// <summary>Webhooks that have their 200; one that was sent twice under one id counts once.</summary>
    public int WebhooksAcknowledged => _post.Acknowledged;

    public IEnumerable<ShopOrder> Orders => _orders.Values.OrderBy(order => order.Number);

    public ShopOrder? Find(long orderId) => _orders.GetValueOrDefault(orderId);

    /// <summary><c>orders/create</c>. Without <paramref name="lines"/> the seed draws one to three.</summary>
    /// <param name="paid">Whether the buyer has paid already.</param>
    /// <param name="lines">What is bought.</param>
    /// <param name="place">
    /// Its place in the row, from 0; it decides id, number and buyer. Null: the next one. Name it for
    /// all orders or for none.
    /// </param>
    public Delivery Place(
        bool paid = true, IReadOnlyList<(CatalogueItem Item, int Quantity)>? lines = null, long? place = null)
    {
        lock (_lock)
        {
            var n = OrdersBefore + (place ?? _placed++);
            // Not HashCode: it differs from process to process.
            var random = new Random(unchecked((_seed * 486187739) + (int)n));
            var now = Now();
            var order = new ShopOrder
            {
                Random = random,
                Id = FirstOrderId + (n * 16),
                Number = 1001 + n,
                Buyer = Catalogue.Buyers[random.Next(Catalogue.Buyers.Count)],
                CreatedAt = now,
                UpdatedAt = now,
                PaidAt = paid ? now : null,
            };
            foreach (var (item, quantity) in lines ?? DrawLines(random))
            {
                var id = order.Id - 405000000000000000 + order.Lines.Count;
                order.Lines.Add(new ShopLine { Id = id, Item = item, Quantity = quantity, CurrentQuantity = quantity });
            }
            var create = Whole("orders/create", order);
            _orders[order.Id] = order;
            Changed?.Invoke(order);
            return create;
        }
    }

    /// <summary><c>orders/paid</c>.</summary>
    public Delivery Pay(long orderId, bool sameSecond = false) =>
        Change(orderId, sameSecond, order => order.PaidAt ??= order.UpdatedAt, order => Whole("orders/paid", order));

    /// <summary><c>orders/updated</c> after a change that matters to no warehouse: a note.</summary>
    public Delivery Update(long orderId, bool sameSecond = false) =>
        Change(orderId, sameSecond, order => order.Note = $"Note of {ShopOrderJson.Time(order.UpdatedAt)}",
            order => Whole("orders/updated", order));

    /// <summary><c>orders/edited</c>: the line shall hold <paramref name="quantity"/> units. Shopify sends
    /// <c>orders/updated</c> beside it: <see cref="Restate"/>.</summary>
    public Delivery Edit(long orderId, int line, int quantity, bool sameSecond = false)
    {
        var delta = 0;
        return Change(orderId, sameSecond,
            order =>
            {
                var edited = order.Lines[line];
                delta = quantity - edited.CurrentQuantity;
                order.Edits++;
                edited.Quantity += Math.Max(0, delta);
                edited.CurrentQuantity = quantity;
            },
            order => Sign("orders/edited", order, json => ShopOrderJson.Edit(json, order, order.Lines[line], delta)));
    }

    /// <summary><c>orders/cancelled</c>.</summary>
    public Delivery Cancel(long orderId, string reason = "customer", bool sameSecond = false) =>
        Change(orderId, sameSecond,
            order =>
            {
                order.CancelledAt = order.UpdatedAt;
                order.CancelReason = reason;
                foreach (var line in order.Lines) line.CurrentQuantity = 0;
            },
            order => Whole("orders/cancelled", order));

    /// <summary><c>refunds/create</c> for some units of one line that shall not be shipped (<c>restock_type</c>
    /// cancel). Shopify sends <c>orders/updated</c> beside it: <see cref="Restate"/>.</summary>
    public Delivery Refund(long orderId, int line, int quantity, bool sameSecond = false) =>
        Change(orderId, sameSecond,
            order =>
            {
                var refunded = order.Lines[line];
                ArgumentOutOfRangeException.ThrowIfGreaterThan(quantity, refunded.CurrentQuantity);
                refunded.CurrentQuantity -= quantity;
                var id = order.Id - 311000000000000000 + order.Refunds.Count;
                var units = new ShopRefundLine(id + 8, refunded, quantity);
                order.Refunds = [.. order.Refunds, new ShopRefund(id, order.UpdatedAt, [units])];
            },
            order => Sign("refunds/create", order, json => ShopOrderJson.Refund(json, order, order.Refunds[^1])));

    /// <summary><c>orders/delete</c>: nothing but the id.</summary>
    public Delivery Delete(long orderId) =>
        Change(orderId, sameSecond: false, order => order.Deleted = true,
            order => Sign("orders/delete", order, json => json.WriteNumber("id", order.Id)));

    /// <summary><c>fulfillments/create</c>: the shop records a parcel, whoever told it.</summary>
    public Delivery Fulfilled(
        long orderId, long fulfilmentId, string? number, IReadOnlyDictionary<ShopLine, int> units) =>
        Change(orderId, sameSecond: false, _ => { }, order => Sign("fulfillments/create", order, json =>
            ShopOrderJson.Fulfilment(json, order, fulfilmentId, number, units)));

    /// <summary>
    /// <c>fulfillment_orders/placed_on_hold</c> or <c>hold_released</c>, which do not say of which order they are.
    /// </summary>
    public Delivery Held(long orderId, long fulfilmentOrderId, bool isHeld)
    {
        lock (_lock)
        {
            return Sign($"fulfillment_orders/{(isHeld ? "placed_on_hold" : "hold_released")}", Get(orderId), json =>
                ShopOrderJson.FulfilmentOrder(json, fulfilmentOrderId, isHeld ? "on_hold" : "open"));
        }
    }

    /// <summary>The order as it stands, under the topic given, with no change and no new version.</summary>
    public Delivery Restate(long orderId, string topic = "orders/updated")
    {
        lock (_lock) return Whole(topic, Get(orderId));
    }

    /// <summary>The same body under a new webhook id: what a captured or re-created webhook looks like.</summary>
    public Delivery Replay(Delivery delivery)
    {
        lock (_lock)
        {
            return _post.Sign(
                delivery.Topic, delivery.OrderId, delivery.Body, _time.GetUtcNow(), Get(delivery.OrderId).Random);
        }
    }

    /// <summary>The same headers over a body that someone else changed; the product must answer 401.</summary>
    public static Delivery Forge(Delivery delivery)
    {
        var body = delivery.Body.ToArray();
        body[^1] = (byte)' ';
        return delivery with { Body = body };
    }

    /// <summary>Posts once. Five seconds in all, as Shopify waits.</summary>
    public Task<SendOutcome> SendOnceAsync(Delivery delivery, CancellationToken cancellation) =>
        _post.SendAsync(delivery, attemptsMax: 1, cancellation);

    /// <summary>
    /// Posts until a 200 comes, <paramref name="attemptsMax"/> is reached, or the token gives up (it then throws).
    /// </summary>
    public Task<SendOutcome> SendAsync(
        Delivery delivery, CancellationToken cancellation, int attemptsMax = int.MaxValue) =>
        _post.SendAsync(delivery, attemptsMax, cancellation);

    private Delivery Change(long orderId, bool sameSecond, Action<ShopOrder> change, Func<ShopOrder, Delivery> announce)
    {
        lock (_lock)
        {
            var order = Get(orderId);
            var now = Now();
            order.UpdatedAt = sameSecond ? order.UpdatedAt
                : now > order.UpdatedAt ? now : order.UpdatedAt.AddSeconds(1);
            change(order);
            Changed?.Invoke(order);
            return announce(order);
        }
    }

    private Delivery Whole(string topic, ShopOrder order) =>
        Sign(topic, order, json => ShopOrderJson.Order(json, order, Domain));

    private Delivery Sign(string topic, ShopOrder order, Action<Utf8JsonWriter> body)
    {
        // Finer than the version, as Shopify has it: it tells which of two snapshots of one second is the newer.
        var now = _time.GetUtcNow();
        var delivery = _post.Sign(topic, order.Id, ShopOrderJson.Write(body), now, order.Random);
        order.Told = order.Told.Add(new ShopTold(
            now, topic, delivery.Headers["X-Shopify-Webhook-Id"], order.UpdatedAt,
            [.. order.Lines.Select(line => line.CurrentQuantity)]));
        return delivery;
    }

    private ShopOrder Get(long orderId) => _orders[orderId];

    private DateTimeOffset Now()
    {
        var now = _time.GetUtcNow();
        return now.AddTicks(-(now.Ticks % TimeSpan.TicksPerSecond)).ToOffset(ZoneOffset);
    }

    private List<(CatalogueItem Item, int Quantity)> DrawLines(Random random)
    {
        var items = Catalogue.Items.ToArray();
        random.Shuffle(items);
        var lines = items.Take(random.Next(1, 4)).Select(item => (item, random.Next(1, 4))).ToList();
        if (random.Next(1000) < ScarcePerMille) lines[0] = (Catalogue.Scarce, random.Next(1, 3));
        if (random.Next(15) == 0) lines.Add((Catalogue.GiftCard, 1));
        return lines;
    }
}
