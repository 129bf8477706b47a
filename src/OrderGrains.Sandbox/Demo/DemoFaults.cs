using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Sandbox.Demo;

/// <summary>The demo's mishaps, one after the other, round and round; each is announced.</summary>
/// <param name="east">It fails.</param>
/// <param name="west">It receives goods.</param>
/// <param name="hangFor">Longer than the product waits for a warehouse.</param>
/// <param name="time">Times the mishaps.</param>
/// <param name="teller">Announces them.</param>
internal sealed class DemoFaults(
    Warehouse east, Warehouse west, TimeSpan hangFor, TimeProvider time, Teller teller)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(4);

    public async Task RunAsync(CancellationToken cancellation)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Pause, time, cancellation);
                Announce(east, "answers 503 to the next 4 calls");
                east.Faults.Enqueue(new Fault.Status(StatusCodes.Status503ServiceUnavailable), times: 4);

                await Task.Delay(Pause, time, cancellation);
                Announce(east, "takes the next order and hangs before it says so");
                east.Faults.Enqueue(new Fault.HangAfter(hangFor));

                await Task.Delay(Pause, time, cancellation);
                Announce(east, "goes away for 4 seconds");
                await east.GoAwayAsync();
                await Task.Delay(AwayFor, time, cancellation);
                await east.ComeBackAsync(cancellation);
                Announce(east, "is back");

                await Task.Delay(Pause, time, cancellation);
                Announce(east, "answers 429 to the next 2 calls: come back in 2 seconds");
                east.Faults.Enqueue(
                    new Fault.Status(StatusCodes.Status429TooManyRequests, TimeSpan.FromSeconds(2)), times: 2);

                await Task.Delay(Pause, time, cancellation);
                Announce(west, "receives goods that orders wait for");
                await west.AdjustAsync(Shops.Catalogue.Scarce.Sku, 5, "goods received").WaitAsync(cancellation);
            }
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            // The demo ends.
        }
    }

    private void Announce(Warehouse warehouse, string what) => teller.Tell(warehouse.Name, "", $"*** {what}");
}
