namespace OrderGrains.Chaos.Faults;

/// <summary>What breaks. Stored and printed by name.</summary>
public enum FaultKind
{
    /// <summary>
    /// SIGKILL; its supervisor starts it anew after a moment, as it does for a silo that ended by itself.
    /// </summary>
    KillSilo,
    KillAllSilos,

    /// <summary>SIGSTOP, and SIGCONT after the duration.</summary>
    PauseSilo,

    /// <summary>SIGTERM, wait for code 0, start anew.</summary>
    RollSilo,

    /// <summary>One more silo comes, and leaves by SIGTERM after the duration.</summary>
    JoinSilo,

    /// <summary>A silo is restarted with a clock that is minutes off, for the duration.</summary>
    WrongClock,

    /// <summary>SIGSTOP of every process of the server.</summary>
    PauseDatabase,

    /// <summary>Every connection breaks and no transaction under way ends; started again after the duration.</summary>
    CrashDatabase,

    /// <summary>A stop that waits for nobody's transaction (pg_ctl -m fast), and a start.</summary>
    RestartDatabase,

    /// <summary>Connections break and new ones are refused, as in a failover.</summary>
    RefuseDatabase,

    /// <summary>pg_terminate_backend of all, again and again.</summary>
    TerminateBackends,

    /// <summary>Others hold all of the server's connections.</summary>
    ExhaustConnections,

    /// <summary>The database's disk is full.</summary>
    FullDisk,

    /// <summary>The way to the database has a delay each way.</summary>
    SlowDatabase,

    /// <summary>One silo's way to the database is cut: nothing passes, no end is told.</summary>
    CutDatabase,

    /// <summary>Between two silos nothing passes either way, no end is told.</summary>
    CutSilos,

    /// <summary>Between two silos nothing passes one way.</summary>
    CutSilosOneWay,

    /// <summary>Between two silos all passes late.</summary>
    SlowSilos,

    /// <summary>One silo is cut from all others, both ways.</summary>
    IsolateSilo,

    /// <summary>Answers of one silo to shops and warehouses are swallowed: the sender does not know.</summary>
    SwallowAnswers,

    /// <summary>Connections of shops and warehouses to one silo are broken again and again.</summary>
    ResetSenders,

    /// <summary>The way from the silos to a warehouse is cut, no end is told.</summary>
    CutWarehouse,

    /// <summary>A warehouse refuses connections, and comes back.</summary>
    WarehouseAway,

    /// <summary>Most calls of a warehouse meet a fault of its own: any status, hanging, garbage …</summary>
    WarehouseSick,

    /// <summary>Another process holds SQLite's write lock.</summary>
    LockDatabase,
}

/// <summary>One fault of a run.</summary>
/// <param name="At">From the start of trade.</param>
/// <param name="Kind">What breaks.</param>
/// <param name="For">How long; zero for what has no duration.</param>
/// <param name="Target">The silo or the warehouse, from 0.</param>
/// <param name="Other">The other silo, where two are meant.</param>
public sealed record FaultAct(TimeSpan At, FaultKind Kind, TimeSpan For, int Target = 0, int Other = 0);

/// <summary>A fault as it was, for the judge and the report.</summary>
/// <param name="Act">What was meant.</param>
/// <param name="From">When it began.</param>
/// <param name="To">When it was healed: processes that were to start are ready again.</param>
/// <param name="Skipped">Why it could not be made here; null when it was.</param>
public sealed record FaultDone(FaultAct Act, DateTimeOffset From, DateTimeOffset To, string? Skipped = null);
