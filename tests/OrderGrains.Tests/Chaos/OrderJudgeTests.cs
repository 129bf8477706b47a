using OrderGrains.Chaos;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;
using Xunit;

namespace OrderGrains.Tests.Chaos;

/// <summary>A judge that finds nothing proves nothing: each kind of broken promise must be found.</summary>
public sealed class OrderJudgeTests : IAsyncLifetime
{
    private readonly World _world = new(new ChaosOptions { Seed = 3 }, "unused", TimeProvider.System);

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public void An_order_taken_as_it_is_wanted_has_no_fault()
    {
        var story = Begin(Plot.Plain);
        Assert.Empty(Judge(story, Take(story)));
    }

    [Fact]
    public void An_order_that_is_nowhere_was_not_released() =>
        Assert.Contains("not released", Judge(Begin(Plot.Plain))[0]);

    [Fact]
    public void An_order_under_two_references_was_released_twice()
    {
        var story = Begin(Plot.Plain);
        var faults = Judge(story, Take(story), Take(story, number: 2));
        Assert.NotEmpty(faults);
        Assert.All(faults, fault => Assert.Contains("released twice", fault));
    }

    [Fact]
    public void An_unpaid_order_at_a_warehouse_is_a_fault()
    {
        var story = Begin(Plot.NeverPaid);
        Assert.Contains("unpaid", Assert.Single(Judge(story, Take(story))));
    }

    [Fact]
    public void A_cancel_that_came_first_excuses_no_live_order_and_any_cancelled_one()
    {
        var story = Begin(Plot.CancelledFirst);
        _world.Shop.Cancel(story.OrderId);
        Assert.Contains("is cancelled", Assert.Single(Judge(story, Take(story) with { CancelsAsked = 1 })));
        Assert.Empty(Judge(story, Take(story) with { Status = WarehouseStatus.Cancelled }));
    }

    [Fact]
    public void A_line_of_another_sku_is_a_fault()
    {
        var story = Begin(Plot.Plain);
        var taken = Take(story);
        var wrong = taken.Take.Lines.Select(line => line with { Sku = "OTHER" }).ToList();
        Assert.NotEmpty(Judge(story, taken with { Take = taken.Take with { Lines = wrong } }));
    }

    private OrderStory Begin(Plot plot) => OrderStory.Begin(_world.Shop, plot, TimeProvider.System, TimeSpan.Zero);

    private List<string> Judge(OrderStory story, params WarehouseOrder[] taken) =>
        [.. new OrderJudge(_world).Judge(story, taken)];

    private static WarehouseOrder Take(OrderStory story, int number = 1) => new()
    {
        WarehouseOrderId = "W1",
        Status = WarehouseStatus.Shipped,
        Take = new WarehouseTake($"acme-{story.OrderId}-{number}", "acme", $"{story.OrderId}", story.Order.Name, "east",
            [.. story.Order.Lines.Where(line => line.Item.Shippable)
                .Select(line => new WarehouseLine($"{line.Id}", line.Item.Sku, line.CurrentQuantity))], "{}"),
    };
}
