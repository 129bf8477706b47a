namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>The bucket of cost points of one app in one shop. Whoever calls holds the shop's lock.</summary>
internal sealed class ShopifyPoints(TimeProvider time, double max, double perSecond)
{
    /// <summary>Points that are not there: the bucket begins full.</summary>
    private double _missing;
    private DateTimeOffset _asOf = time.GetUtcNow();

    public double Spent { get; private set; }

    public double Available
    {
        get
        {
            var now = time.GetUtcNow();
            _missing = Math.Max(0, _missing - (Math.Max(0, (now - _asOf).TotalSeconds) * perSecond));
            _asOf = now;
            return max - _missing;
        }
    }

    /// <summary>The whole cost is held while a request runs. False: it is throttled.</summary>
    public bool TryTake(double requested)
    {
        if (Available < requested)
            return false;
        _missing += requested;
        return true;
    }

    /// <summary>What the request did not need comes back.</summary>
    public void Settle(double requested, double actual)
    {
        _missing = Math.Max(0, max - Available - requested + actual);
        Spent += actual;
    }

    /// <summary>What each answer says of it.</summary>
    public Dictionary<string, object?> Tell(double requested, double? actual) => new(StringComparer.Ordinal)
    {
        ["cost"] = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["requestedQueryCost"] = requested,
            ["actualQueryCost"] = actual,
            ["throttleStatus"] = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["maximumAvailable"] = max,
                ["currentlyAvailable"] = Math.Floor(Available),
                ["restoreRate"] = perSecond,
            },
        },
    };
}
