using OrderGrains.Chaos.Faults;
using OrderGrains.Chaos.Trade;

namespace OrderGrains.Chaos;

/// <summary>One chaos run. The seed draws the orders, what befalls them, and the faults with their moments.</summary>
public sealed record ChaosOptions
{
    public int Seed { get; init; } = 42;

    /// <summary>How long shops trade and things break; then all is healed, to become quiet. Default 30 s.</summary>
    public TimeSpan Duration { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// What is drawn as a minute of an order's story takes so much of one: a short run must not end in a long wait for
    /// stories that go on.
    /// </summary>
    internal double Pace => Math.Min(1, Duration / TimeSpan.FromMinutes(1));

    /// <summary>Three silos on a PostgreSQL of the run's own. Default: one process on SQLite.</summary>
    public bool OnPostgres { get; init; }

    /// <summary>Silos that stand at the start. Default: 3 on PostgreSQL, 1 on SQLite.</summary>
    public int Silos => OnPostgres ? 3 : 1;

    /// <summary>
    /// Each silo is a cluster of its own, and they know nothing of each other: every grain has an activation on each
    /// for the whole run, which Orleans allows for seconds. More is asked then than was promised: a warehouse is called
    /// by each. Default: no.
    /// </summary>
    public bool IsSplit { get; init; }

    /// <summary>New orders a second. Default 8.</summary>
    public double OrdersPerSecond { get; init; } = 8;

    /// <summary>Of a hundred faults of a sick warehouse, how many are a no that is meant. Default 3.</summary>
    public int RefusedPercent { get; init; } = Sickness.RefusedPercent;

    /// <summary>Null: drawn from the seed.</summary>
    public FaultSchedule? Schedule { get; init; }

    /// <summary>The orders that are placed, by their place in the seed's row from 0; null: all.</summary>
    public IReadOnlySet<int>? Orders { get; init; }

    /// <summary>
    /// From the end of the trade to quiet, and again after the last parcels. Default 2 min.
    /// </summary>
    public TimeSpan QuietMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>From starting a process to <c>/health/ready</c>. Default 90 s.</summary>
    public TimeSpan StartMax { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>The product's <c>OrderGrains.dll</c>; null: the one beside this program.</summary>
    public string? Product { get; init; }

    /// <summary>The fault planted in a product that was built to have them; null: none.</summary>
    public string? Planted { get; init; }

    /// <summary>When it fails, fewer faults and orders are looked for that still fail. Default: no.</summary>
    public bool Shrinks { get; init; }

    /// <summary>Null: a fresh folder under the system's temporary one, kept only when something is wrong.</summary>
    public string? DataDirectory { get; init; }

    /// <summary>Told what the run does.</summary>
    public Action<string>? Say { get; init; }
}
