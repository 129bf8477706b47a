using OrderGrains.Sandbox;
using OrderGrains.Sandbox.Shops;

namespace OrderGrains.Chaos;

/// <summary>Keeps the product running, but for the moments that the seed has chosen to kill it.</summary>
internal sealed class Supervisor(ChaosOptions options, World world, string dataDirectory) : IAsyncDisposable
{
    /// <summary>How long silence must last before it counts: a retry may be between two steps.</summary>
    private static readonly TimeSpan SilenceMin = TimeSpan.FromSeconds(1);

    private readonly Random _random = new(unchecked(options.Seed * 104729));
    private ProductProcess? _product;
    private string _lastOutput = "";

    public int Kills { get; private set; }

    /// <summary>The longest from a kill to ready again.</summary>
    public TimeSpan Recovery { get; private set; }

    public string LastOutput => _product?.LastOutput ?? _lastOutput;

    public async Task StartAsync(CancellationToken cancellation)
    {
        _product = await ProductProcess.StartAsync(
            world.Settle(), dataDirectory, options.StartMax, world.Http, world.Time, cancellation);
        world.Product = _product.Address;
        options.Say?.Invoke($"the product is ready at {_product.Address}, process {_product.ProcessId}");
    }

    /// <summary>Runs the workload through all kills, until silence or the deadline.</summary>
    public async Task<IReadOnlyList<string>> RunAsync(Workload workload, CancellationToken cancellation)
    {
        using var deadline = new CancellationTokenSource(options.Deadline, world.Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(deadline.Token, cancellation);
        try
        {
            var work = workload.RunAsync(either.Token);
            var kills = KillAsync(workload, either.Token);
            await await Task.WhenAny(work, kills);
            await Task.WhenAll(work, kills);
            options.Say?.Invoke("every story is told; waiting for silence");
            await SilenceAsync(workload, either.Token);
            return [];
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            var audit = await world.Api.FindAuditAsync(cancellation);
            return [
                $"not quiet after {options.Deadline}: {workload.Acknowledged} of {options.Orders} acknowledged, "
                + $"{world.Warehouses.Sum(warehouse => warehouse.Unfinished)} things unfinished at warehouses, {audit}",
            ];
        }
    }

    /// <summary>SIGTERM: within its time, and with code 0.</summary>
    public async Task<IReadOnlyList<string>> StopAsync() =>
        _product is null ? [] : await _product.StopAsync(world.Time) switch
        {
            0 => [],
            null => ["SIGTERM: the product did not end within 40 s"],
            var code => [$"SIGTERM: the product ended with code {code}"],
        };

    public async ValueTask DisposeAsync()
    {
        if (_product is not null) await _product.DisposeAsync();
    }

    private async Task KillAsync(Workload workload, CancellationToken cancellation)
    {
        for (var kill = 0; kill < options.Kills; kill++)
        {
            // In the middle 40 % of its share of the orders.
            var share = (kill + 0.3 + (0.4 * _random.NextDouble())) / options.Kills;
            var moment = (int)(share * options.Orders);
            await Until.TrueAsync(_ => Task.FromResult(workload.Acknowledged >= moment), options.Deadline, world.Time,
                cancellation, TimeSpan.FromMilliseconds(5));

            var from = world.Time.GetUtcNow();
            options.Say?.Invoke($"kill -9 after {workload.Acknowledged} acknowledged orders");
            await _product!.KillAsync();
            _lastOutput = _product.LastOutput;
            await _product.DisposeAsync();
            _product = null;
            await StartAsync(cancellation);
            Kills++;
            var to = world.Time.GetUtcNow();
            world.NoteDisturbance(from, to);
            if (to - from > Recovery) Recovery = to - from;
        }
    }

    private async Task SilenceAsync(Workload workload, CancellationToken cancellation)
    {
        var since = world.Time.GetTimestamp();
        await Until.TrueAsync(
            async token =>
            {
                if (!await IsSilentAsync(workload, token)) since = world.Time.GetTimestamp();
                return world.Time.GetElapsedTime(since) >= SilenceMin;
            },
            options.Deadline, world.Time, cancellation);
    }

    private async Task<bool> IsSilentAsync(Workload workload, CancellationToken cancellation) =>
        world.IsSilent
        && await world.Api.FindAuditAsync(cancellation) is { IsQuiet: true }
        && HasArrived(workload.Stories);

    /// <summary>Each order that somebody waits for is at a warehouse: silence before that is an order asleep.</summary>
    private bool HasArrived(IEnumerable<OrderStory> stories)
    {
        var live = world.Warehouses.SelectMany(warehouse => warehouse.Book.Orders)
            .Where(order => order.IsLive).Select(order => order.Take.OrderId).ToHashSet(StringComparer.Ordinal);
        return stories.Select(story => story.Order).All(order =>
            order.PaidAt is null || order.CancelledAt is not null || live.Contains(order.Id.ToString())
            || order.Lines.All(line => line.CurrentQuantity == 0 || !line.Item.Shippable));
    }
}
