using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// What the shop was seen to have, for a while: whoever writes from it learns from the shop when it is not so any more.
/// </summary>
internal sealed class ItemCache(TimeProvider time)
{
    /// <summary>Beyond it all is forgotten, and asked again.</summary>
    private const int CountMax = 50_000;

    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    private readonly Lock _lock = new();
    private readonly Dictionary<(string Sku, string Place, StockMeaning Meaning), Kept> _items = [];

    /// <summary>Null when it is not known, or not any more.</summary>
    public ItemAtShop? Find(StockContent of)
    {
        lock (_lock)
        {
            return _items.TryGetValue(Key(of), out var kept) && kept.Until > time.GetUtcNow() ? kept.Item : null;
        }
    }

    public void Keep(StockContent of, ItemAtShop item)
    {
        lock (_lock)
        {
            if (_items.Count >= CountMax)
                _items.Clear();
            _items[Key(of)] = new Kept(item, time.GetUtcNow() + KeptFor);
        }
    }

    public void Forget(StockContent of)
    {
        lock (_lock)
        {
            _items.Remove(Key(of));
        }
    }

    private static (string Sku, string Place, StockMeaning Meaning) Key(StockContent of) =>
        (of.Sku, of.Place, of.Meaning);

    private readonly record struct Kept(ItemAtShop Item, DateTimeOffset Until);
}
