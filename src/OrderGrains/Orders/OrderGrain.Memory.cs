namespace OrderGrains.Orders;

/// <content>What the grain remembers between turns, and when it must not.</content>
internal sealed partial class OrderGrain
{
    /// <summary>Commits that may lose to another activation before the call fails.</summary>
    private const int ConflictsMax = 3;

    /// <summary>Memory is as the database; after a turn that failed it may be anything.</summary>
    private bool loaded;

    /// <summary>Runs one turn; reloads and runs it again when another activation has committed.</summary>
    private async Task<T> GuardAsync<T>(Func<Task<T>> turn)
    {
        for (var conflicts = 0; ; conflicts++)
        {
            try
            {
                if (!loaded)
                    await LoadAsync();
                var answer = await turn();
                restate = false;
                return answer;
            }
            catch (VersionConflictException) when (conflicts < ConflictsMax)
            {
                (loaded, restate) = (false, true);
            }
            catch (Exception)
            {
                // The outcome may be unknown: only the database can tell. A call that waits may still come first.
                (loaded, restate) = (false, true);
                DeactivateOnIdle();
                throw;
            }
        }
    }

    private async Task LoadAsync()
    {
        loaded = false;
        var (order, reserved) = (store.LoadAsync(key), stock.ListHeldAsync(key));
        await Task.WhenAll(order, reserved);
        stored = await order;
        held = HeldUnits.Differing(stored?.Order.Allocations ?? [], await reserved);
        loaded = true;
    }

    /// <summary>
    /// Asked before units are given back. Those that the order's row does not count on may be another activation's,
    /// whose commit is still to come: with a newer version, that commit loses.
    /// </summary>
    private async Task FenceAsync()
    {
        if (held is null || stored is null)
        {
            await RequireNewestAsync();
            return;
        }

        if (!await store.CommitAsync(new OrderCommit
        {
            Key = key,
            Next = stored.Order,
            ExpectedVersion = stored.Version,
            At = time.GetUtcNow(),
        }))
        {
            throw new VersionConflictException();
        }

        stored = stored with { Version = stored.Version + 1 };
    }

    /// <summary>
    /// A rejection writes no state, so no version fences it; and unlike a duplicate or a stale change, what was wrong
    /// for an old state may be right for the newest. And units that an old state gives back may be the newest's.
    /// </summary>
    private async Task RequireNewestAsync()
    {
        if ((await store.LoadAsync(key))?.Version != stored?.Version)
            throw new VersionConflictException();
    }

    /// <summary>Another activation has committed first.</summary>
    private sealed class VersionConflictException : Exception;
}
