using OrderGrains.Vocabulary;
using Orleans.Concurrency;

namespace OrderGrains.Outbound;

/// <summary>
/// One endpoint that messages go to, keyed by its configured name: the only place that calls the outside.
/// </summary>
[Alias("OrderGrains.IDestinationGrain")]
public interface IDestinationGrain : IGrainWithStringKey
{
    /// <summary>
    /// Something is due. Carries no message: the outbox is the truth, and a lost nudge is found by a sweep.
    /// </summary>
    /// <param name="since">When the first of what is meant fell due; without it, all of the outbox is meant.</param>
    /// <param name="source">The source of the order that it is about; empty when it is about something else.</param>
    [OneWay, Alias("NudgeAsync")]
    Task NudgeAsync(DateTimeOffset since = default, string source = "");

    /// <summary>
    /// No call begins until it is resumed, over restarts too; those under way end. Ends once that is durable.
    /// </summary>
    [Alias("PauseAsync")]
    Task PauseAsync(string actor, string reason);

    /// <summary>Calls begin again. False when it was not paused.</summary>
    [Alias("ResumeAsync")]
    Task<bool> ResumeAsync();

    /// <summary>
    /// Asks a shop which of these numbers are others than its own; null when it cannot be asked now. Changes nothing.
    /// </summary>
    [Alias("CompareStockAsync")]
    Task<IReadOnlyList<int>?> CompareStockAsync(IReadOnlyList<StockContent> ours);

    /// <summary>What the grain knows beyond the outbox.</summary>
    [Alias("GetStatusAsync")]
    Task<DestinationStatus> GetStatusAsync();
}

/// <summary>A destination as people see it.</summary>
/// <param name="InFlight">Calls under way.</param>
/// <param name="FailuresInARow">Failed calls since the last that succeeded.</param>
/// <param name="BlockedReason">Why the breaker is open; null when it is closed.</param>
/// <param name="OpenSince">When it opened.</param>
/// <param name="NextProbeAt">When the destination is asked again; in the past when that is under way.</param>
/// <param name="Pause">Who paused it, and why; null when nobody did.</param>
/// <param name="HealedAt">When the breaker last closed; null when it never was open.</param>
[GenerateSerializer, Immutable, Alias("OrderGrains.DestinationStatus")]
public sealed record DestinationStatus(
    [property: Id(0)] int InFlight, [property: Id(1)] int FailuresInARow, [property: Id(2)] string? BlockedReason,
    [property: Id(3)] DateTimeOffset? OpenSince = null, [property: Id(4)] DateTimeOffset? NextProbeAt = null,
    [property: Id(5)] Pause? Pause = null, [property: Id(6)] DateTimeOffset? HealedAt = null);
