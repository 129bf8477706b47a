namespace OrderGrains.Orders;

/// <content>What the grain remembers between turns, and when it must not.</content>
internal sealed partial class OrderGrain
{
    /// <summary>Commits that may lose to another activation before the call fails.</summary>
    private const int ConflictsMax = 3;

    /// <summary>Memory is as the database; after a turn that failed it may be anything.</summary>
    private bool _loaded;

    /// <summary>Runs one turn; reloads and runs it again when another activation has committed.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> turn)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                if (!_loaded)
                    await LoadAsync();
                var answer = await turn();
                _restate = false;
                return answer;
            }
            catch (VersionConflictException) when (conflicts < ConflictsMax)
            {
                (_loaded, _restate) = (false, true);
            }
            catch (Exception)
            {
                // The outcome may be unknown: only the database can tell. A call that waits may still come first.
                (_loaded, _restate) = (false, true);
                DeactivateOnIdle();
                throw;
            }
        }
    }

    private async Task LoadAsync()
    {
        _loaded = false;
        var (order, reserved) = (store.LoadAsync(_key), stock.ListHeldAsync(_key));
        await Task.WhenAll(order, reserved);
        _stored = await order;
        _held = HeldUnits.Differing(_stored?.Order.Allocations ?? [], await reserved);
        _loaded = true;
    }

    /// <summary>
    /// Asked before units are given back. Those that the order's row does not count on may be another activation's,
    /// whose commit is still to come: with a newer version, that commit loses.
    /// </summary>
    private async Task FenceAsync()
    {
        if (_held is null || _stored is null)
        {
            await RequireNewestAsync();
            return;
        }

        if (!await store.CommitAsync(new OrderCommit
        {
            Key = _key,
            Next = _stored.Order,
            ExpectedVersion = _stored.Version,
            At = time.GetUtcNow(),
        }))
        {
            throw new VersionConflictException();
        }

        _stored = _stored with { Version = _stored.Version + 1 };
    }

    /// <summary>
    /// A rejection writes no state, so no version fences it; and unlike a duplicate or a stale change, what was wrong
    /// for an old state may be right for the newest. And units that an old state gives back may be the newest's.
    /// </summary>
    private async Task RequireNewestAsync()
    {
        if ((await store.LoadAsync(_key))?.Version != _stored?.Version)
            throw new VersionConflictException();
    }

    /// <summary>Another activation has committed first.</summary>
    private sealed class VersionConflictException : Exception;
}
