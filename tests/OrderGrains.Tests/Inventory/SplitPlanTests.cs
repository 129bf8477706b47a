using CsCheck;
using OrderGrains.Inventory;
using Xunit;

namespace OrderGrains.Tests.Inventory;

public sealed class SplitPlanTests
{
    [Fact]
    public void Few_locations_send_whole_lines_and_a_line_is_divided_only_when_none_has_it()
    {
        var plan = Plan([("1", 2), ("2", 1), ("3", 5)], new(StringComparer.Ordinal)
        {
            ["1 east"] = 2,
            ["2 west"] = 1,
            ["1 west"] = 2,
            ["3 east"] = 4,
            ["3 west"] = 3,
        });
        Assert.Equal("1 west 2, 2 west 1, 3 west 3, 3 east 2", plan);
    }

    [Fact]
    public void A_plan_takes_no_more_than_is_there_nor_than_is_needed_and_misses_only_what_nobody_has()
    {
        var lines = Gen.Int[1, 5].Array[1, 4];
        Gen.Select(lines, Gen.Int[0, 4].Array[12]).Sample((needed, there) =>
        {
            var needs = needed.Select((units, i) => new LineNeed($"{i}", $"SKU{i}", units, $"{i}")).ToArray();
            int Offer(Place place) => there[(int.Parse(place.LineId) * 3) + int.Parse(place.Location)];
            var parts = SplitPlan.Of(needs, ["0", "1", "2"], Offer);
            Assert.All(parts, p => Assert.InRange(p.Units, 1, Offer(p.Place)));
            Assert.Equal(parts.Count, parts.Select(p => p.Place).Distinct().Count());
            foreach (var (line, i) in needs.Select((line, i) => (line, i)))
            {
                var all = there[(i * 3)..((i * 3) + 3)].Sum();
                Assert.Equal(Math.Max(0, line.Quantity - all), SplitPlan.Missing(line, parts));
            }
        }, iter: 2_000);
    }

    private static string Plan((string Line, int Units)[] lines, Dictionary<string, int> there) => string.Join(", ",
        SplitPlan.Of(
            [.. lines.Select(l => new LineNeed(l.Line, $"SKU{l.Line}", l.Units, l.Line))], ["east", "west"],
            place => there.GetValueOrDefault($"{place.LineId} {place.Location}"))
        .Select(p => $"{p.Place.LineId} {p.Place.Location} {p.Units}"));
}
