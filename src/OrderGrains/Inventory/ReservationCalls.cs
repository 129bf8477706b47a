using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>What a place should hold for the order.</summary>
/// <param name="Units">In all, held or waited for.</param>
/// <param name="AtWarehouse">Of these, units that a warehouse has or is asked for now.</param>
internal readonly record struct Wanted(int Units, int AtWarehouse);

/// <summary>One order's calls to the stock in one turn, and what it has learned from their answers.</summary>
internal sealed class ReservationCalls(IGrainFactory grains, AllocationNeeds needs)
{
    private const int AttemptsMax = 3;

    private readonly Dictionary<Place, Allocation> _now =
        needs.Held.ToDictionary(a => new Place(a.LineId, a.Sku, a.Location));
    private readonly Dictionary<Place, int> _offers = [];
    private readonly HashSet<Place> _known = [];
    private readonly HashSet<Place> _said = [];
    private bool _newest;

    public IReadOnlyCollection<Place> Places => _now.Keys;

    /// <summary>In the order of the lines, whichever answer came first.</summary>
    public IReadOnlyList<Allocation> Allocations => [.. _now.Values.Where(a => a.Quantity + a.Waiting > 0)
        .OrderBy(a => needs.Lines.TakeWhile(l => l.LineId != a.LineId || l.Sku != a.Sku).Count())
        .ThenBy(a => needs.Locations.TakeWhile(at => at != a.Location).Count())];

    /// <summary>Units that the place would have for the order besides what a warehouse has of it.</summary>
    public int Offer(Place place) => _offers.GetValueOrDefault(place);

    /// <summary>Its SKU was counted there at some time.</summary>
    public bool IsKnown(Place place) => _known.Contains(place);

    /// <summary>What a warehouse may still ship from the place: it stays reserved.</summary>
    public Wanted Outstanding(Place place)
    {
        var units = needs.Outstanding(place);
        return new Wanted(units, units);
    }

    public Wanted Wants(Part part)
    {
        var outstanding = Outstanding(part.Place);
        var units = outstanding.Units + part.Units;
        return new Wanted(units, needs.MayRelease ? units : outstanding.Units);
    }

    /// <summary>Takes all parts, or leaves each as it was.</summary>
    public async Task<bool> TryAsync(IReadOnlyList<Part> parts)
    {
        var taken = new List<(Place Place, Allocation? Before)>();
        var whole = true;

        // Lines that wait are asked first: where one must wait on, the others need not be touched.
        foreach (var group in parts.GroupBy(p => _now.GetValueOrDefault(p.Place) is { Waiting: > 0 })
            .OrderByDescending(g => g.Key))
        {
            var asked = group.Where(p => needs.Restate || !Is(p.Place, Wants(p))).ToArray();
            var before = asked.Select(p => (p.Place, Before: _now.GetValueOrDefault(p.Place))).ToArray();
            var answers = await Task.WhenAll(asked.Select(p => SayAsync(p.Place, Wants(p), mayWait: false)));
            taken.AddRange(before.Where((_, i) => answers[i].Outcome == ReservationOutcome.Held));
            whole &= answers.All(a => a.Outcome == ReservationOutcome.Held);
            if (!whole && needs is { Splitting: Splitting.Never, Backorders: Backorders.Wait })
                break;
        }

        // Half an order is no use: what the trial took goes back at once.
        if (!whole)
            await Task.WhenAll(taken.Select(t => GiveBackAsync(t.Place, t.Before)));
        return whole;
    }

    /// <summary>Takes its place in line for all parts. True when any of them waits.</summary>
    public async Task<bool> WaitAsync(IReadOnlyList<Part> parts)
    {
        var answers = await Task.WhenAll(parts.Select(p => SayAsync(
            p.Place, Outstanding(p.Place) with { Units = Outstanding(p.Place).Units + p.Units }, mayWait: true)));
        return answers.Any(a => a.Waiting > 0);
    }

    /// <summary>Makes the place be as wanted, if it is not, waiting for what is not there.</summary>
    public async Task MakeAsync(Place place, Wanted wanted)
    {
        var current = _now.GetValueOrDefault(place);
        var waits = Is(place, wanted with { Units = wanted.Units - (current?.Waiting ?? 0) });
        if (!waits || (!_said.Contains(place) && (needs.Restate || needs.NewlyShipped.Contains(place))))
            await SayAsync(place, wanted, mayWait: true);
    }

    private bool Is(Place place, Wanted wanted) =>
        wanted.Units == (_now.GetValueOrDefault(place)?.Quantity ?? 0)
        && wanted.AtWarehouse == (_now.GetValueOrDefault(place)?.AtWarehouse ?? 0);

    private async Task GiveBackAsync(Place place, Allocation? before)
    {
        var wanted = new Wanted((before?.Quantity ?? 0) + (before?.Waiting ?? 0), before?.AtWarehouse ?? 0);
        var after = _now[place];
        if (before is null || before.Quantity != after.Quantity || before.Waiting != after.Waiting
            || before.AtWarehouse != after.AtWarehouse)
        {
            await SayAsync(place, wanted, mayWait: true);
        }
    }

    /// <summary>A stock that lost its fence has reloaded by the next call, and totals may be said again.</summary>
    private async Task<ReservationAnswer> ReserveAsync(StockKey stock, ReservationRequest request)
    {
        var grain = grains.Find<IInventoryGrain>(stock.ToString());
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await grain.ReserveAsync(request);
            }
            catch (StorageException) when (attempt < AttemptsMax) { }
        }
    }

    private async Task<ReservationAnswer> SayAsync(Place place, Wanted wanted, bool mayWait)
    {
        var before = _now.GetValueOrDefault(place);
        if (before is not null && !needs.NewlyShipped.Contains(place) && !_newest
            && (wanted.Units < before.Quantity || wanted.AtWarehouse < before.AtWarehouse))
        {
            await needs.RequireNewestAsync();
            _newest = true;
        }

        var answer = await ReserveAsync(new StockKey(place.Location, place.Sku), new ReservationRequest(
            needs.Order, place.LineId, wanted.Units, needs.Shipped(place), needs.PlacedAt, mayWait,
            wanted.AtWarehouse));
        _said.Add(place);
        if (answer.Known)
            _known.Add(place);
        if (!mayWait)
            _offers[place] = answer.Held + answer.Available - Outstanding(place).Units;
        _now[place] = new Allocation(
            place.LineId, place.Sku, place.Location, answer.Held, answer.Waiting, answer.AtWarehouse);
        return answer;
    }
}
