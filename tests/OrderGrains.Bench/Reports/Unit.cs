using System.Globalization;

namespace OrderGrains.Bench.Reports;

/// <summary>What a number counts, and so how it is written.</summary>
internal enum Unit
{
    PerSecond,
    Milliseconds,
    Seconds,
    Mebibytes,
    Bytes,
    Count,
}

internal static class Units
{
    public static string Write(this Unit unit, double value) => unit switch
    {
        Unit.PerSecond => $"{Rounded(value)}/s",
        Unit.Milliseconds => $"{Rounded(value)} ms",
        Unit.Seconds => $"{Rounded(value)} s",
        Unit.Mebibytes => $"{Rounded(value / (1024 * 1024))} MiB",
        Unit.Bytes => $"{Rounded(value)} B",
        _ => Rounded(value),
    };

    /// <summary>Three digits that count; more would claim what a busy machine cannot keep.</summary>
    private static string Rounded(double value) => value switch
    {
        0 => "0",
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.00", CultureInfo.InvariantCulture),
    };
}
