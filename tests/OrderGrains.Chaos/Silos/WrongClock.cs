namespace OrderGrains.Chaos.Silos;

/// <summary>A process that sees another time of day, by libfaketime (Debian's package <c>faketime</c>).</summary>
internal static class WrongClock
{
    private static readonly Dictionary<string, string> None = new(StringComparer.Ordinal);

    /// <summary>Null where it is not installed.</summary>
    public static string? FindLibrary() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <summary>What a process with this clock is started with; nothing for the right one.</summary>
    public static IReadOnlyDictionary<string, string> Environment(Clock clock) => clock == Clock.Right ? None
        : new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = FindLibrary() ?? throw new InvalidOperationException("faketime is not installed."),
            // Minutes: nobody believes that it is only late.
            ["FAKETIME"] = clock == Clock.Ahead ? "+3m" : "-3m",
            // How long something took is measured right by a machine whose clock is wrong.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
            // .NET waits by the monotonic clock; taking that for the other one ends its waits at once.
            ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0",
        };
}
