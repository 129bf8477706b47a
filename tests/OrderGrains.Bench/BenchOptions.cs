using System.Globalization;

namespace OrderGrains.Bench;

/// <summary>What to measure, and how long.</summary>
internal sealed record BenchOptions
{
    public const string Usage = """
        dotnet run -c Release --project tests/OrderGrains.Bench -- [--quick] [--scenario NAME,…] [--subject NAME,…]
            [--runs N] [--warm-up SECONDS] [--measured SECONDS] [--out DIR]
        scenarios: ack order hot load reserve memory start backlog storage silos shops changes flood siege growth
        subjects:  ours floor insert rows hangfire rebus adonet
        """;

    /// <summary>Under five minutes: short runs, one of each, and the scenarios that the claims rest on.</summary>
    public bool Quick { get; init; }

    /// <summary>Names of scenarios; empty means all that the mode has.</summary>
    public IReadOnlyList<string> Scenarios { get; init; } = [];

    /// <summary>Names of subjects; empty means all that the scenario has.</summary>
    public IReadOnlyList<string> Subjects { get; init; } = [];

    /// <summary>Runs of each subject, in turns. Default: 5, quick 1.</summary>
    public int? Runs { get; init; }

    /// <summary>In the place of the mode's own; seconds.</summary>
    public int? WarmUpSeconds { get; init; }

    /// <summary>In the place of the mode's own; seconds.</summary>
    public int? MeasuredSeconds { get; init; }

    /// <summary>Where the report and the plots go.</summary>
    public string Directory { get; init; } = Path.Combine("artifacts", "bench");

    public int RunCount => Runs ?? (Quick ? 1 : 5);

    /// <summary>
    /// Load before the measuring starts: pools and caches fill, and code is compiled, which takes the product 50 s.
    /// </summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(WarmUpSeconds ?? (Quick ? 5 : 60));

    /// <summary>One measurement.</summary>
    public TimeSpan Measured => TimeSpan.FromSeconds(MeasuredSeconds ?? (Quick ? 3 : 15));

    /// <summary>How long what was acknowledged may take to arrive.</summary>
    public TimeSpan DrainMax => TimeSpan.FromMinutes(Quick ? 1 : 10);

    /// <summary>Null and what is wrong when the arguments are not understood.</summary>
    public static BenchOptions? TryParse(IReadOnlyList<string> arguments, out string? fault)
    {
        var options = new BenchOptions();
        fault = null;
        for (var at = 0; at < arguments.Count; at++)
        {
            if (arguments[at] == "--quick")
            {
                options = options with { Quick = true };
                continue;
            }
            var value = at + 1 < arguments.Count ? arguments[at + 1] : "";
            BenchOptions? next = arguments[at] switch
            {
                "--scenario" when value.Length > 0 => options with { Scenarios = value.Split(',') },
                "--subject" when value.Length > 0 => options with { Subjects = value.Split(',') },
                "--out" when value.Length > 0 => options with { Directory = value },
                "--runs" when Positive(value) is { } runs => options with { Runs = runs },
                "--warm-up" when Positive(value) is { } seconds => options with { WarmUpSeconds = seconds },
                "--measured" when Positive(value) is { } seconds => options with { MeasuredSeconds = seconds },
                _ => null,
            };
            if (next is null)
            {
                fault = $"Not understood: {arguments[at]} {value}";
                return null;
            }
            (options, at) = (next, at + 1);
        }
        return options;
    }

    private static int? Positive(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? number
            : null;
}
