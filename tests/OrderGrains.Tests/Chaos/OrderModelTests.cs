using OrderGrains.Chaos.Judging;
using OrderGrains.Sandbox.Warehouses;
using Xunit;
using static OrderGrains.Tests.Chaos.JudgedRun;

namespace OrderGrains.Tests.Chaos;

/// <summary>A judge that finds nothing proves nothing: each kind of broken promise must be found.</summary>
public sealed class OrderModelTests
{
    private readonly JudgedRun _run = Well();

    [Fact]
    public void A_run_that_went_well_has_no_fault()
    {
        Assert.Empty(_run.Judge());
        Assert.Empty(_run.Leeways.Counts);
    }

    [Fact]
    public void An_order_that_was_shipped_is_over()
    {
        _run.Ships();
        _run.Rows[0] = new OrderRow(Key, "shipped");
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void An_order_that_was_shipped_and_is_called_released_has_the_wrong_status()
    {
        _run.Ships();
        AssertOnly("status", _run.Judge());
    }

    /// <summary>
    /// A real fault: the order was edited to have no S7 while the process was killed. No warehouse was ever asked, and
    /// the audit said balanced.
    /// </summary>
    [Fact]
    public void Units_that_stay_reserved_for_a_line_that_was_edited_away_are_found()
    {
        _run.Orders[0] = Order(units7: 0);
        _run.Amend(order => order with { Take = order.Take with { Lines = [order.Take.Lines[0]] } });
        _run.Reservations.Clear();
        _run.Holds(Line1, "S1", 3, 3);
        Assert.Empty(_run.Judge());

        _run.Holds(Line7, "S7", 3, 3);
        var found = _run.Judge();
        Assert.Contains(found, each => each is { Subject: "#700", Kind: "reserved for nothing" });
        Assert.Contains(found, each => each is { Subject: "#700", Kind: "at warehouse" });
    }

    [Fact]
    public void An_order_that_is_nowhere_was_not_released()
    {
        _run.Taken.Clear();
        _run.Calls.Clear();
        _run.Reservations.Clear();
        _run.Rows[0] = new OrderRow(Key, "received");
        Assert.Contains(_run.Judge(), each => each.Kind == "not released");
    }

    [Fact]
    public void An_order_under_two_references_was_released_twice()
    {
        _run.Releases(2, (Line1, "S1", 3));
        Assert.Contains(_run.Judge(), each => each.Kind == "released twice");
    }

    [Fact]
    public void A_reference_that_was_made_twice_is_found()
    {
        _run.Calls.Add(_run.Calls[0]);
        AssertOnly("made twice", _run.Judge());
    }

    [Fact]
    public void A_line_that_was_edited_down_and_up_again_may_be_asked_for_as_often_as_it_was_bought()
    {
        _run.Orders[0] = _run.Orders[0] with { Lines = [new LineFact(Line1, "S1", 3, 3, 4), Order().Lines[1]] };
        _run.Amend(order => order with { Take = order.Take with { Lines = [Line(4), order.Take.Lines[1]] } });
        Assert.DoesNotContain(_run.Judge(), each => each.Kind == "released twice");
        Assert.Equal(1, _run.Leeways.Counts[Leeway.EditsCrossed]);

        static WarehouseLine Line(int units) => new(Line1, "S1", units);
    }

    [Fact]
    public void A_cancel_that_never_reached_a_shelf_order_is_found()
    {
        _run.Orders[0] = Order(cancelled: true, units1: 0, units7: 0);
        Assert.Contains(_run.Judge(), each => each.Kind == "not stopped");
    }

    [Fact]
    public void A_change_that_came_too_late_excuses_no_order_that_nobody_asked_to_stop()
    {
        _run.Orders[0] = Order(cancelled: true, units1: 0, units7: 0);
        _run.Amend(order => order with { Status = WarehouseStatus.Picked, ChangesRefused = 1 });
        Assert.Contains(_run.Judge(), each => each.Kind == "not stopped");
    }

    [Fact]
    public void A_cancel_that_the_warehouse_refused_leaves_it_what_it_has()
    {
        _run.Orders[0] = Order(cancelled: true, units1: 0, units7: 0);
        _run.Amend(order => order with { Status = WarehouseStatus.Picked, CancelsAsked = 1, CancelsRefused = 1 });
        _run.Rows[0] = new OrderRow(Key, "onHold");
        Assert.Empty(_run.Judge());
        Assert.Equal(1, _run.Leeways.Counts[Leeway.TooLate]);
    }

    [Fact]
    public void An_edit_down_that_was_refused_leaves_what_the_warehouse_had()
    {
        _run.Orders[0] = Order(units1: 1);
        Assert.Contains(_run.Judge(), each => each.Kind == "too many released");
        _run.Amend(order => order with { Status = WarehouseStatus.Picked, ChangesRefused = 1 });
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void An_unpaid_order_at_a_warehouse_is_a_fault()
    {
        _run.Orders[0] = Order(paid: false);
        Assert.Contains(_run.Judge(), each => each.Kind == "not stopped");
    }

    [Fact]
    public void An_unpaid_order_holds_nothing_and_is_received()
    {
        _run.Orders[0] = Order(paid: false);
        _run.Taken.Clear();
        _run.Calls.Clear();
        _run.Rows[0] = new OrderRow(Key, "received");
        Assert.Contains(_run.Judge(), each => each.Kind == "reserved for nothing");
        _run.Reservations.Clear();
        Assert.Empty(_run.Judge());
    }

    [Fact]
    public void An_order_that_the_warehouse_refused_is_held_and_keeps_what_it_had()
    {
        Refuse(cancelsAsked: 0);
        _run.Rows[0] = new OrderRow(Key, "onHold");
        Assert.Empty(_run.Judge());
        _run.Rows[0] = new OrderRow(Key, "received");
        AssertOnly("status", _run.Judge());
    }

    [Fact]
    public void A_release_that_was_refused_while_it_was_asked_to_stop_may_hold_its_order_or_not()
    {
        Refuse(cancelsAsked: 1);
        _run.Rows[0] = new OrderRow(Key, "onHold");
        Assert.Empty(_run.Judge());
        Assert.True(_run.Leeways.Counts[Leeway.StopCrossed] > 0);
    }

    [Fact]
    public void A_line_that_no_order_has_is_found_at_the_warehouse_and_in_the_stock()
    {
        _run.Amend(order => order with
        {
            Take = order.Take with { Lines = [.. order.Take.Lines, new WarehouseLine("99", "S9", 1)] },
        });
        _run.Counts("S9", 5, 0);
        _run.Holds("99", "S9", 1, 1);
        var found = _run.Judge();
        Assert.Contains(found, each => each.Kind == "strange line");
        Assert.Contains(found, each => each.Kind == "reserved for nothing");
    }

    [Fact]
    public void What_is_parked_after_an_answer_for_good_leaves_its_order_to_a_person()
    {
        var reference = _run.Taken[0].Reference;
        _run.Taken.Clear();
        _run.Calls.Clear();
        _run.Rows[0] = new OrderRow(Key, "allocated");
        _run.Messages.Add(new MessageRow("east", "release", "parked", Key, reference, 1, "422", "refused"));
        Assert.Contains(_run.Judge(), each => each.Kind == "message parked");
        _run.RefusedForGood.Add(reference);
        Assert.Empty(_run.Judge());
        Assert.True(_run.Leeways.Counts[Leeway.LeftToAPerson] > 0);
    }

    [Fact]
    public void A_release_that_was_refused_for_good_and_waits_for_nobody_is_found()
    {
        var reference = _run.Taken[0].Reference;
        _run.RefusedForGood.Add(reference);
        // It was sent again, and taken.
        Assert.Empty(_run.Judge());
        _run.Taken.Clear();
        _run.Calls.Clear();
        _run.Messages.Add(new MessageRow("east", "release", "superseded", Key, reference, 1, "422", "refused"));
        Assert.Contains(_run.Judge(), each => each.Kind == "not parked");
        // Its edit may have taken the message back.
        _run.Hears("acme", "edit", "orders/edited", JudgedRun.OrderId);
        Assert.DoesNotContain(_run.Judge(), each => each.Kind == "not parked");
    }

    private void Refuse(int cancelsAsked)
    {
        _run.Amend(order => order with { Status = WarehouseStatus.Refused, CancelsAsked = cancelsAsked });
        _run.Hears("east", "refusal", "order.refused", said: new ReceiptSaid("order.refused", _run.Taken[0].Reference));
        _run.Reservations.Clear();
        _run.Holds(Line1, "S1", 3, 0);
        _run.Holds(Line7, "S7", 1, 0);
    }

    private static void AssertOnly(string kind, IReadOnlyList<Violation> found) =>
        Assert.Equal(kind, Assert.Single(found.Select(each => each.Kind).Distinct(StringComparer.Ordinal)));
}
