namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// What is remembered of each SKU: that the shop does not count it, for a while; and the number that it was last known
/// to have from us. It tells when the shop's number has fallen by itself.
/// </summary>
internal sealed class StockMemory(TimeProvider time)
{
    /// <summary>Beyond it all is forgotten.</summary>
    private const int CountMax = 50_000;

    private static readonly TimeSpan NotCountedFor = TimeSpan.FromMinutes(10);

    /// <summary>A number that has stood so long is not on its way any more.</summary>
    private static readonly TimeSpan StillFor = TimeSpan.FromSeconds(5);

    /// <summary>So long a number may go on falling before it is written all the same.</summary>
    private static readonly TimeSpan FallingMax = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Known> _known = new(StringComparer.Ordinal);

    /// <summary>What the shop does not count, or cannot be told; null when it must be asked.</summary>
    public ProductAtShop? Find(string sku)
    {
        lock (_lock)
        {
            return _known.GetValueOrDefault(sku) is { Product: { } product } known && known.Until > time.GetUtcNow()
                ? product : null;
        }
    }

    public void KeepNotCounted(string sku, ProductAtShop product) =>
        Keep(sku, new Known(null, null, product, time.GetUtcNow() + NotCountedFor));

    /// <summary>The shop has this number, and it is ours.</summary>
    public void Agree(string sku, int number) => Keep(sku, new Known(number, null, null, default));

    /// <summary>Nobody can tell what the shop has.</summary>
    public void Forget(string sku)
    {
        lock (_lock)
        {
            _known.Remove(sku);
        }
    }

    /// <summary>
    /// Whether a number must not be raised yet: it is lower than the one that we know of, so that the shop has sold,
    /// and its webhook is on its way.
    /// </summary>
    public bool IsFalling(string sku, decimal number, int wanted)
    {
        lock (_lock)
        {
            if (_known.GetValueOrDefault(sku) is not { Agreed: { } agreed } known
                || number >= agreed || wanted <= number)
                return false;
            var now = time.GetUtcNow();
            var fall = known.Fall is not { } earlier ? new Fall(number, now, now)
                : earlier.Number == number ? earlier : earlier with { Number = number, Since = now };
            _known[sku] = known with { Fall = fall };
            return now - fall.Since < StillFor && now - fall.Began < FallingMax;
        }
    }

    private void Keep(string sku, Known known)
    {
        lock (_lock)
        {
            if (_known.Count >= CountMax && !_known.ContainsKey(sku))
                _known.Clear();
            _known[sku] = known;
        }
    }

    private sealed record Known(int? Agreed, Fall? Fall, ProductAtShop? Product, DateTimeOffset Until);

    /// <param name="Number">As it was read last.</param>
    /// <param name="Since">Since when it is that.</param>
    /// <param name="Began">When it was first seen to be lower than ours.</param>
    private sealed record Fall(decimal Number, DateTimeOffset Since, DateTimeOffset Began);
}
