using OrderGrains.Tests.Silos;
using Xunit;

[assembly: AssemblyFixture(typeof(SharedSilo))]

namespace OrderGrains.Tests.Silos;

/// <summary>
/// One silo for all tests that leave the clock alone: each has orders and SKUs of its own. Started when asked for.
/// </summary>
public sealed class SharedSilo : IAsyncDisposable
{
    private readonly Lock _sync = new();
    private Task<SiloWorld>? _world;

    internal Task<SiloWorld> StartAsync()
    {
        lock (_sync)
            return _world ??= SiloWorld.StartAsync(new SiloSetup { Limits = w => w.CallsPerSecondMax = 10_000 });
    }

    public async ValueTask DisposeAsync()
    {
        if (_world is not null)
            await (await _world).DisposeAsync();
    }
}

/// <summary>Tests against the shared silo.</summary>
public abstract class SharedSiloTests(SharedSilo silo) : IAsyncLifetime
{
    private protected SiloWorld World { get; private set; } = null!;

    public async ValueTask InitializeAsync() => World = await silo.StartAsync();

    public virtual ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
