namespace OrderGrains.Chaos.Judging;

/// <summary>Something that is not as the promises have it.</summary>
/// <param name="Subject">The order (<c>#1042</c>), the stock (<c>east/S1</c>), the receipt …, for its history.</param>
/// <param name="What">A sentence.</param>
public sealed record Violation(string Subject, string What);

/// <summary>
/// Compares what senders were answered, what warehouses saw and what the database has with a model of its own. It
/// shares no code with the product and does not ask it, but for checking that its audit agrees.
/// </summary>
internal sealed class Judge(ChaosWorld world)
{
    /// <summary>What must hold at any moment, faults or not. Called every second during the run.</summary>
    public Task<IReadOnlyList<Violation>> WatchAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>What must hold once all is quiet. Empty: it is quiet, and all is well.</summary>
    public Task<IReadOnlyList<Violation>> JudgeAsync(CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>What befell a subject, from all sides, in order of time; short enough to read.</summary>
    public Task<string> TellAsync(string subject, CancellationToken cancellation) =>
        throw new NotSupportedException();
}
