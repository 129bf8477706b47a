using OrderGrains.Chaos;
using OrderGrains.Chaos.Judging;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>Stock in time: what was counted, what moved, and who waits for it.</summary>
public sealed class StockModelTests
{
    private readonly JudgedRun _run = Well();

    [Fact]
    public void A_count_that_comes_late_brings_nothing_back()
    {
        _run.Ships(at: 5);
        _run.Rows[0] = new OrderRow(Key, "shipped");
        _run.Counts("S1", 10, 4, told: 9);
        Assert.Empty(_run.Judge());

        _run.Levels.AddRange(_run.RightLevels().Select(row => row.Sku == "S1" ? row with { OnHand = 10 } : row));
        Assert.Contains(_run.Judge(), each => each is { Subject: "east/S1", Kind: "on hand" });
    }

    [Fact]
    public void Of_two_counts_of_one_time_the_smaller_holds() => Assert.Equal(7, StockModel.Units(
    [
        Told(StockTold.Kinds.Counted, 9, 3), Told(StockTold.Kinds.Counted, 8, 3), Told(StockTold.Kinds.Counted, 50, 2),
        Told(StockTold.Kinds.Adjusted, 5, 3), Told(StockTold.Kinds.Shipped, -1, 4),
    ]));

    [Fact]
    public void An_adjustment_that_was_forgotten_is_found()
    {
        _run.Adjusts("S1", 4, 3);
        Assert.Empty(_run.Judge());
        _run.Adjusts("S1", 2, 4, isApplied: false);
        Assert.Equal("adjustment", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void An_adjustment_that_took_effect_twice_is_found()
    {
        _run.Adjusts("S1", 4, 3);
        _run.Movements.Add(_run.Movements[^1] with { Id = "adjust:again" });
        Assert.Equal("adjustment", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_parcel_that_left_once_and_counts_twice_is_found()
    {
        _run.Ships();
        _run.Rows[0] = new OrderRow(Key, "shipped");
        _run.Movements.Add(_run.Movements[^1] with { Id = "ship:again" });
        Assert.Equal("shipment", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_shelf_that_is_not_what_was_told_is_found()
    {
        _run.OnShelf[("east", "S1")] = 10;
        Assert.Empty(_run.Judge());
        _run.OnShelf[("east", "S1")] = 9;
        Assert.Equal("shelf", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void A_level_that_is_not_the_sum_of_its_reservations_is_found()
    {
        _run.Levels.AddRange(_run.RightLevels().Select(row => row.Sku == "S1" ? row with { Reserved = 2 } : row));
        Assert.Contains(_run.Judge(), each => each.Kind == "sum of reservations");
    }

    [Fact]
    public void More_reserved_than_on_hand_is_found() => Assert.Equal("oversold", Assert.Single(
        LevelModel.JudgeSums([new StockRow("east", "S1", 2, 3, 0)], [("east", "S1", 3)])).Kind);

    [Fact]
    public void An_event_whose_sender_does_not_know_says_nothing_of_the_stock()
    {
        _run.Stock.Add(new StockTold("east", "S1", StockTold.Kinds.Adjusted, 5, At(3), "unsent", At(3)));
        _run.Levels.AddRange(_run.RightLevels().Select(row => row.Sku == "S1" ? row with { OnHand = 10 } : row));
        Assert.Empty(_run.Judge());
        Assert.Equal(1, _run.Leeways.Counts[Leeway.Unanswered]);
    }

    [Fact]
    public void A_time_far_ahead_of_its_arrival_counts_as_of_the_arrival()
    {
        _run.Adjusts("S1", 4, at: 400, told: 3);
        _run.Movements[^1] = _run.Movements[^1] with { At = At(3) };
        _run.Counts("S1", 6, 50);
        _run.Levels.AddRange(_run.RightLevels().Select(row =>
            row.Sku == "S1" ? row with { OnHand = 6, Reserved = 3 } : row));
        Assert.Empty(_run.Judge());
        Assert.Equal(1, _run.Leeways.Counts[Leeway.AheadOfArrival]);
    }

    [Fact]
    public void An_order_that_waits_while_its_stock_is_free_is_found()
    {
        WaitFor(3);
        _run.Stock.RemoveAll(each => each.Sku == "S1");
        _run.Counts("S1", 2, 0);
        Assert.Empty(_run.Judge());

        _run.Counts("S1", 3, 6);
        Assert.Contains(_run.Judge(), each => each is { Subject: "east/S1", Kind: "waits in vain" });
    }

    [Fact]
    public void An_order_that_waits_while_another_location_has_all_of_it_is_found()
    {
        WaitFor(3);
        _run.Stock.RemoveAll(each => each.Sku == "S1");
        _run.Counts("S1", 2, 0);
        _run.Counts("S1", 9, 0, "west");
        Assert.Empty(_run.Judge());
        Assert.Equal(1, _run.Leeways.Counts[Leeway.StrictLine]);

        _run.Counts("S7", 9, 0, "west");
        Assert.Equal("waits in vain", Assert.Single(_run.Judge()).Kind);
    }

    [Fact]
    public void Who_was_placed_later_and_holds_what_the_first_waits_for_is_found()
    {
        WaitFor(3);
        _run.Stock.RemoveAll(each => each.Sku == "S1");
        _run.Counts("S1", 2, 0);
        _run.Orders.Add(new OrderFact(800, "#800", true, false, false, [new LineFact("81", "S1", 3, 3, 3)]));
        _run.Hears("acme", "other", "orders/create", 800);
        _run.Rows.Add(new OrderRow("acme/800", "backordered"));
        _run.Holds("81", "S1", 2, 0, waiting: 1, key: "acme/800", placed: 9);
        Assert.Contains(_run.Judge(), each => each.Kind == "overtaken in line");
    }

    /// <summary>Our order waits at east for so many of S1, and no warehouse has any of it.</summary>
    private void WaitFor(int units)
    {
        _run.Taken.Clear();
        _run.Calls.Clear();
        _run.Reservations.Clear();
        _run.Holds(Line1, "S1", 0, 0, waiting: units);
        _run.Holds(Line7, "S7", 1, 0);
        _run.Rows[0] = new OrderRow(Key, "backordered");
    }

    private static StockTold Told(StockTold.Kinds kind, int units, double at) =>
        new("east", "S1", kind, units, At(at), $"{kind}{at}", At(at));
}
