using OrderGrains.Chaos.Trade;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Chaos;

public sealed class SicknessTests
{
    private static readonly WarehouseCall Call = new(CallKind.TakeOrder, "acme-1-1");

    [Fact]
    public void The_nth_call_on_an_order_meets_the_same_whatever_else_goes_on()
    {
        var (alone, amid) = (Sickness.Rule(7, 60), Sickness.Rule(7, 60));
        for (var n = 0; n < 40; n++)
        {
            amid(Call with { Subject = "acme-2-1" });
            amid(Call with { Kind = CallKind.FindOrder });
            Assert.Equal(alone(Call), amid(Call));
        }
    }

    [Fact]
    public void Every_fault_is_drawn_as_often_as_was_asked()
    {
        var rule = Sickness.Rule(7, 25, new WarehouseHabits());
        var drawn = Enumerable.Range(0, 8000).Select(_ => rule(Call)).ToList();
        Assert.InRange(drawn.Count(fault => fault != Fault.None), 1800, 2200);
        Assert.Equal(9, drawn.Select(fault => fault.GetType()).Distinct().Count());
    }

    [Fact]
    public void Nothing_that_would_mean_what_is_not_so_is_drawn()
    {
        var rule = Sickness.Rule(7, 100);
        var codes = Enumerable.Range(0, 4000).Select(_ => rule(Call)).OfType<Fault.Status>()
            .Select(status => status.Code).Distinct();
        Assert.All(codes, code => Assert.True(code is 408 or 425 or 429 or >= 500));
    }

    [Fact]
    public void What_belongs_on_the_shelf_is_never_answered_no()
    {
        var rule = Sickness.Rule(7, 100, new WarehouseHabits { ShelfPercent = 100 });
        Assert.Empty(Enumerable.Range(0, 4000).Select(_ => rule(Call)).OfType<Fault.Refuse>());
    }
}
