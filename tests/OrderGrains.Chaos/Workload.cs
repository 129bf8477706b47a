using System.Collections.Concurrent;
using System.Threading.Channels;
using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// Places the orders and tells their stories, many at once, while the warehouses fail at random and once go away. The
/// seed draws which order meets what; the machine draws how they interleave.
/// </summary>
internal sealed class Workload(ChaosOptions options, World world)
{
    private static readonly TimeSpan PauseMax = TimeSpan.FromMilliseconds(600);
    private static readonly TimeSpan HangFor = TimeSpan.FromSeconds(4);
    private static readonly TimeSpan AwayFor = TimeSpan.FromSeconds(3);

    private readonly ConcurrentQueue<OrderStory> _stories = new();
    private readonly Lock _lock = new();
    private readonly Random _faults = new(unchecked(options.Seed * 7919));

    public IReadOnlyCollection<OrderStory> Stories => _stories;

    public int Acknowledged => _stories.Count(story => story.Acknowledged);

    /// <summary>Ends when every story is told and the scarce thing has come in.</summary>
    public async Task RunAsync(CancellationToken cancellation)
    {
        if (options.FaultPercent > 0)
        {
            foreach (var warehouse in world.Warehouses) warehouse.Faults.Rule = DrawFault;
        }
        var begun = Channel.CreateBounded<OrderStory>(1);
        var tellers = Enumerable.Range(0, options.StoriesAtOnceMax).Select(_ => TellAsync(begun.Reader, cancellation));
        await Task.WhenAll([BeginAsync(begun.Writer, cancellation), .. tellers]);
        foreach (var warehouse in world.Warehouses)
            await warehouse.AdjustAsync(Catalogue.Scarce.Sku, options.Orders, "goods received").WaitAsync(cancellation);
    }

    private async Task BeginAsync(ChannelWriter<OrderStory> begun, CancellationToken cancellation)
    {
        var random = new Random(options.Seed);
        var awayAt = options.FaultPercent > 0 ? random.Next(options.Orders / 4, (options.Orders / 2) + 1) : -1;
        var away = Task.CompletedTask;
        try
        {
            for (var n = 0; n < options.Orders; n++)
            {
                if (n == awayAt) away = GoAwayAsync(random.Next(2) == 0 ? world.East : world.West, cancellation);
                var story = OrderStory.Begin(world.Shop, Plots.Draw(random), world.Time, PauseMax);
                _stories.Enqueue(story);
                await begun.WriteAsync(story, cancellation);
            }
        }
        finally
        {
            begun.Complete();
        }
        await away;
    }

    private static async Task TellAsync(ChannelReader<OrderStory> begun, CancellationToken cancellation)
    {
        await foreach (var story in begun.ReadAllAsync(cancellation)) await story.TellAsync(cancellation);
    }

    private async Task GoAwayAsync(Warehouse warehouse, CancellationToken cancellation)
    {
        var from = world.Time.GetUtcNow();
        options.Say?.Invoke($"{warehouse.Name} goes away for {AwayFor.TotalSeconds:0} s");
        await warehouse.GoAwayAsync();
        await Task.Delay(AwayFor, world.Time, cancellation);
        await warehouse.ComeBackAsync(cancellation);
        world.NoteDisturbance(from, world.Time.GetUtcNow());
    }

    private Fault DrawFault(WarehouseCall call)
    {
        int draw;
        lock (_lock) draw = _faults.Next(100 * 6);
        if (draw >= options.FaultPercent * 6) return Fault.None;
        return (draw % 6) switch
        {
            0 or 1 => new Fault.Status(503),
            2 => new Fault.Status(500),
            3 => new Fault.Status(429, TimeSpan.FromSeconds(1)),
            4 => new Fault.HangBefore(HangFor),
            _ => new Fault.HangAfter(HangFor),
        };
    }
}
