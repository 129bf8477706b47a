using System.Text.Json;
using OrderGrains.Chaos;
using OrderGrains.Chaos.Trade;
using Xunit;

namespace OrderGrains.Tests.Chaos;

public sealed class OrderDrawTests
{
    private static readonly ChaosOptions Options = new() { Seed = 7, Duration = TimeSpan.FromSeconds(60) };

    [Fact]
    public void The_same_seed_draws_the_same_stories_and_another_seed_others()
    {
        var stories = OrderDraw.All(Options).Select(Write).ToList();
        Assert.Equal(480, stories.Count);
        Assert.Equal(stories, OrderDraw.All(Options).Select(Write), StringComparer.Ordinal);
        var others = OrderDraw.All(Options with { Seed = 8 }).Select(Write);
        Assert.Empty(stories.Intersect(others, StringComparer.Ordinal));
    }

    [Fact]
    public void Orders_that_are_left_out_change_no_other()
    {
        var all = OrderDraw.All(Options).Select(Write).ToList();
        var some = OrderDraw.All(Options with { Orders = new HashSet<int> { 3, 200, 411 } }).Select(Write);
        Assert.Equal([all[3], all[200], all[411]], some, StringComparer.Ordinal);
    }

    [Fact]
    public void Stories_do_only_what_a_shop_can_do()
    {
        foreach (var plan in OrderDraw.All(Options))
        {
            var units = plan.Lines.Select(line => line.Quantity).ToArray();
            var (paid, cancelled) = (plan.Paid, false);
            foreach (var act in plan.Acts)
            {
                Assert.True(act.Kind is ActKind.Note or ActKind.Delete || !cancelled, plan.ToString());
                if (act.Kind is ActKind.Edit) Assert.NotEqual(units[act.Line], units[act.Line] = act.Units);
                if (act.Kind is ActKind.Refund)
                    Assert.True(paid && (units[act.Line] -= act.Units) >= 0, plan.ToString());
                if (act.Kind is ActKind.Delete) Assert.True(cancelled && act == plan.Acts[^1], plan.ToString());
                if (act.Kind is ActKind.Edit or ActKind.Refund) Assert.False(act.SameSecond);
                paid |= act.Kind is ActKind.Pay;
                cancelled |= act.Kind is ActKind.Cancel;
            }
            Assert.Equal(plan.Acts.OrderBy(act => act.After), plan.Acts);
        }
    }

    [Fact]
    public void Every_kind_of_story_is_told()
    {
        var plans = OrderDraw.All(Options).ToList();
        var acts = plans.SelectMany(plan => plan.Acts);
        Assert.Equal(Enum.GetValues<ActKind>(), acts.Select(act => act.Kind).Distinct().Order());
        Assert.Equal([1, 2, 3, 4, 5], plans.Select(plan => plan.Lines.Count).Distinct().Order());
        Assert.Contains(plans, plan =>
            plan.Acts.Any(act => act.Kind is ActKind.Cancel && act.After < plan.Create.Late));
        Assert.Contains(plans, plan => !plan.Paid && plan.Acts.All(act => act.Kind is not ActKind.Pay));
        Assert.Contains(plans, plan => plan.Acts.Count(act => act.Kind is ActKind.Edit or ActKind.Refund) >= 3);
    }

    private static string Write(OrderPlan plan) =>
        plan.Lines.Count + plan.ToString() + JsonSerializer.Serialize(plan);
}
