namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>Time that is there as soon as somebody waits for it; a call's own time never runs out.</summary>
/// <param name="pause">What is waited between two pages.</param>
internal sealed class QuickTime(TimeSpan pause) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = Deliveries.Now;

    public int Waits { get; private set; }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var isPause = dueTime == pause;
        Waits += isPause ? 1 : 0;
        return base.CreateTimer(callback, state, isPause ? TimeSpan.Zero : dueTime, period);
    }
}
