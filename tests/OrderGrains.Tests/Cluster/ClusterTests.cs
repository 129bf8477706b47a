using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Postgres;
using Xunit;

namespace OrderGrains.Tests.Cluster;

public sealed class ClusterTests(SharedPostgres server) : IAsyncLifetime
{
    /// <summary>A silo's death is noticed within 10 s; the rest is for a machine that runs all tests at once.</summary>
    private static readonly TimeSpan NoticedMax = TimeSpan.FromSeconds(10 + 5);

    private ClusterWorld _world = null!;

    public async ValueTask InitializeAsync() => _world = await ClusterWorld.OpenAsync(server);

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_gateway_takes_webhooks_before_there_is_a_silo_and_hands_them_over_when_one_comes()
    {
        var gateway = await _world.StartAsync(ClusterRole.Gateway);
        var early = await _world.PostOrderAsync(gateway);
        Assert.Equal(0, gateway.Services.GetRequiredService<InboxPump>().Held);
        Assert.Equal(
            (HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable),
            (early.Status, await _world.StatusAsync(gateway, "/health/live"),
                await _world.StatusAsync(gateway, "/health/ready")));

        var silo = await _world.StartAsync(ClusterRole.Silo);

        await Eventually.EqualAsync("applied", () => _world.OutcomeAsync(gateway, early.Receipt!));
        await Eventually.EqualAsync(HttpStatusCode.OK, () => _world.StatusAsync(gateway, "/health/ready"));
        await HearsAsync(gateway, from: gateway);
        Assert.Equal(HttpStatusCode.OK, await _world.StatusAsync(silo, "/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await _world.PostOrderAsync(silo)).Status);
        Assert.Equal(
            (HttpStatusCode.Found, HttpStatusCode.NotFound),
            (await _world.StatusAsync(silo, "/dashboard/"), await _world.StatusAsync(gateway, "/dashboard/")));

        await silo.StopAsync(TestContext.Current.CancellationToken);
        await Eventually.EqualAsync(
            HttpStatusCode.ServiceUnavailable, () => _world.StatusAsync(gateway, "/health/ready"));
        Assert.Equal(HttpStatusCode.OK, (await _world.PostOrderAsync(gateway)).Status);
    }

    [Fact]
    public async Task A_killed_silo_is_noticed_and_the_live_feed_outlives_it()
    {
        // The first silo holds everything there is: the stream's queues and who has subscribed.
        var first = await _world.StartProcessAsync(ClusterRole.Silo);
        var other = await _world.StartAsync(ClusterRole.All);
        await Eventually.EqualAsync(2, () => Task.FromResult(ActiveSilos(other)));
        await HearsAsync(other, from: other);

        await first.KillAsync();
        var killedAt = TimeProvider.System.GetTimestamp();

        await Eventually.EqualAsync(1, () => Task.FromResult(ActiveSilos(other)));
        Assert.InRange(TimeProvider.System.GetElapsedTime(killedAt), TimeSpan.Zero, NoticedMax);
        await HearsAsync(other, from: other);
    }

    [Fact]
    public async Task A_silo_that_is_stopped_leaves_the_cluster_at_once_and_ends_with_code_0()
    {
        var leaving = await _world.StartProcessAsync(ClusterRole.All);
        var staying = await _world.StartAsync(ClusterRole.All);
        await Eventually.EqualAsync(2, () => Task.FromResult(ActiveSilos(staying)));

        Assert.Equal(0, await leaving.StopAsync(TimeProvider.System));

        // No probe has had the time to fail three times: it said farewell.
        Assert.Equal(1, ActiveSilos(staying));
        var (_, receipt) = await _world.PostOrderAsync(staying);
        await Eventually.EqualAsync("applied", () => _world.OutcomeAsync(staying, receipt!));
    }

    private static int ActiveSilos(WebApplication app) => app.Services.GetRequiredService<ISiloStatusOracle>()
        .GetApproximateSiloStatuses(onlyActive: true).Count;

    /// <summary>Posts orders until a console that is open on <paramref name="app"/> hears of one.</summary>
    private async Task HearsAsync(WebApplication app, WebApplication from)
    {
        Assert.True(app.Services.GetRequiredService<LiveFeed>().TrySubscribe(out var console));
        using (console)
        {
            await Eventually.TrueAsync(async () =>
            {
                Assert.Equal(HttpStatusCode.OK, (await _world.PostOrderAsync(from)).Status);
                using var soon = new CancellationTokenSource(TimeSpan.FromSeconds(1), TimeProvider.System);
                try
                {
                    return await console.Changes.WaitToReadAsync(soon.Token);
                }
                catch (OperationCanceledException)
                {
                    return false;
                }
            }, "the live feed is heard");
        }
    }
}
