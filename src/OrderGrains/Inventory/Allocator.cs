using OrderGrains.Connectors;

namespace OrderGrains.Inventory;

/// <summary>What an order needs held, and where it may be.</summary>
public sealed record AllocationNeeds
{
    public required OrderKey Order { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Units may be newly reserved; otherwise what is held is only kept or given back.</summary>
    public required bool MayGrow { get; init; }

    /// <summary>Locations that may serve the order, the preferred first.</summary>
    public required IReadOnlyList<string> Locations { get; init; }

    public required IReadOnlyList<LineNeed> Lines { get; init; }

    /// <summary>What the order holds or waits for now.</summary>
    public required IReadOnlyList<Allocation> Held { get; init; }

    /// <summary>Units that a warehouse may still ship: they stay reserved whatever the order wants.</summary>
    public required Func<string, string, int> OutstandingUnits { get; init; }

    /// <summary>Units of a line that a location has shipped.</summary>
    public required Func<string, string, int> ConsumedUnits { get; init; }
}

/// <summary>Units of one line that are still to ship.</summary>
public sealed record LineNeed(string LineId, string Sku, int Quantity);

/// <summary>
/// Makes an order's reservations fit its needs: whole from the first location that has all its lines, else waiting at
/// one. Every call states totals, so that a crash between two of them is mended by doing it again.
/// </summary>
public sealed class Allocator(IGrainFactory grains)
{
    /// <summary>The order's allocations as they now are, durably.</summary>
    public async Task<IReadOnlyList<Allocation>> AllocateAsync(AllocationNeeds needs)
    {
        var (target, whole) = needs.MayGrow ? await FindLocationAsync(needs) : default;
        var result = new List<Allocation>();
        foreach (var (line, location) in Places(needs, target))
        {
            var before = FindHeld(needs, line, location);
            var needed = needs.Lines.FirstOrDefault(l => l.LineId == line.LineId && l.Sku == line.Sku)?.Quantity ?? 0;
            if (target is null)
                needed = Math.Min(needed, before is null ? 0 : before.Quantity + before.Waiting);
            else if (location != target)
                needed = 0;
            var units = Math.Max(needed, needs.OutstandingUnits(line.LineId, location));
            var after = new Allocation(line.LineId, line.Sku, location, units, 0);
            var tried = target == location && whole && needed > 0 && units == needed;
            if ((before != after && !tried) || needs.ConsumedUnits(line.LineId, location) > 0)
            {
                var answer = await ReserveAsync(needs, line, location, units, mayWait: true);
                after = after with { Quantity = answer.Held, Waiting = answer.Waiting };
            }

            if (units > 0)
                result.Add(after);
        }

        return result;
    }

    private static Allocation? FindHeld(AllocationNeeds needs, LineNeed line, string location) =>
        needs.Held.FirstOrDefault(a => a.LineId == line.LineId && a.Sku == line.Sku && a.Location == location);

    /// <summary>Each line at each place where it is held or is to be held.</summary>
    private static IEnumerable<(LineNeed Line, string Location)> Places(AllocationNeeds needs, string? target)
    {
        foreach (var held in needs.Held)
            yield return (new LineNeed(held.LineId, held.Sku, 0), held.Location);
        foreach (var line in needs.Lines)
        {
            if (target is not null && line.Quantity > 0 && FindHeld(needs, line, target) is null)
                yield return (line, target);
        }
    }

    /// <summary>
    /// The location that serves the order, and whether it holds every line already; a location without that is one to
    /// wait at; null when nothing is needed.
    /// </summary>
    private async Task<(string? Location, bool Whole)> FindLocationAsync(AllocationNeeds needs)
    {
        var lines = needs.Lines.Where(l => l.Quantity > 0).ToArray();
        if (lines.Length == 0)
            return (null, false);

        // Units that a warehouse already has bind the order to it; splitting an order is not done yet.
        var bound = needs.Held.FirstOrDefault(a => needs.OutstandingUnits(a.LineId, a.Location) > 0)?.Location;
        if (bound is not null)
            return (bound, false);

        string? known = null;
        foreach (var location in needs.Locations)
        {
            var answers = await Task.WhenAll(lines.Select(
                l => ReserveAsync(needs, l, location, l.Quantity, mayWait: false)));
            if (answers.All(a => a.Outcome == ReservationOutcome.Held))
                return (location, true);
            if (answers.All(a => a.Known))
                known ??= location;
            await GiveBackAsync(needs, lines, location, answers);
        }

        return (needs.Held.FirstOrDefault(a => a.Waiting > 0)?.Location ?? known ?? needs.Locations[0], false);
    }

    /// <summary>Half an order is no use at a location: what the trial took there goes back at once.</summary>
    private Task<ReservationAnswer[]> GiveBackAsync(
        AllocationNeeds needs, LineNeed[] lines, string location, ReservationAnswer[] answers) =>
        Task.WhenAll(lines
            .Where((l, i) => answers[i].Outcome == ReservationOutcome.Held
                && FindHeld(needs, l, location) is null)
            .Select(l => ReserveAsync(needs, l, location, 0, mayWait: false)));

    private Task<ReservationAnswer> ReserveAsync(
        AllocationNeeds needs, LineNeed line, string location, int units, bool mayWait)
    {
        var grain = grains.GetGrain<IInventoryGrain>(new StockKey(location, line.Sku).ToString());
        var consumed = needs.ConsumedUnits(line.LineId, location);
        return grain.ReserveAsync(
            new ReservationRequest(needs.Order, line.LineId, units, consumed, needs.PlacedAt, mayWait));
    }
}
