using Npgsql;
using OrderGrains.Chaos.Silos;

namespace OrderGrains.Chaos.Faults;

/// <summary>Makes the faults of a schedule, and heals each.</summary>
internal sealed partial class FaultAgent(ChaosWorld world)
{
    private PostgresServer Postgres => world.Postgres!;

    private TimeProvider Time => world.Time;

    /// <summary>Ends when the last fault is healed; each is noted in the ledger.</summary>
    public async Task RunAsync(FaultSchedule schedule, DateTimeOffset began, CancellationToken cancellation)
    {
        // One act on the database at a time, whatever a schedule written by hand says.
        using var database = new SemaphoreSlim(1, 1);
        await Task.WhenAll(schedule.Acts.Select(act => ActAsync(act, began, database, cancellation)));
        if (!await world.Silos.ReadyAsync(world.Silos.Wanted, world.Options.StartMax, cancellation))
            world.NoteTrouble($"not every silo was ready {world.Options.StartMax} after the last fault was healed");
    }

    private async Task ActAsync(
        FaultAct act, DateTimeOffset began, SemaphoreSlim database, CancellationToken cancellation)
    {
        var wait = began + act.At - Time.GetUtcNow();
        if (wait > TimeSpan.Zero) await Task.Delay(wait, Time, cancellation);
        var from = Time.GetUtcNow();
        if (FindHindrance(act) is { } reason)
        {
            world.Options.Say?.Invoke($"skipped: {FaultText.Write(act)}: {reason}");
            world.Ledger.Note(new FaultDone(act, from, from, reason));
            return;
        }

        world.Options.Say?.Invoke(FaultText.Write(act));
        try
        {
            await MakeAsync(act, database, cancellation);
        }
        catch (NpgsqlException away)
        {
            // Whatever was begun of it is undone; the rest of the run goes on.
            world.Options.Say?.Invoke($"broken off: {FaultText.Write(act)}: {away.Message}");
        }

        var healed = Time.GetUtcNow();
        var waited = FaultRules.Of(act.Kind).Subject == FaultSubject.Silo
            ? [world.Silos[act.Target]] : world.Silos.Wanted;
        // Others may be at work on the same silos: whether all come back is asked at the end.
        await world.Silos.ReadyAsync(waited, world.Options.StartMax, cancellation);

        var ready = Time.GetUtcNow();
        world.Options.Say?.Invoke($"healed: {FaultText.Write(act)}: " + FormattableString.Invariant(
            $"made for {(healed - from).TotalSeconds:0.0} s, ready {(ready - healed).TotalSeconds:0.0} s later"));
        world.Ledger.Note(new FaultDone(act, from, ready));
    }

    private Task MakeAsync(FaultAct act, SemaphoreSlim database, CancellationToken cancellation) => act.Kind switch
    {
        _ when FaultRules.Of(act.Kind).Subject == FaultSubject.Database =>
            MakeAtDatabaseAsync(act, database, cancellation),
        FaultKind.KillSilo or FaultKind.KillAllSilos or FaultKind.PauseSilo or FaultKind.RollSilo
            or FaultKind.JoinSilo or FaultKind.WrongClock => MakeAtSilosAsync(act, cancellation),
        _ => MakeAtLinksAsync(act, cancellation),
    };

    /// <summary>Why a fault cannot be made here; null when it can.</summary>
    private string? FindHindrance(FaultAct act)
    {
        var rule = FaultRules.Of(act.Kind);
        if (!(world.Options.OnPostgres ? rule.OnPostgres : rule.OnSqlite))
            return "this storage has no such fault";
        var places = rule.Subject == FaultSubject.Warehouse ? world.Warehouses.Count : world.Silos.All.Count;
        if (act.Target >= places || act.Other >= places) return "there are not so many";
        return act.Kind switch
        {
            FaultKind.FullDisk when world.Disk is null => "a disk of its own needs root",
            FaultKind.WrongClock when WrongClock.FindLibrary() is null => "faketime is not installed",
            _ => null,
        };
    }

    private async Task DuringAsync(IDisposable fault, FaultAct act, CancellationToken cancellation)
    {
        using (fault) await Task.Delay(act.For, Time, cancellation);
    }

    /// <summary>Does something again and again, for as long as the fault lasts.</summary>
    private async Task RepeatAsync(
        FaultAct act, TimeSpan every, Func<Task> work, CancellationToken cancellation)
    {
        var since = Time.GetTimestamp();
        while (Time.GetElapsedTime(since) < act.For)
        {
            await work();
            await Task.Delay(every, Time, cancellation);
        }
    }
}
