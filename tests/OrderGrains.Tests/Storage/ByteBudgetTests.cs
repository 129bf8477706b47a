using OrderGrains.Storage;
using Xunit;

namespace OrderGrains.Tests.Storage;

public sealed class ByteBudgetTests
{
    [Fact]
    public void What_is_returned_can_be_taken_again_and_a_refusal_takes_nothing()
    {
        var budget = new ByteBudget(10);

        Assert.True(budget.TryTake(6));
        Assert.False(budget.TryTake(5));
        Assert.True(budget.TryTake(4));
        budget.Return(6);
        Assert.True(budget.TryTake(6));
        Assert.False(budget.TryTake(1));
    }
}
