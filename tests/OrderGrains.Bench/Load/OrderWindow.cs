using System.Diagnostics;
using OrderGrains.Bench.Warehouse;

namespace OrderGrains.Bench.Load;

/// <summary>
/// Bounds the orders between their webhook and the warehouse, so that a closed loop measures the whole path and not
/// how fast the front can pile up work.
/// </summary>
internal sealed class OrderWindow : IAsyncDisposable
{
    /// <summary>Enough that no subject is short of work: a second of it at a thousand a second.</summary>
    private const long OrdersMax = 1024;

    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(5);

    private readonly long _first;
    private readonly long _arrivedBefore;
    private readonly long _endAt;
    private readonly WarehouseProcess _warehouse;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _watching;
    private TaskCompletionSource _looked = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _arrived;

    /// <param name="warehouse">Where the orders arrive.</param>
    /// <param name="first">The number that is sent next.</param>
    /// <param name="arrivedBefore">Orders that are there already.</param>
    /// <param name="duration">How long to bound them; a subject that stalls must not hold up the load for ever.</param>
    public OrderWindow(WarehouseProcess warehouse, long first, long arrivedBefore, TimeSpan duration)
    {
        (_warehouse, _first, _arrivedBefore) = (warehouse, first, arrivedBefore);
        _endAt = Stopwatch.GetTimestamp() + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        _watching = Task.Run(WatchAsync);
    }

    /// <summary>Ends when there is room for the order of this number.</summary>
    public async ValueTask AdmitAsync(long number)
    {
        while (number - _first - Volatile.Read(ref _arrived) >= OrdersMax && Stopwatch.GetTimestamp() < _endAt)
            await Volatile.Read(ref _looked).Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _watching;
        _ending.Dispose();
    }

    private async Task WatchAsync()
    {
        using var timer = new PeriodicTimer(Beat);
        try
        {
            while (await timer.WaitForNextTickAsync(_ending.Token))
            {
                Volatile.Write(ref _arrived, await _warehouse.CountAsync(_ending.Token) - _arrivedBefore);
                Look();
            }
        }
        catch (OperationCanceledException)
        {
            Look();
        }
    }

    private void Look() => Interlocked.Exchange(
        ref _looked, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
