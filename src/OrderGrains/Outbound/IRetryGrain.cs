using Orleans.Concurrency;

namespace OrderGrains.Outbound;

/// <summary>
/// Wakes a destination when its next message is due; keyed by the destination's name. A timer serves the seconds, one
/// reminder of a minute survives the process. It holds nothing that the outbox does not.
/// </summary>
[Alias("OrderGrains.IRetryGrain")]
public interface IRetryGrain : IGrainWithStringKey
{
    /// <summary>
    /// A message of the destination is due at <paramref name="dueAt"/>, or the destination wants to be woken then.
    /// </summary>
    [OneWay, Alias("ScheduleAsync")]
    Task ScheduleAsync(DateTimeOffset dueAt);

    /// <summary>
    /// Whatever is due, the destination sends nothing before <paramref name="until"/>, and wants to be woken then.
    /// </summary>
    [OneWay, Alias("RestAsync")]
    Task RestAsync(DateTimeOffset until);
}
