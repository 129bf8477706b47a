using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Tests.Storage;
using Orleans.Reminders;
using Orleans.TestingHost;
using Xunit;

namespace OrderGrains.Tests.Silos;

/// <summary>
/// One silo with the product's grains on a database of its
/// own. The grains' clock, their timers and reminders
/// are the test's; Orleans' own clockwork runs on the system's.
/// </summary>
internal sealed class SiloWorld : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private readonly bool _owned;
    private InProcessTestCluster _cluster = null!;
    private int _names;

    private SiloWorld(SiloSetup setup, TestDatabase database, bool owned) =>
        (Setup, _database, _owned) = (setup, database, owned);

    public SiloSetup Setup { get; }
    public FakeTimeProvider Time => Setup.Time;
    public Faults Faults => Setup.Faults;
    public IServiceProvider Services => _cluster.Silos[0].ServiceProvider;
    public IGrainFactory Grains => Services.GetRequiredService<IGrainFactory>();
    public IOrderStore Orders => Services.GetRequiredService<IOrderStore>();
    public IStockStore Stock => Services.GetRequiredService<IStockStore>();
    public IOutbox Outbox => Services.GetRequiredService<IOutbox>();
    public IInbox Inbox => Services.GetRequiredService<IInbox>();

    public static async Task<SiloWorld> StartAsync(SiloSetup setup) =>
        await StartAsync(new SiloWorld(setup, await TestDatabase.CreateAsync(), owned: true));

    /// <summary>On a database that another world is on too: then each has activations of its own.</summary>
    public static Task<SiloWorld> StartAsync(SiloSetup setup, TestDatabase shared) =>
        StartAsync(new SiloWorld(setup, shared, owned: false));

    private static async Task<SiloWorld> StartAsync(SiloWorld world)
    {
        await world.DeployAsync();
        // What wakes a destination was written before it, and would be looked up first.
        foreach (var place in world.Setup.Places)
            await world.Destination(place).GetStatusAsync();
        return world;
    }

    public ScriptedWarehouse Warehouse(string place) => Setup.Warehouses[place];

    public string NewName(string prefix) => $"{prefix}{Interlocked.Increment(ref _names)}";

    /// <summary>The silo ends without a farewell, and another starts on what it left behind.</summary>
    /// <param name="passes">Time that passes while none is there.</param>
    public async Task RestartAsync(TimeSpan passes = default)
    {
        await _cluster.KillSiloAsync(_cluster.Silos[0]);
        await _cluster.DisposeAsync();
        Time.Advance(passes);
        await DeployAsync();
    }

    public Task DeactivateAsync(IAddressable grain) => _cluster.DeactivateAsync(grain);

    public Task WaitForDeactivationAsync(IAddressable grain) =>
        _cluster.WaitForDeactivationAsync(grain).WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _cluster.DisposeAsync();
        if (_owned)
            await _database.DisposeAsync();
    }

    private async Task DeployAsync()
    {
        var builder = new InProcessTestClusterBuilder(1);
        builder.Options.ServiceId = "tests";
        builder.Options.ConfigureFileLogging = false;
        builder.Options.InitializeClientOnDeploy = false;
        builder.ConfigureSiloHost((_, host) =>
        {
            host.Logging.ClearProviders();
            AddClocks(host.Services);
            AddStations(host.Services);
        });
        builder.ConfigureSilo((_, silo) =>
        {
            _database.AddOrleans(silo);
            if (Setup.RemindersWait is { } wait)
                silo.Services.StandBefore<IReminderTable>(own => new LateReminders(own, wait));
            silo.AddIncomingGrainCallFilter(Setup.Faults.Count);
        });
        _cluster = builder.Build();
        await _cluster.DeployAsync();
    }

    private void AddClocks(IServiceCollection services)
    {
        services.AddSingleton<TimeProvider>(Setup.Time);
        services.AddKeyedSingleton<TimeProvider>(KeyedService.AnyKey, static (_, _) => TimeProvider.System);
        services.AddKeyedSingleton<TimeProvider>(TimeProviderNames.Grains, Setup.Time);
        services.AddKeyedSingleton<TimeProvider>(ReminderTimeProviderNames.Reminders, Setup.Time);
        services.AddSingleton<Random>(new EvenChance());
    }

    /// <summary>As the product wires them, with warehouses, connector and failures of the test's own.</summary>
    private void AddStations(IServiceCollection services)
    {
        services.AddMetrics();
        _database.AddPorts(services);
        services.StandBefore<IOrderStore>(own => new FaultyOrderStore(own, Setup.Faults));
        services.StandBefore<IStockStore>(own => new FaultyStockStore(own, Setup.Faults));
        services.StandBefore<IOutbox>(own => new SlowOutbox(own, Setup.Faults));

        var destinations = Setup.Destinations();
        services.AddSingleton(Setup.Membership);
        services.AddOrders(Setup.Policies())
            .AddInventory()
            .AddOutbound(Setup.Retry, _ => destinations, Setup.Subscriptions, Setup.ShopsTold())
            .AddIngress(Setup.Ingress, Setup.Sources());
        if (Setup.Agents)
        {
            // After the silo has started, as in the product.
            services.AddHostedService<AgentsOnceActive>();
            services.AddSingleton<OutboxSweep>();
        }
    }

    private sealed class AgentsOnceActive(InboxPump pump, OutboxSweep sweep) : IHostedLifecycleService
    {
        public async Task StartedAsync(CancellationToken cancellationToken)
        {
            await pump.StartAsync(cancellationToken);
            await sweep.StartAsync(cancellationToken);
        }

        public async Task StoppingAsync(CancellationToken cancellationToken)
        {
            await sweep.StopAsync(cancellationToken);
            await pump.StopAsync(cancellationToken);
        }

        public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private sealed class EvenChance : Random
    {
        public override double NextDouble() => 0.5;
    }
}
