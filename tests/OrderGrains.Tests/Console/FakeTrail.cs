using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeTrail : ITrail
{
    private readonly Lock _lock = new();
    private List<TrailEntry> _entries = [];

    /// <summary>Nothing can be written.</summary>
    public bool Down { get; set; }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<TrailEntry> Entries
    {
        get
        {
            lock (_lock)
                return [.. _entries];
        }
    }

    /// <summary>As text: act, subject, actor, role, means, result.</summary>
    public IEnumerable<string> Said => Entries.Select(entry =>
        $"{entry.Act} {entry.Subject ?? "-"} {entry.Actor} {entry.Role} {entry.Means} {entry.Result}".TrimEnd());

    public Task AppendAsync(TrailEntry entry)
    {
        if (Down)
            return Task.FromException(new StorageException("down"));
        lock (_lock)
            _entries.Add(entry);
        return Task.CompletedTask;
    }

    public Task SettleAsync(Guid id, TrailResult result)
    {
        if (Down)
            return Task.FromException(new StorageException("down"));
        lock (_lock)
            _entries = [.. _entries.Select(entry => entry.Id == id ? entry with { Result = result } : entry)];
        return Task.CompletedTask;
    }

    public Task<Page<TrailEntry>> ListAsync(TrailFilter filter, PageRequest page) => Task.FromResult(Entries
        .Where(entry => filter.Actor is null || entry.Actor == filter.Actor)
        .Where(entry => filter.Subject is null || entry.Subject == filter.Subject)
        .Where(entry => filter.Since is null || entry.At >= filter.Since)
        .Where(entry => filter.Until is null || entry.At < filter.Until)
        .Page(page, entry => entry.Id, Guid.Parse));

    public Task<int> DeleteAsync(DateTimeOffset before, int countMax)
    {
        lock (_lock)
        {
            var old = _entries.Where(entry => entry.At < before).Take(countMax).ToList();
            _entries = [.. _entries.Except(old)];
            return Task.FromResult(old.Count);
        }
    }
}
