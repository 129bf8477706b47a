using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>The real outbox, whose answers come late where a test asks for it.</summary>
internal sealed class SlowOutbox(IOutbox inner, Faults faults) : IOutbox
{
    public async Task<IReadOnlyList<OutboundMessage>> DueAsync(
        string destination, DateTimeOffset? now, int countMax, DateTimeOffset since = default,
        string? source = null)
    {
        var due = await inner.DueAsync(destination, now, countMax, since, source);
        await faults.ReadAsync(destination);
        return due;
    }

    public Task<DateTimeOffset?> NextDueAtAsync(string destination, DateTimeOffset after = default)
    {
        if (after == default)
            faults.Asking(destination);
        return inner.NextDueAtAsync(destination, after);
    }

    public Task<Guid?> FindFirstParkedAsync(ParkedFilter filter) => inner.FindFirstParkedAsync(filter);

    public Task<int> ResumeManyAsync(
        ParkedFilter filter, string actor, DateTimeOffset at, double? perSecond, int countMax) =>
        inner.ResumeManyAsync(filter, actor, at, perSecond, countMax);

    public Task<long> MarkAsync() => inner.MarkAsync();

    public Task AppendAsync(IReadOnlyList<OutboundMessage> messages) => inner.AppendAsync(messages);

    public Task DeliverAsync(Guid id, DateTimeOffset at) => inner.DeliverAsync(id, at);

    public Task PostponeAsync(Guid id, Attempt attempt, DateTimeOffset nextAttemptAt) =>
        inner.PostponeAsync(id, attempt, nextAttemptAt);

    public async Task<int> HastenAsync(string destination, DateTimeOffset now, int countMax)
    {
        var hastened = 0;
        await faults.CommitAsync($"hasten {destination}", async () =>
        {
            hastened = await inner.HastenAsync(destination, now, countMax);
            return true;
        });
        return hastened;
    }

    public Task<bool> ParkAsync(Guid id, Attempt attempt, string reason) => inner.ParkAsync(id, attempt, reason);

    public Task<string?> ResumeAsync(Guid id, string actor, DateTimeOffset at) => inner.ResumeAsync(id, actor, at);

    public Task<bool> DiscardAsync(Guid id, string actor, string reason, DateTimeOffset at) =>
        inner.DiscardAsync(id, actor, reason, at);

    public Task<ParkedMessage?> FindParkedAsync(Guid id) => inner.FindParkedAsync(id);

    public Task<Page<ParkedMessage>> ListParkedAsync(ParkedFilter filter, PageRequest page) =>
        inner.ListParkedAsync(filter, page);

    public Task<IReadOnlyList<ParkedMessages>> ListParkedGroupsAsync() => inner.ListParkedGroupsAsync();

    public Task<IReadOnlyList<DestinationDepth>> ListDepthsAsync() => inner.ListDepthsAsync();

    public Task<OutboxAudit> AuditAsync() => inner.AuditAsync();
}
