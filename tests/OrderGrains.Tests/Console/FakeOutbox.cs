using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Console;

internal sealed class FakeOutbox : IOutbox
{
    public Dictionary<Guid, ParkedMessage> Parked { get; } = [];
    public List<(Guid Id, string Actor, string Reason)> Discarded { get; } = [];
    public List<DestinationDepth> Depths { get; } = [];
    public OutboxAudit Audit { get; set; } = new(8, 5, 1, 1, 1);

    public Guid Add(ParkedMessage message)
    {
        Parked[message.Id] = message;
        return message.Id;
    }

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => Task.FromResult(Parked.GetValueOrDefault(id));

    public Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page) =>
        Task.FromResult(Parked.Values
        .Where(row => filter.Destination is null || row.Destination == filter.Destination)
        .Where(row => filter.Reason is null || row.Reason == filter.Reason)
        .Page(page, row => row.Id, Guid.Parse));

    public Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync() =>
        Task.FromResult<IReadOnlyList<ParkedMessages>>(
        [.. Parked.Values.GroupBy(row => (row.Destination, row.Reason))
            .Select(group => new ParkedMessages(group.Key.Destination, group.Key.Reason, group.Count()))]);

    public Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync() =>
        Task.FromResult<IReadOnlyList<DestinationDepth>>(Depths);

    public Task<OutboxAudit> AuditAsync() => Task.FromResult(Audit);

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) =>
        Task.FromResult(Parked.Remove(id, out var message) ? message.Destination : null);

    public Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at)
    {
        if (!Parked.Remove(id))
            return Task.FromResult(false);
        Discarded.Add((id, actor, reason));
        return Task.FromResult(true);
    }

    public Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset? now, int countMax, DateTimeOffset since = default,
        string? source = null) =>
        throw new NotSupportedException();

    public Task<DateTimeOffset?> NextDueAtAsync(string destination, DateTimeOffset after = default) =>
        throw new NotSupportedException();

    public Task<Guid?> FindFirstParkedAsync(ParkedFilter filter) => throw new NotSupportedException();

    /// <summary>How the latest resumption was asked for.</summary>
    public (double? PerSecond, DateTimeOffset At) Resumption { get; private set; }

    public Task<int> ResumeManyAsync(
        ParkedFilter filter, string actor, DateTimeOffset at, double? perSecond, int countMax)
    {
        Resumption = (perSecond, at);
        var chosen = Parked.Values
            .Where(row => filter.Destination is null || row.Destination == filter.Destination)
            .Where(row => filter.Reason is null || row.Reason == filter.Reason).Take(countMax).ToList();
        chosen.ForEach(row => Parked.Remove(row.Id));
        return Task.FromResult(chosen.Count);
    }

    public Task<long> MarkAsync() => throw new NotSupportedException();

    public Task AppendAsync(IReadOnlyList<OutboundMessage> messages) => throw new NotSupportedException();

    public Task DeliverAsync(Guid id, DateTimeOffset at) => throw new NotSupportedException();

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        throw new NotSupportedException();

    public Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax) =>
        throw new NotSupportedException();

    public Task<bool> ParkAsync(Guid id, Attempt attempt, string reason) => throw new NotSupportedException();
}
