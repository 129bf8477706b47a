namespace OrderGrains.Chaos.Silos;

/// <summary>A process that sees another time of day, by libfaketime (Debian's package <c>faketime</c>).</summary>
internal static class WrongClock
{
    /// <summary>Null where it is not installed.</summary>
    public static string? FindLibrary() => Directory.Exists("/usr/lib")
        ? Directory.EnumerateDirectories("/usr/lib").Append("/usr/lib")
            .Select(folder => Path.Combine(folder, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        : null;

    /// <param name="clock">How far it is off, such as <c>+3m</c>.</param>
    public static IReadOnlyDictionary<string, string> Environment(string clock) =>
        new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["LD_PRELOAD"] = FindLibrary() ?? throw new InvalidOperationException("faketime is not installed."),
            ["FAKETIME"] = clock,
            // How long something took is measured right by a machine whose clock is wrong.
            ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1",
        };
}
