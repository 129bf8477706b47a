namespace OrderGrains.Sandbox;

/// <summary>Waiting for what must come true: asked again and again, and never beyond a deadline.</summary>
public static class Until
{
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    /// <summary>True as soon as the condition holds; false at the deadline.</summary>
    public static async Task<bool> TrueAsync(
        Func<CancellationToken, Task<bool>> condition, TimeSpan deadline, TimeProvider time,
        CancellationToken cancellation, TimeSpan? beat = null)
    {
        using var limit = new CancellationTokenSource(deadline, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellation);
        using var timer = new PeriodicTimer(beat ?? Beat, time);
        try
        {
            while (!await condition(either.Token)) await timer.WaitForNextTickAsync(either.Token);
            return true;
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}
