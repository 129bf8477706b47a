using System.Diagnostics;
using System.Numerics;

namespace OrderGrains.Bench.Measuring;

/// <summary>
/// Latencies in buckets whose width grows with the value: no quantile is off by more than 1.6 %. Not for several
/// threads at once: each has its own, and they are merged.
/// </summary>
internal sealed class LatencyHistogram
{
    /// <summary>Buckets between a power of two and the next.</summary>
    private const int Steps = 64;

    /// <summary>2^43 ns is two and a half hours; longer counts as that.</summary>
    private const long NanosecondsMax = (1L << 43) - 1;

    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly long[] _counts = new long[Bucket(NanosecondsMax) + 1];

    public long Count { get; private set; }

    public void Record(TimeSpan latency) => RecordNanoseconds((long)latency.TotalNanoseconds);

    /// <param name="ticks">Of <see cref="Stopwatch"/>; below 0 counts as 0.</param>
    public void RecordTicks(long ticks) => RecordNanoseconds((long)(ticks * NanosecondsPerTick));

    public void Add(LatencyHistogram other)
    {
        for (var bucket = 0; bucket < _counts.Length; bucket++) _counts[bucket] += other._counts[bucket];
        Count += other.Count;
    }

    /// <summary>The latency that this part of all did not exceed; zero when nothing was recorded.</summary>
    /// <param name="part">0.5 is the median, 0.99 the p99.</param>
    public TimeSpan Quantile(double part)
    {
        var rank = (long)Math.Ceiling(part * Count);
        var seen = 0L;
        for (var bucket = 0; bucket < _counts.Length; bucket++)
        {
            seen += _counts[bucket];
            if (seen >= rank && seen > 0) return TimeSpan.FromMicroseconds(Highest(bucket) / 1000.0);
        }
        return TimeSpan.Zero;
    }

    private void RecordNanoseconds(long nanoseconds)
    {
        _counts[Bucket(Math.Clamp(nanoseconds, 0, NanosecondsMax))]++;
        Count++;
    }

    private static int Bucket(long value)
    {
        if (value < 2 * Steps) return (int)value;
        var shift = BitOperations.Log2((ulong)value) - BitOperations.Log2(Steps);
        return (shift * Steps) + (int)(value >> shift);
    }

    private static long Highest(int bucket)
    {
        if (bucket < 2 * Steps) return bucket;
        var shift = (bucket / Steps) - 1;
        return (((long)(bucket % Steps) + Steps + 1) << shift) - 1;
    }
}
