using Microsoft.Extensions.Hosting;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>An agent that fails ends its process; one whose process ends anyway has not failed.</summary>
public sealed class AgentTests
{
    [Fact]
    public async Task What_fails_once_the_process_stops_is_no_failure()
    {
        using var agent = new Caller();
        await agent.StartAsync(TestContext.Current.CancellationToken);
        await agent.Begun;

        var stopped = agent.StopAsync(TestContext.Current.CancellationToken);
        agent.Call.SetException(new StorageException("the database did not answer"));
        await stopped;

        Assert.True(agent.ExecuteTask!.IsCompletedSuccessfully);
    }

    [Fact]
    public async Task What_fails_before_is_one()
    {
        using var agent = new Caller();
        await agent.StartAsync(TestContext.Current.CancellationToken);

        agent.Call.SetException(new StorageException("the database did not answer"));

        await Assert.ThrowsAsync<StorageException>(() => agent.ExecuteTask!);
    }

    [Fact]
    public void Every_service_of_the_product_that_runs_by_itself_is_an_agent() =>
        Assert.DoesNotContain(typeof(OrderGrainsApp).Assembly.GetTypes(), type =>
            type.IsSubclassOf(typeof(BackgroundService)) && type != typeof(Agent) && !type.IsSubclassOf(typeof(Agent)));

    /// <summary>Its one call is under way until the test ends it.</summary>
    private sealed class Caller : Agent
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TaskCompletionSource Call { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Begun => _begun.Task;

        protected override Task RunAsync(CancellationToken stopping)
        {
            _begun.SetResult();
            return Call.Task;
        }
    }
}
