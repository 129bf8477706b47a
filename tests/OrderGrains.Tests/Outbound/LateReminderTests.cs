using OrderGrains.Connectors;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using Xunit;

namespace OrderGrains.Tests.Outbound;

/// <summary>A silo whose reminders cannot be written, as for a minute after the database was away.</summary>
public sealed class LateReminderSilo : IAsyncLifetime
{
    private readonly TaskCompletionSource _reminders = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal SiloWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await SiloWorld.StartAsync(new SiloSetup
    {
        Places = ["place0x"],
        RemindersWait = _reminders.Task,
    });

    public async ValueTask DisposeAsync()
    {
        _reminders.SetResult();
        await World.DisposeAsync();
    }
}

public sealed class LateReminderTests(LateReminderSilo silo)
    : OutboundTests(silo.World, 0), IClassFixture<LateReminderSilo>
{
    [Fact]
    public async Task A_failed_call_is_tried_again_in_time_while_no_reminder_can_be_written()
    {
        var (key, reference) = await ReleaseAsync(
            r => Warehouse.Answer(r, new SendResult.Unknown("503"), times: 2));
        await FailedAsync(1);
        World.Time.Advance(FirstDelay);
        await FailedAsync(2);
        World.Time.Advance(2 * FirstDelay);

        await World.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal("release find find release", Warehouse.KindsOf(reference));
    }
}
