using Npgsql;
using OrderGrains.Chaos;
using Orleans.Concurrency;
using Orleans.Storage;

namespace OrderGrains.Bench.Peers;

/// <summary>
/// The product's flow on Orleans' own persistence: the state of an order and of a SKU is a document, and each change
/// writes it whole. The statements that the provider needs are the product's.
/// </summary>
internal sealed class AdoNetPeer(string database, Uri warehouse) : IPeer
{
    private readonly WarehouseCalls _warehouse = new(warehouse);
    private IHost? _silo;
    private IGrainFactory _grains = null!;

    public async Task StartAsync(bool hold)
    {
        await MakeTablesAsync();
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddSingleton(_warehouse);
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering(LoopbackPort.Free(), LoopbackPort.Free())
            .AddAdoNetGrainStorageAsDefault(storage => storage.Configure<IServiceProvider>((options, services) =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = PeerDatabase.Settings(database, PeerDatabase.LibraryConnectionsMax);
                options.GrainStorageSerializer =
                    ActivatorUtilities.CreateInstance<SystemTextJsonGrainStorageSerializer>(services);
            })));
        _silo = builder.Build();
        await _silo.StartAsync();
        _grains = _silo.Services.GetRequiredService<IGrainFactory>();
    }

    public async ValueTask ReceiveAsync(byte[] body, string deliveryId) =>
        await _grains.GetGrain<IAdoNetOrderGrain>(OrderBody.Read(body).Id)
            .ReceiveAsync(deliveryId, new Immutable<byte[]>(body));

    public Task SetStockAsync(string sku, int onHand) => _grains.GetGrain<IAdoNetStockGrain>(sku).SetAsync(onHand);

    public async Task<PeerStock> GetStockAsync(string sku)
    {
        var (onHand, reserved) = await _grains.GetGrain<IAdoNetStockGrain>(sku).GetAsync();
        return new PeerStock(PeerRole.Location, sku, onHand, reserved, onHand - reserved, 0);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null) await _silo.StopAsync();
        _silo?.Dispose();
        _warehouse.Dispose();
    }

    /// <summary>The scripts of the product that are Orleans', in their order; nothing when they ran before.</summary>
    private async Task MakeTablesAsync()
    {
        await using var source = NpgsqlDataSource.Create(database);
        await using var look = source.CreateCommand("select to_regclass('OrleansQuery') is not null");
        if ((bool)(await look.ExecuteScalarAsync())!) return;
        var product = typeof(OrderGrainsApp).Assembly;
        foreach (var name in product.GetManifestResourceNames().Order(StringComparer.Ordinal).Where(name =>
            name.StartsWith("sql.postgres.", StringComparison.Ordinal)
            && name.Contains("orleans", StringComparison.Ordinal)))
        {
            using var script = new StreamReader(product.GetManifestResourceStream(name)!);
            // The scripts' @names are the provider's, not parameters of ours.
            await using var run = source.CreateCommand();
            run.CommandText = await script.ReadToEndAsync();
            await run.ExecuteNonQueryAsync();
        }
    }
}
