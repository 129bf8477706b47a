namespace OrderGrains.Inventory;

/// <summary>Units of a line from one place.</summary>
internal sealed record Part(Place Place, int Units);

/// <summary>
/// Which location sends what, when no location has all. Pure. Few parcels: the location that has most of the lines
/// whole comes first; a line that no location has whole is filled from where the order ships already.
/// </summary>
internal static class SplitPlan
{
    /// <param name="lines">What is needed.</param>
    /// <param name="locations">The preferred first.</param>
    /// <param name="offer">Units that a place has for the order.</param>
    /// <returns>Parts that are there; they cover what can be covered.</returns>
    public static IReadOnlyList<Part> Of(
        IReadOnlyList<LineNeed> lines, IReadOnlyList<string> locations, Func<Place, int> offer)
    {
        var parts = new List<Part>();
        var left = lines.ToList();
        while (left.Count > 0)
        {
            var (location, whole) = locations
                .Select(at => (At: at, Whole: left.Where(l => offer(PlaceOf(l, at)) >= l.Quantity).ToArray()))
                .MaxBy(found => found.Whole.Length);
            if (whole is not { Length: > 0 })
                break;
            parts.AddRange(whole.Select(l => new Part(PlaceOf(l, location), l.Quantity)));
            left.RemoveAll(whole.Contains);
        }

        var used = locations.OrderByDescending(at => parts.Any(p => p.Place.Location == at)).ToArray();
        foreach (var line in left)
        {
            var missing = line.Quantity;
            foreach (var place in used.Select(at => PlaceOf(line, at)))
            {
                if (Math.Min(missing, offer(place)) is > 0 and var units)
                {
                    parts.Add(new Part(place, units));
                    missing -= units;
                }
            }
        }

        return parts;
    }

    /// <summary>Units of a line that no part covers.</summary>
    public static int Missing(LineNeed line, IReadOnlyList<Part> parts) =>
        line.Quantity - parts.Where(p => p.Place.LineId == line.LineId && p.Place.Sku == line.Sku).Sum(p => p.Units);

    public static Place PlaceOf(LineNeed line, string location) => new(line.LineId, line.Sku, location);
}
