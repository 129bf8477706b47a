namespace OrderGrains.Chaos.Faults;

/// <summary>What a kind of fault befalls; two at once never befall the same.</summary>
internal enum FaultSubject
{
    /// <summary>One silo's process, or all of the silos at once.</summary>
    Silo,
    AllSilos,

    /// <summary>The place of a silo that joins.</summary>
    Newcomer,

    /// <summary>The database itself, or the way of all to it.</summary>
    Database,

    /// <summary>Two silos.</summary>
    Pair,

    /// <summary>Two silos, from the one to the other.</summary>
    Way,
    Warehouse,
}

/// <summary>How often a kind of fault comes, and how long it lasts.</summary>
/// <param name="Subject">What it befalls.</param>
/// <param name="Weight">Of those that are possible, its share.</param>
/// <param name="Shortest">Zero for what has no duration.</param>
/// <param name="Longest">Zero for what has no duration.</param>
/// <param name="OnPostgres">Possible with silos on PostgreSQL.</param>
/// <param name="OnSqlite">Possible with one process on SQLite.</param>
internal sealed record FaultRule(
    FaultSubject Subject, int Weight, int Shortest, int Longest, bool OnPostgres = true, bool OnSqlite = false);

internal static class FaultRules
{
    /// <summary>Seconds: a pause of 12 s or more has the others declare the silo dead.</summary>
    public static FaultRule Of(FaultKind kind) => kind switch
    {
        FaultKind.KillSilo => new(FaultSubject.Silo, 4, 0, 0, OnSqlite: true),
        FaultKind.KillAllSilos => new(FaultSubject.AllSilos, 1, 0, 0),
        FaultKind.PauseSilo => new(FaultSubject.Silo, 3, 1, 20, OnSqlite: true),
        FaultKind.RollSilo => new(FaultSubject.Silo, 2, 0, 0, OnSqlite: true),
        FaultKind.JoinSilo => new(FaultSubject.Newcomer, 1, 8, 30),
        FaultKind.WrongClock => new(FaultSubject.Silo, 1, 10, 30),
        FaultKind.PauseDatabase => new(FaultSubject.Database, 2, 1, 30),
        FaultKind.CrashDatabase => new(FaultSubject.Database, 2, 1, 15),
        FaultKind.RestartDatabase => new(FaultSubject.Database, 1, 0, 0),
        FaultKind.RefuseDatabase => new(FaultSubject.Database, 2, 1, 20),
        FaultKind.TerminateBackends => new(FaultSubject.Database, 2, 1, 10),
        FaultKind.ExhaustConnections => new(FaultSubject.Database, 1, 2, 15),
        FaultKind.FullDisk => new(FaultSubject.Database, 1, 2, 15, OnSqlite: true),
        FaultKind.SlowDatabase => new(FaultSubject.Database, 1, 5, 30),
        FaultKind.CutDatabase => new(FaultSubject.Silo, 2, 2, 30),
        FaultKind.CutSilos => new(FaultSubject.Pair, 2, 2, 30),
        FaultKind.CutSilosOneWay => new(FaultSubject.Way, 2, 2, 30),
        FaultKind.SlowSilos => new(FaultSubject.Pair, 1, 5, 30),
        FaultKind.IsolateSilo => new(FaultSubject.Silo, 2, 3, 30),
        FaultKind.SwallowAnswers => new(FaultSubject.Silo, 2, 3, 20, OnSqlite: true),
        FaultKind.ResetSenders => new(FaultSubject.Silo, 2, 2, 15, OnSqlite: true),
        FaultKind.CutWarehouse => new(FaultSubject.Warehouse, 2, 2, 20, OnSqlite: true),
        FaultKind.WarehouseAway => new(FaultSubject.Warehouse, 1, 2, 20, OnSqlite: true),
        FaultKind.WarehouseSick => new(FaultSubject.Warehouse, 3, 5, 30, OnSqlite: true),
        FaultKind.LockDatabase => new(FaultSubject.Database, 3, 1, 15, OnPostgres: false, OnSqlite: true),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, null),
    };

    /// <summary>Whether two faults befall the same.</summary>
    public static bool Collide(FaultAct one, FaultAct other)
    {
        var (first, second) = (Of(one.Kind).Subject, Of(other.Kind).Subject);
        if (first > second) (one, other, first, second) = (other, one, second, first);
        return (first, second) switch
        {
            (FaultSubject.Silo or FaultSubject.Warehouse, _) when first == second => one.Target == other.Target,
            (FaultSubject.Silo, FaultSubject.AllSilos) => true,
            (FaultSubject.Pair, FaultSubject.Way) => true,
            _ => first == second,
        };
    }
}
