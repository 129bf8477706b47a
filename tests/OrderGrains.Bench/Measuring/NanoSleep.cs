using System.Diagnostics;
using System.Runtime.InteropServices;

namespace OrderGrains.Bench.Measuring;

/// <summary>Waits for a moment to within a tenth of a millisecond, without burning the core: timers of .NET are ten
/// times coarser, which would be seen in the latencies.</summary>
internal static class NanoSleep
{
    private static readonly double NanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    /// <param name="timestamp">Of <see cref="Stopwatch"/>; a moment in the past returns at once.</param>
    public static void Until(long timestamp)
    {
        var nanoseconds = (long)((timestamp - Stopwatch.GetTimestamp()) * NanosecondsPerTick);
        if (nanoseconds <= 0) return;
        var wait = new TimeSpec { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        _ = Sleep(in wait, 0);
    }

    [DllImport("libc", EntryPoint = "nanosleep")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Sleep(in TimeSpec wait, nint remaining);

    [StructLayout(LayoutKind.Sequential)]
    private struct TimeSpec
    {
        public long Seconds;
        public long Nanoseconds;
    }
}
