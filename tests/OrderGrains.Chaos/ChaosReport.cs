using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Judging;

namespace OrderGrains.Chaos;

/// <summary>What a chaos run did and found.</summary>
public sealed record ChaosReport
{
    public required ChaosOptions Options { get; init; }

    public required FaultSchedule Schedule { get; init; }

    /// <summary>Promises broken; empty is a pass.</summary>
    public required IReadOnlyList<Violation> Violations { get; init; }

    /// <summary>What befell the first subjects that are wrong.</summary>
    public required IReadOnlyList<string> Histories { get; init; }

    public required Ledger Ledger { get; init; }

    public required DateTimeOffset Began { get; init; }

    public required DateTimeOffset HealedAt { get; init; }

    /// <summary>The whole run, starts included.</summary>
    public required TimeSpan Elapsed { get; init; }

    public required string LastOutput { get; init; }
}
