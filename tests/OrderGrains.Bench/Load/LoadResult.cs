using System.Diagnostics;
using OrderGrains.Bench.Measuring;

namespace OrderGrains.Bench.Load;

/// <summary>What the load saw.</summary>
internal sealed class LoadResult
{
    /// <summary>Numbers from here on were sent, up to and without <see cref="End"/>.</summary>
    public required long First { get; init; }

    public required long End { get; init; }

    /// <summary>The moment that number <see cref="First"/> was due, in ticks of Stopwatch.</summary>
    public required long StartedAt { get; init; }

    public required long EndedAt { get; init; }

    /// <summary>Ticks from one webhook to the next; 0 in a closed loop, which has no schedule.</summary>
    public double Interval { get; init; }

    /// <summary>Numbers that had another answer than 200, or none.</summary>
    public required IReadOnlyCollection<long> Refused { get; init; }

    /// <summary>From the moment that a webhook was due (open loop) or sent (closed loop) to its 200.</summary>
    public required LatencyHistogram Latency { get; init; }

    public long Acknowledged => Latency.Count;

    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(StartedAt, EndedAt);

    /// <summary>When an order of an open loop was due, in ticks of Stopwatch.</summary>
    public long DueAt(long number) => StartedAt + (long)((number - First) * Interval);

    public double PerSecond => Acknowledged / Elapsed.TotalSeconds;
}
