namespace OrderGrains.Storage;

/// <summary>
/// Loads by key; keys that wait at the same time share one query. Reading each activation by itself halved the rate of
/// new orders (DESIGN section 4).
/// </summary>
internal sealed class GroupLoader<TKey, TValue> : IAsyncDisposable
    where TKey : notnull
{
    public const int WaitingMax = 65_536;
    public const int BatchMax = 256;

    /// <summary>Queries at once: while one reads the many rows of a hot key, the others' goes on.</summary>
    public const int AtOnceMax = 2;

    private readonly Batcher<Load> _batcher;
    private readonly SemaphoreSlim _places = new(AtOnceMax);
    private readonly Func<IReadOnlyCollection<TKey>, Task<Dictionary<TKey, TValue>>> _query;

    /// <param name="query">One query for all keys; keys without a row are left out of its answer.</param>
    /// <param name="rests">Rests after a query for a few keys.</param>
    public GroupLoader(
        Func<IReadOnlyCollection<TKey>, Task<Dictionary<TKey, TValue>>> query, bool rests = false)
    {
        _query = query;
        _batcher = new Batcher<Load>(BeginAsync, WaitingMax, BatchMax, rests: rests);
    }

    /// <summary>The key's value; the type's default when there is no row.</summary>
    public Task<TValue?> LoadAsync(TKey key)
    {
        var load = new Load(key);
        return _batcher.AddAsync(load, load.Answer.Task);
    }

    /// <summary>Waits for the queries under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _batcher.DisposeAsync();
        for (var at = 0; at < AtOnceMax; at++)
            await _places.WaitAsync();
        _places.Dispose();
    }

    private async ValueTask BeginAsync(IReadOnlyList<Load> group)
    {
        await _places.WaitAsync();
        _ = LoadGroupAsync([.. group]);
    }

    private async Task LoadGroupAsync(Load[] group)
    {
        try
        {
            var found = await _query(group.Select(load => load.Key).ToHashSet());
            foreach (var load in group)
                load.Answer.SetResult(found.GetValueOrDefault(load.Key));
        }
        catch (Exception e)
        {
            foreach (var load in group)
                load.Answer.TrySetException(e);
        }
        finally
        {
            _places.Release();
        }
    }

    private sealed class Load(TKey key)
    {
        public TKey Key => key;

        public TaskCompletionSource<TValue?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
