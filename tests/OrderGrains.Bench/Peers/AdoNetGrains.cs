using Orleans.Concurrency;

namespace OrderGrains.Bench.Peers;

/// <summary>One order, keyed by the storefront's id.</summary>
[Alias("OrderGrains.Bench.IAdoNetOrderGrain")]
public interface IAdoNetOrderGrain : IGrainWithIntegerKey
{
    /// <summary>Ends when the webhook is durable.</summary>
    [Alias("ReceiveAsync")]
    Task ReceiveAsync(string deliveryId, Immutable<byte[]> body);

    /// <summary>Reserves and releases, after the webhook was answered.</summary>
    [OneWay, Alias("ContinueAsync")]
    Task ContinueAsync();
}

/// <summary>One SKU.</summary>
[Alias("OrderGrains.Bench.IAdoNetStockGrain")]
public interface IAdoNetStockGrain : IGrainWithStringKey
{
    /// <summary>True when the line has its units, now or since an earlier call.</summary>
    [Alias("ReserveAsync")]
    Task<bool> ReserveAsync(long orderId, long lineId, int quantity);

    [Alias("SetAsync")]
    Task SetAsync(int onHand);

    /// <summary>Units on hand, and of these reserved.</summary>
    [Alias("GetAsync")]
    Task<(int OnHand, int Reserved)> GetAsync();
}

/// <summary>What is stored of an order.</summary>
public sealed class AdoNetOrder
{
    public ISet<string> Deliveries { get; set; } = new HashSet<string>(StringComparer.Ordinal);
    public byte[] Body { get; set; } = [];
    public DateTimeOffset UpdatedAt { get; set; }
    public bool Released { get; set; }
}

/// <summary>What is stored of a SKU: the level and what holds it, in one document.</summary>
public sealed class AdoNetStock
{
    public int OnHand { get; set; }
    public int Reserved { get; set; }

    /// <summary>Units by <c>order/line</c>.</summary>
    public IDictionary<string, int> Reservations { get; set; } =
        new Dictionary<string, int>(StringComparer.Ordinal);
}

/// <inheritdoc cref="IAdoNetOrderGrain"/>
internal sealed class AdoNetOrderGrain(
    [PersistentState("order")] IPersistentState<AdoNetOrder> state, WarehouseCalls warehouse)
    : Grain, IAdoNetOrderGrain
{
    public async Task ReceiveAsync(string deliveryId, Immutable<byte[]> body)
    {
        var order = OrderBody.Read(body.Value);
        if (!state.State.Deliveries.Add(deliveryId)) return;
        if (order.UpdatedAt > state.State.UpdatedAt)
            (state.State.UpdatedAt, state.State.Body) = (order.UpdatedAt, body.Value);
        await WriteAsync();
        await this.AsReference<IAdoNetOrderGrain>().ContinueAsync();
    }

    public async Task ContinueAsync()
    {
        if (state.State.Released || state.State.Body.Length == 0) return;
        var order = OrderBody.Read(state.State.Body);
        var held = await Task.WhenAll(order.LineItems.Select(line => GrainFactory.GetGrain<IAdoNetStockGrain>(line.Sku)
            .ReserveAsync(order.Id, line.Id, line.CurrentQuantity)));
        if (!held.All(each => each)) return;
        await warehouse.ReleaseAsync(order.Reference, order.ToRelease());
        state.State.Released = true;
        await WriteAsync();
    }

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception)
        {
            // Memory is ahead of the database: the next call starts from what is stored.
            DeactivateOnIdle();
            throw;
        }
    }
}

/// <inheritdoc cref="IAdoNetStockGrain"/>
internal sealed class AdoNetStockGrain([PersistentState("stock")] IPersistentState<AdoNetStock> state)
    : Grain, IAdoNetStockGrain
{
    public async Task<bool> ReserveAsync(long orderId, long lineId, int quantity)
    {
        var (stock, key) = (state.State, $"{orderId}/{lineId}");
        if (stock.Reservations.ContainsKey(key)) return true;
        if (stock.OnHand - stock.Reserved < quantity) return false;
        stock.Reservations[key] = quantity;
        stock.Reserved += quantity;
        await WriteAsync();
        return true;
    }

    public Task SetAsync(int onHand)
    {
        state.State.OnHand = onHand;
        return WriteAsync();
    }

    public Task<(int OnHand, int Reserved)> GetAsync() => Task.FromResult((state.State.OnHand, state.State.Reserved));

    private async Task WriteAsync()
    {
        try
        {
            await state.WriteStateAsync();
        }
        catch (Exception)
        {
            DeactivateOnIdle();
            throw;
        }
    }
}
