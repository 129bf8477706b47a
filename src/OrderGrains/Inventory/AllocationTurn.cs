using static OrderGrains.Inventory.SplitPlan;


namespace OrderGrains.Inventory;

/// <summary>One turn of the <see cref="Allocator"/> for one order.</summary>
internal sealed class AllocationTurn
{
    /// <summary>Plans that others may spoil before the order waits.</summary>
    private const int TriesMax = 3;

    private readonly AllocationNeeds _needs;
    private readonly ReservationCalls _calls;
    private readonly string[] _locations;
    private IReadOnlyList<string> _unserved = [];

    public AllocationTurn(IGrainFactory grains, AllocationNeeds needs)
    {
        _needs = needs;
        _calls = new ReservationCalls(grains, needs);

        // Units that a warehouse already has bind the order to it, unless it may be split.
        var bound = needs.Held
            .Where(a => needs.Outstanding(new Place(a.LineId, a.Sku, a.Location)) > 0)
            .Select(a => a.Location).Distinct(StringComparer.Ordinal).ToArray();
        _locations = bound.Length > 0 && needs.Splitting == Splitting.Never
            ? bound : [.. bound.Union(needs.Locations, StringComparer.Ordinal)];
    }

    public async Task<AllocationOutcome> RunAsync()
    {
        var wanted = _needs.MayGrow ? await GrowAsync() : Keep();

        // Only now: what the order takes elsewhere is its own before it gives anything back.
        foreach (var place in _calls.Places.Concat(wanted.Keys).Concat(_needs.NewlyShipped).Distinct().ToArray())
        {
            if (!Planted.Is(PlantedFault.KeepsUnits) || wanted.ContainsKey(place))
                await _calls.MakeAsync(place, wanted.GetValueOrDefault(place, _calls.Outstanding(place)));
        }

        return new AllocationOutcome(_calls.Allocations, _unserved);
    }

    /// <summary>Nothing new: of what the order counts on, as much as is still wanted.</summary>
    private Dictionary<Place, Wanted> Keep()
    {
        var wanted = new Dictionary<Place, Wanted>();
        foreach (var line in _needs.Lines)
        {
            var left = line.Quantity;
            foreach (var counted in _needs.Counted.Where(a => a.LineId == line.LineId && a.Sku == line.Sku))
            {
                var place = PlaceOf(line, counted.Location);
                var outstanding = _calls.Outstanding(place).Units;
                var kept = Math.Max(outstanding, Math.Min(left, counted.Quantity + counted.Waiting));
                left = Math.Max(0, left - kept);
                wanted[place] = new Wanted(kept, outstanding);
            }
        }

        return wanted;
    }

    private async Task<Dictionary<Place, Wanted>> GrowAsync()
    {
        var rest = _needs.Lines.Select(l => l with { Quantity = RestOf(l) }).Where(l => l.Quantity > 0).ToArray();
        if (rest.Length == 0)
            return [];
        foreach (var location in _locations)
        {
            if (await _calls.TryAsync(WholeAt(rest, location)))
                return Wants(WholeAt(rest, location));
        }

        for (var tries = 0; _needs.Splitting == Splitting.WhenNeeded && tries < TriesMax; tries++)
        {
            var parts = Of(rest, _locations, _calls.Offer);
            if (rest.Any(l => Missing(l, parts) > 0))
                break;
            if (await _calls.TryAsync(parts))
                return Wants(parts);
        }

        return _needs.Backorders switch
        {
            Backorders.Cancel => await DropAsync(rest) ?? await WaitAsync(rest),
            Backorders.ShipWhatIsThere => await TakeSomeAsync(rest) ?? await WaitAsync(rest),
            _ => await WaitAsync(rest),
        };
    }

