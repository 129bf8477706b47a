namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// The shop's bucket of cost points, as its last answer told it (shopify.dev, "API limits"). Half of it is left to
/// people who work with the app meanwhile. As long as nothing is known, nothing waits.
/// </summary>
internal sealed class PointBucket(TimeProvider time)
{
    private readonly Lock _lock = new();
    private double _available;
    private double _max;
    private double _perSecond;
    private DateTimeOffset _asOf;
    private bool _known;

    /// <summary>Points of calls that are under way: no answer has told of them yet.</summary>
    private double _underWay;

    /// <summary>Takes what a call may need; else says how long to wait before asking again.</summary>
    public bool TryTake(double points, out TimeSpan wait)
    {
        lock (_lock)
        {
            wait = TimeSpan.Zero;
            if (_known)
            {
                var grown = (time.GetUtcNow() - _asOf).TotalSeconds * _perSecond;
                // What costs more than half can only ever be had of a full bucket.
                var needed = Math.Min(points + (_max / 2), _max);
                var missing = needed - (Math.Min(_max, _available + Math.Max(0, grown)) - _underWay);
                if (missing > 0)
                    wait = TimeSpan.FromSeconds(Math.Max(0.01, missing / Math.Max(1, _perSecond)));
            }

            if (wait == TimeSpan.Zero)
                _underWay += points;
            return wait == TimeSpan.Zero;
        }
    }

    /// <summary>A call has ended.</summary>
    /// <param name="points">As taken.</param>
    /// <param name="told">What its answer said of the bucket; null: nothing.</param>
    public void End(double points, ThrottleStatus? told)
    {
        lock (_lock)
        {
            _underWay = Math.Max(0, _underWay - points);
            if (told is null)
            {
                // It may have cost all that it was taken to need.
                _available = Math.Max(0, _available - points);
                return;
            }

            (_available, _max, _perSecond, _known) =
                (told.CurrentlyAvailable, told.MaximumAvailable, told.RestoreRate, true);
            _asOf = time.GetUtcNow();
        }
    }
}

/// <summary>What an answer says of the bucket, in points and points per second.</summary>
internal sealed record ThrottleStatus(double MaximumAvailable, double CurrentlyAvailable, double RestoreRate);

/// <summary>What a call cost, in points.</summary>
internal sealed record QueryCost(double? RequestedQueryCost, ThrottleStatus? ThrottleStatus)
{
    /// <summary>Until there are points enough for a call that was refused for want of them.</summary>
    public TimeSpan? Wait => ThrottleStatus is { RestoreRate: > 0 } status && RequestedQueryCost is { } requested
        ? TimeSpan.FromSeconds(Math.Clamp(
            (requested - status.CurrentlyAvailable) / status.RestoreRate, 0, 3600)) : null;
}
