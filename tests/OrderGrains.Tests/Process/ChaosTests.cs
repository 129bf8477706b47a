using OrderGrains.Chaos;
using Xunit;

namespace OrderGrains.Tests.Process;

public sealed class ChaosTests
{
    [Fact]
    public async Task Kill_9_in_the_middle_of_sixty_orders_breaks_no_promise()
    {
        var report = await ChaosRun.RunAsync(
            new ChaosOptions { Orders = 60, Kills = 1, Seed = 7 }, TestContext.Current.CancellationToken);

        Assert.True(report.Violations.Count == 0, report.ToString());
        Assert.Equal((60, 60, 1), (report.Orders, report.Acknowledged, report.Kills));
    }
}