    /// <summary>Whole orders wait at one location: holding units at several would starve others.</summary>
    private async Task<Dictionary<Place, Wanted>> WaitAsync(LineNeed[] rest)
    {
        var location = WaitingPlace(rest);
        var waiting = await _calls.WaitAsync(WholeAt(rest, location));
        return !waiting && await _calls.TryAsync(WholeAt(rest, location))
            ? Wants(WholeAt(rest, location))
            : rest.ToDictionary(l => PlaceOf(l, location), l =>
            {
                var outstanding = _calls.Outstanding(PlaceOf(l, location));
                return outstanding with { Units = outstanding.Units + l.Quantity };
            });
    }

    /// <summary>
    /// What can be served whole is taken, and the other lines are named as unserved. Null when the order must wait all
    /// the same: nobody has ever counted one of its SKUs, or others were faster.
    /// </summary>
    private async Task<Dictionary<Place, Wanted>?> DropAsync(LineNeed[] rest)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var plan = BestPlan(rest, (parts, l) => Missing(l, parts) == 0 ? 1 : 0);
            var missing = rest.Where(l => Missing(l, plan) > 0).ToArray();
            if (missing.Any(l => !_locations.Any(at => _calls.IsKnown(PlaceOf(l, at)))))
                return null;
            var dropped = missing.Select(l => l.StatedLineId).Distinct(StringComparer.Ordinal).ToArray();
            Part[] parts = [.. plan.Where(p => !rest.Any(l =>
                l.LineId == p.Place.LineId && dropped.Contains(l.StatedLineId, StringComparer.Ordinal)))];
            if (await _calls.TryAsync(parts))
            {
                _unserved = dropped;
                return Wants(parts);
            }
        }

        return null;
    }

    /// <summary>What is there is taken, the rest waits. Null when nothing is there, or others were faster.</summary>
    private async Task<Dictionary<Place, Wanted>?> TakeSomeAsync(LineNeed[] rest)
    {
        for (var tries = 0; tries < TriesMax; tries++)
        {
            var parts = BestPlan(rest, (parts, l) => l.Quantity - Missing(l, parts));
            if (parts.Count == 0)
                return null;
            if (!await _calls.TryAsync(parts))
                continue;
            var location = _needs.Splitting == Splitting.Never ? parts[0].Place.Location : WaitingPlace(rest);
            var wanted = Wants(parts);
            foreach (var line in rest.Where(l => Missing(l, parts) > 0))
            {
                var place = PlaceOf(line, location);
                var there = wanted.GetValueOrDefault(place, _calls.Outstanding(place));
                wanted[place] = there with { Units = there.Units + Missing(line, parts) };
            }

            return wanted;
        }

        return null;
    }

    /// <summary>Over all locations, or the one that scores best, the preferred of equals.</summary>
    private IReadOnlyList<Part> BestPlan(LineNeed[] rest, Func<IReadOnlyList<Part>, LineNeed, int> score) =>
        _needs.Splitting == Splitting.WhenNeeded
            ? Of(rest, _locations, _calls.Offer)
            : _locations.Select(at => Of(rest, [at], _calls.Offer)).MaxBy(parts => rest.Sum(l => score(parts, l)))!;

    private string WaitingPlace(LineNeed[] rest) =>
        _needs.Held.Where(a => a.Waiting > 0).Select(a => a.Location)
            .FirstOrDefault(at => _locations.Contains(at, StringComparer.Ordinal))
        ?? _locations.FirstOrDefault(at => rest.All(l => _calls.IsKnown(PlaceOf(l, at))))
        ?? _locations[0];

    private int RestOf(LineNeed line) => line.Quantity - _locations
        .Union(_needs.Held.Select(a => a.Location), StringComparer.Ordinal)
        .Sum(at => _calls.Outstanding(PlaceOf(line, at)).Units);

    private Dictionary<Place, Wanted> Wants(IReadOnlyList<Part> parts) =>
        parts.ToDictionary(p => p.Place, p => _calls.Wants(p));

    private static Part[] WholeAt(LineNeed[] rest, string location) =>
        [.. rest.Select(l => new Part(PlaceOf(l, location), l.Quantity))];
}
