namespace OrderGrains.Chaos.Faults;

/// <summary>Draws the faults of a run from its seed.</summary>
internal sealed class FaultDraw
{
    private const int FirstAtSeconds = 3;
    private const int GapSecondsMin = 8;
    private const int GapSecondsMax = 15;
    private const int SecondPercent = 25;
    private const int DrawsMax = 50;
    private const int Warehouses = 2;

    /// <summary>What has no duration still needs time to be healed: a process starts anew.</summary>
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(10);

    /// <summary>The two that every long run on PostgreSQL must have: see <see cref="DrawMusts"/>.</summary>
    private static readonly TimeSpan LongRun = TimeSpan.FromSeconds(60);

    private readonly ChaosOptions _options;
    private readonly Random _random;
    private readonly List<FaultAct> _acts = [];
    private readonly FaultKind[] _kinds;

    private FaultDraw(ChaosOptions options)
    {
        _options = options;
        // Not the shop's own row of numbers.
        _random = new Random(unchecked((options.Seed * 486187739) + 7919));
        _kinds = [.. Enum.GetValues<FaultKind>().SelectMany(kind =>
        {
            var rule = FaultRules.Of(kind);
            var possible = options.OnPostgres ? rule.OnPostgres : rule.OnSqlite;
            return Enumerable.Repeat(kind, possible ? rule.Weight : 0);
        })];
    }

    public static FaultSchedule Draw(ChaosOptions options)
    {
        var draw = new FaultDraw(options);
        var starts = draw.DrawStarts();
        if (options.OnPostgres && options.Duration >= LongRun) draw.DrawMusts(starts);
        foreach (var start in starts) draw.DrawOne(start);
        return new FaultSchedule([.. draw._acts.OrderBy(act => act.At)]);
    }

    private List<TimeSpan> DrawStarts()
    {
        var starts = new List<TimeSpan>();
        for (var at = Tenths(FirstAtSeconds, FirstAtSeconds + 3); at < _options.Duration;
            at += Tenths(GapSecondsMin, GapSecondsMax))
        {
            starts.Add(at);
            // Now and then two at once, or nearly so.
            if (_random.Next(100) < SecondPercent) starts.Add(at + Tenths(0, 4));
        }

        return starts;
    }

    /// <summary>
    /// A killed silo, and a pause that outlasts its being declared dead. Their starts are taken out of those given.
    /// </summary>
    private void DrawMusts(List<TimeSpan> starts)
    {
        var pause = Tenths(12, 20);
        var early = starts.Where(start => start + pause <= _options.Duration).ToArray();
        var pauseAt = early[_random.Next(early.Length)];
        _acts.Add(new FaultAct(pauseAt, FaultKind.PauseSilo, pause, _random.Next(_options.Silos)));
        starts.Remove(pauseAt);
        var timely = starts.Where(start => start + Restart <= _options.Duration).ToArray();
        var killAt = timely[_random.Next(timely.Length)];
        var others = Enumerable.Range(0, _options.Silos).Where(silo => silo != _acts[0].Target).ToArray();
        _acts.Add(new FaultAct(killAt, FaultKind.KillSilo, TimeSpan.Zero, others[_random.Next(others.Length)]));
        starts.Remove(killAt);
    }

    private void DrawOne(TimeSpan at)
    {
        // A few draws may find what is free then; none is no harm.
        for (var draw = 0; draw < DrawsMax; draw++)
        {
            if (DrawAct(at) is not { } act || _acts.Any(other => Meet(act, other) && FaultRules.Collide(act, other)))
                continue;
            _acts.Add(act);
            return;
        }
    }

    /// <summary>Null when what is left is too short for what was drawn.</summary>
    private FaultAct? DrawAct(TimeSpan at)
    {
        var kind = _kinds[_random.Next(_kinds.Length)];
        var rule = FaultRules.Of(kind);
        var left = _options.Duration - at;
        // Short ones more often than long ones.
        var length = rule.Longest == 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Round(
            rule.Shortest + ((rule.Longest - rule.Shortest) * Math.Pow(_random.NextDouble(), 2)), 1));
        var one = _random.Next(rule.Subject == FaultSubject.Warehouse ? Warehouses : _options.Silos);
        if (length > left) length = TimeSpan.FromSeconds(Math.Floor(left.TotalSeconds * 10) / 10);
        if (rule.Longest == 0 ? left < Restart : length < TimeSpan.FromSeconds(rule.Shortest)) return null;
        return rule.Subject switch
        {
            FaultSubject.Silo or FaultSubject.Warehouse => new FaultAct(at, kind, length, one),
            FaultSubject.Pair or FaultSubject.Way => new FaultAct(
                at, kind, length, one, (one + 1 + _random.Next(_options.Silos - 1)) % _options.Silos),
            _ => new FaultAct(at, kind, length),
        };
    }

    private static bool Meet(FaultAct one, FaultAct other) => one.At < EndOf(other) && other.At < EndOf(one);

    private static TimeSpan EndOf(FaultAct act) => act.At + (act.For > Restart ? act.For : Restart);

    private TimeSpan Tenths(int min, int max) =>
        TimeSpan.FromMilliseconds(_random.Next(min * 10, (max * 10) + 1) * 100);
}
