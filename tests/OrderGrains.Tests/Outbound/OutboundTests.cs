using OrderGrains.Outbound;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Outbound;

/// <summary>
/// A silo whose clock the tests of one class move, one after the other; each has a destination of its own.
/// </summary>
public sealed class OutboundSilo : IAsyncLifetime
{
    public const int CallsAtOnceMax = 4;
    public const int CallsPerSecondMax = 50;

    internal SiloWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await SiloWorld.StartAsync(new SiloSetup
    {
        Places = [.. Enumerable.Range(0, 12).Select(i => $"place{i}x")],
        Limits = w => (w.CallsAtOnceMax, w.CallsPerSecondMax) = (CallsAtOnceMax, CallsPerSecondMax),
    });

    public ValueTask DisposeAsync() => World.DisposeAsync();
}

/// <summary>What tests of one destination share.</summary>
public abstract class OutboundTests
{
    protected static readonly TimeSpan FirstDelay = TimeSpan.FromSeconds(0.75);
    private int _version;

    private protected OutboundTests(SiloWorld world, int place)
    {
        World = world;
        Place = $"place{place}x";
    }

    private protected SiloWorld World { get; }
    protected string Place { get; }
    private protected ScriptedWarehouse Warehouse => World.Warehouse(Place);
    private protected IDestinationGrain Destination => World.Destination(Place);

    /// <summary>An order of this place alone, released; its reference.</summary>
    protected async Task<(OrderKey Key, string Reference)> ReleaseAsync(Action<string>? before = null)
    {
        var (key, sku) = (World.NewOrder($"shop{Place}"), await World.NewSkuAsync(5, Place));
        before?.Invoke(ReleaseReference.Of(key, 1));
        // What wakes a destination was written before it, and is looked up first.
        await Destination.GetStatusAsync();
        await StateAsync(key, sku, cancelled: false);
        return (key, ReleaseReference.Of(key, 1));
    }

    protected async Task CancelAsync(OrderKey key) =>
        await StateAsync(key, (await World.LoadAsync(key)).Storefront!.Lines[0].Sku!, cancelled: true);

    /// <summary>The message of a destination that is due next, whether now or later.</summary>
    private protected async Task<OutboundMessage?> NextAsync() =>
        (await World.Outbox.DueAsync($"{Place}-wms", World.Time.GetUtcNow().AddDays(9), 1)) is [var next, ..]
        ? next
        : null;

    /// <summary>So many attempts of the next message have failed and are written.</summary>
    private protected async Task<OutboundMessage> FailedAsync(int attempts)
    {
        await Eventually.EqualAsync(attempts, async () => (await NextAsync())?.Attempts ?? 0);
        return (await NextAsync())!;
    }

    private protected async Task<ParkedMessage> ParkedAsync()
    {
        ParkedMessage? parked = null;
        await Eventually.TrueAsync(async () => (parked = (await World.Outbox.ListParkedAsync(
            new ParkedFilter($"{Place}-wms"), new PageRequest(10, null))).Items is [var found, ..]
            ? found
            : null) is not null);
        return parked!;
    }

    private Task<ReceiptOutcome> StateAsync(OrderKey key, string sku, bool cancelled) =>
        World.DeliverAsync(Stated(key, ++_version, cancelled: cancelled, lines: (sku, 2)));
}
