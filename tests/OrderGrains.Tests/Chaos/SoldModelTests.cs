using OrderGrains.Chaos;
using OrderGrains.Chaos.Judging;
using OrderGrains.Sandbox.Warehouses;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>What a warehouse is given to ship, and what could be believed to be there.</summary>
public sealed class SoldModelTests
{
    private readonly JudgedRun _run = Well();
    private readonly Dictionary<(string, string), DateTimeOffset> _applied = [];

    [Fact]
    public void What_was_counted_may_be_sold() => Assert.Empty(Judge());

    [Fact]
    public void A_unit_that_is_sold_beyond_the_count_is_found()
    {
        _run.Releases(1, 800, "east", ("81", "S1", 8));
        var found = Assert.Single(Judge());
        Assert.Equal(("east/S1", "sold beyond the count"), (found.Subject, found.Kind));
    }

    [Fact]
    public void What_has_left_is_not_sold_again()
    {
        _run.Ships();
        _run.Releases(1, 800, "east", ("81", "S1", 8));
        Assert.Empty(Judge());
    }

    [Fact]
    public void What_the_warehouse_cancelled_is_sold_again()
    {
        _run.Amend(order => order with { Status = WarehouseStatus.Cancelled });
        _run.Releases(1, 800, "east", ("81", "S1", 8));
        Assert.Empty(Judge());
    }

    [Fact]
    public void A_change_to_more_than_is_there_is_found()
    {
        _run.Calls.Add(new WarehouseDid("east", _run.Taken[0].Reference, "updated", At(3),
            new Dictionary<string, int>(StringComparer.Ordinal) { ["S1"] = 11 }));
        Assert.Single(Judge());
    }

    [Fact]
    public void A_call_that_was_judged_before_is_not_judged_again()
    {
        _run.Releases(1, 800, "east", ("81", "S1", 8));
        Assert.Empty(SoldModel.Judge(_run.World(), _applied, checkedCalls: 2));
    }

    [Fact]
    public void An_order_that_was_first_heard_of_after_a_lower_count_had_effect_must_keep_to_it()
    {
        _run.Counts("S1", 5, 0.5);
        _run.Tries.Add(_run.Tries[0] with { OrderId = 800, WebhookId = "other", From = At(1.5) });
        _run.Releases(1, 800, "east", ("81", "S1", 4));
        Assert.Empty(Judge());

        foreach (var told in _run.Stock) _applied[("east", told.WebhookId)] = At(1.2);
        Assert.Single(Judge());
    }

    [Fact]
    public void What_may_or_may_not_have_been_applied_is_taken_for_the_most()
    {
        StockTold[] told =
        [
            Told(StockTold.Kinds.Counted, 10, at: 1), Told(StockTold.Kinds.Adjusted, 5, at: 2),
            Told(StockTold.Kinds.Adjusted, -4, at: 3), Told(StockTold.Kinds.Counted, 2, at: 4),
            Told(StockTold.Kinds.Adjusted, 9, at: 5, said: 60),
        ];
        Assert.Equal(15, SoldModel.MostBelieved(told, _ => false, At(10)));
        Assert.Equal(11, SoldModel.MostBelieved(told, each => each.At <= At(3), At(10)));
        Assert.Equal(2, SoldModel.MostBelieved(told, each => each.At <= At(4), At(10)));
        Assert.Equal(11, SoldModel.MostBelieved(told, each => each.At <= At(4), At(70)));
    }

    [Fact]
    public void A_count_that_is_older_than_one_that_had_effect_changes_nothing()
    {
        StockTold[] told = [Told(StockTold.Kinds.Counted, 90, at: 1), Told(StockTold.Kinds.Counted, 3, at: 4)];
        Assert.Equal(3, SoldModel.MostBelieved(told, each => each.Units == 3, At(10)));
    }

    private List<Violation> Judge() => [.. SoldModel.Judge(_run.World(), _applied, checkedCalls: 0)];

    private static StockTold Told(StockTold.Kinds kind, int units, double at, double? said = null) =>
        new("east", "S1", kind, units, At(at), $"{kind}{at}", At(said ?? at));
}
