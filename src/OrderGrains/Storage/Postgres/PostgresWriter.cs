using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>Bounds of one writer.</summary>
/// <param name="WaitingMax">Items that may wait; then callers are refused or wait.</param>
/// <param name="BatchMax">Items in one statement.</param>
/// <param name="Rests">Rests after a small group: the database has less to do, and others have it meanwhile.</param>
internal readonly record struct WriterLimits(int WaitingMax, int BatchMax, bool Rests = false);

/// <summary>
/// Writes what waits with one statement, which is its own transaction: one round trip and one flush of the log for many
/// callers, each of whom gets an outcome of his own. A group that the database refuses is split until the bad item is
/// alone. When the connection breaks, nobody knows what was committed, and every caller of the group is told so.
/// </summary>
internal sealed class PostgresWriter<TItem, TOutcome> : IAsyncDisposable
{
    /// <summary>Bytes of bodies in one statement: the server takes it whole into memory.</summary>
    public const long BatchBytesMax = 8 * 1024 * 1024;

    private readonly NpgsqlDataSource _source;
    private readonly Func<NpgsqlConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TOutcome>>> _write;
    private readonly Func<TItem, object> _identity;
    private readonly Func<TItem, int> _bytes;
    private readonly Batcher<Work> _batcher;

    /// <param name="source">Where connections come from.</param>
    /// <param name="write">One statement for all items; answers in their order.</param>
    /// <param name="limits">What may wait and be under way.</param>
    /// <param name="identity">What an item writes: two of the same never share a statement.</param>
    /// <param name="bytes">The size of an item's body.</param>
    public PostgresWriter(
        NpgsqlDataSource source,
        Func<NpgsqlConnection, IReadOnlyList<TItem>, Task<IReadOnlyList<TOutcome>>> write,
        WriterLimits limits, Func<TItem, object> identity, Func<TItem, int>? bytes = null)
    {
        (_source, _write, _identity, _bytes) = (source, write, identity, bytes ?? (static _ => 0));
        _batcher = new Batcher<Work>(
            WriteGroupAsync, limits.WaitingMax, limits.BatchMax, rests: limits.Rests);
    }

    /// <summary>Writes; the task ends when it is committed. Waits for room.</summary>
    public Task<TOutcome> WriteAsync(TItem item)
    {
        var work = new Work(item);
        return _batcher.AddAsync(work, work.Done.Task);
    }

    /// <summary>Writes; <paramref name="done"/> ends when it is committed. False when too many wait.</summary>
    public bool TryWrite(TItem item, out Task<TOutcome> done)
    {
        var work = new Work(item);
        done = work.Done.Task;
        return _batcher.TryAdd(work);
    }

    /// <inheritdoc cref="Batcher{TItem}.PauseAsync"/>
    public Task PauseAsync() => _batcher.PauseAsync();

    /// <inheritdoc cref="Batcher{TItem}.Resume"/>
    public void Resume() => _batcher.Resume();

    public ValueTask DisposeAsync() => _batcher.DisposeAsync();

    private async ValueTask WriteGroupAsync(IReadOnlyList<Work> group)
    {
        foreach (var part in Part(group))
            await WritePartAsync(part);
    }

    /// <summary>Parts without twins, and of a size that the server can take.</summary>
    private List<List<Work>> Part(IReadOnlyList<Work> group)
    {
        var parts = new List<List<Work>>();
        var rest = group;
        while (rest.Count > 0)
        {
            var part = new List<Work>(rest.Count);
            var later = new List<Work>();
            var taken = new HashSet<object>();
            var held = 0L;
            foreach (var work in rest)
            {
                var fits = part.Count == 0 || held + _bytes(work.Item) <= BatchBytesMax;
                if (fits && taken.Add(_identity(work.Item)))
                {
                    part.Add(work);
                    held += _bytes(work.Item);
                }
                else
                {
                    later.Add(work);
                }
            }

            parts.Add(part);
            rest = later;
        }

        return parts;
    }

    private async Task WritePartAsync(List<Work> part)
    {
        IReadOnlyList<TOutcome> outcomes;
        try
        {
            await using var connection = await _source.OpenConnectionAsync();
            outcomes = await _write(connection, part.ConvertAll(work => work.Item));
        }
        catch (PostgresException e) when (part.Count > 1 && PostgresErrors.IsOfTheStatement(e))
        {
            var middle = part.Count / 2;
            await WritePartAsync(part[..middle]);
            await WritePartAsync(part[middle..]);
            return;
        }
        catch (Exception e)
        {
            var failure = PostgresErrors.Translate(e);
            foreach (var work in part)
                work.Done.SetException(failure);
            return;
        }

        for (var at = 0; at < part.Count; at++)
            part[at].Done.SetResult(outcomes[at]);
    }

    private sealed class Work(TItem item)
    {
        public TItem Item => item;

        public TaskCompletionSource<TOutcome> Done { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
