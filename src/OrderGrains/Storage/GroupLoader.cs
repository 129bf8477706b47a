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

    private readonly Batcher<Load> batcher;
    private readonly Func<IReadOnlyCollection<TKey>, Task<Dictionary<TKey, TValue>>> query;

    /// <param name="query">One query for all keys; keys without a row are left out of its answer.</param>
    public GroupLoader(Func<IReadOnlyCollection<TKey>, Task<Dictionary<TKey, TValue>>> query)
    {
        this.query = query;
        batcher = new Batcher<Load>(LoadGroupAsync, WaitingMax, BatchMax);
    }

    /// <summary>The key's value; the type's default when there is no row.</summary>
    public async Task<TValue?> LoadAsync(TKey key)
    {
        var load = new Load(key);
        await batcher.AddAsync(load);
        return await load.Answer.Task;
    }

    public ValueTask DisposeAsync() => batcher.DisposeAsync();

    private async ValueTask LoadGroupAsync(IReadOnlyList<Load> group)
    {
        try
        {
            var found = await query(group.Select(load => load.Key).ToHashSet());
            foreach (var load in group)
                load.Answer.SetResult(found.GetValueOrDefault(load.Key));
        }
        catch (Exception e)
        {
            foreach (var load in group)
                load.Answer.TrySetException(e);
        }
    }

    private sealed class Load(TKey key)
    {
        public TKey Key => key;

        public TaskCompletionSource<TValue?> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
