using System.Collections.Concurrent;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeSessions : ISessions
{
    private int _asked;
    private int _notes;

    public ConcurrentDictionary<Guid, SessionRow> Rows { get; } = new();

    public ConcurrentDictionary<string, DateTimeOffset> KeyUse { get; } = new(StringComparer.Ordinal);

    public bool Down { get; set; }

    /// <summary>How often somebody asked whether a session is open.</summary>
    public int Asked => _asked;

    /// <summary>How often use was written.</summary>
    public int Notes => _notes;

    public Task BeginAsync(SessionRow session) => Done(() => Rows[session.Id] = session);

    public Task<bool> IsOpenAsync(Guid id)
    {
        Interlocked.Increment(ref _asked);
        return Done(() => Rows.ContainsKey(id));
    }

    public Task<IReadOnlyList<SessionRow>> ListAsync(DateTimeOffset since, int countMax) =>
        Done<IReadOnlyList<SessionRow>>(() =>
            [.. Rows.Values.Where(row => row.SeenAt >= since).OrderByDescending(row => row.SeenAt).Take(countMax)]);

    public Task<bool> EndAsync(Guid id) => Done(() => Rows.TryRemove(id, out _));

    public Task<int> EndAllAsync(string actor) => Done(() => Rows.Values.Where(row => row.Actor == actor)
        .Count(row => Rows.TryRemove(row.Id, out _)));

    public Task NoteAsync(IReadOnlyList<Guid> sessions, IReadOnlyList<string> keys, DateTimeOffset at) => Done(() =>
    {
        foreach (var id in sessions.Where(Rows.ContainsKey))
            Rows[id] = Rows[id] with { SeenAt = at };
        foreach (var name in keys)
            KeyUse[name] = at;
        return Interlocked.Increment(ref _notes);
    });

    public Task DeleteAsync(DateTimeOffset unseenSince) => Done(() => Rows.Values
        .Where(row => row.SeenAt < unseenSince).Count(row => Rows.TryRemove(row.Id, out _)));

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListKeyUseAsync() =>
        Done<IReadOnlyDictionary<string, DateTimeOffset>>(() => KeyUse);

    private Task<T> Done<T>(Func<T> act) =>
        Down ? Task.FromException<T>(new StorageException("down")) : Task.FromResult(act());
}
