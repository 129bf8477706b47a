namespace OrderGrains.Chaos;

/// <summary>One chaos run. The seed draws orders, plots, faults and the moments of the kills.</summary>
public sealed record ChaosOptions
{
    /// <summary>1 to 100,000. Default 500.</summary>
    public int Orders { get; init; } = 500;

    /// <summary>How often the product is killed (SIGKILL) and started again on the same data. Default 1.</summary>
    public int Kills { get; init; } = 1;

    public int Seed { get; init; } = 42;

    /// <summary>Stories told at the same time. Default 16.</summary>
    public int StoriesAtOnceMax { get; init; } = 16;

    /// <summary>
    /// Of a hundred calls to a warehouse, how many meet a fault. 0 to 100. Default 6; with 0 no warehouse goes away.
    /// </summary>
    public int FaultPercent { get; init; } = 6;

    /// <summary>From placing the first order to silence, restarts included. Default 4 minutes.</summary>
    public TimeSpan Deadline { get; init; } = TimeSpan.FromMinutes(4);

    /// <summary>From starting the process to <c>/health/ready</c>. Default 60 s.</summary>
    public TimeSpan StartMax { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Null: a fresh folder under the system's temporary one, kept only when something is wrong.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>On a PostgreSQL of the run's own, which is not killed. Default: SQLite.</summary>
    public bool OnPostgres { get; init; }

    /// <summary>More of the product's configuration, keys with colons; it wins over the run's own.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told what the run does.</summary>
    public Action<string>? Say { get; init; }
}

/// <summary>What a chaos run found.</summary>
/// <param name="Violations">Promises broken, each a sentence; empty is a pass.</param>
/// <param name="Orders">Placed by the shop.</param>
/// <param name="Acknowledged">Those whose create had its 200.</param>
/// <param name="AtWarehouses">References that are live at a warehouse.</param>
/// <param name="Cancelled">Orders that the shop cancelled.</param>
/// <param name="CancelledTooLate">Of these, those that a warehouse shipped, with a good excuse.</param>
/// <param name="Kills">Times the product was killed.</param>
/// <param name="Recovery">The longest time from a kill to ready again.</param>
/// <param name="Elapsed">The whole run.</param>
/// <param name="Seed">Repeats the run.</param>
/// <param name="Evidence">Where to look when something is wrong; empty otherwise.</param>
public sealed record ChaosReport(
    IReadOnlyList<string> Violations, int Orders, int Acknowledged, int AtWarehouses, int Cancelled,
    int CancelledTooLate, int Kills, TimeSpan Recovery, TimeSpan Elapsed, int Seed, string Evidence)
{
    public override string ToString() => $"""
        seed {Seed}: {Orders} orders, {Acknowledged} acknowledged, {AtWarehouses} live references at the warehouses,
        {Cancelled} cancelled ({CancelledTooLate} too late), {Kills} kills,
        ready again within {Recovery.TotalSeconds:0.0} s;
        {Elapsed.TotalSeconds:0.0} s in all; {Verdict}
        """;

    private string Verdict => Violations.Count == 0
        ? "no violations"
        : $"{Violations.Count} VIOLATIONS:\n  {string.Join("\n  ", Violations)}\n{Evidence}";
}
