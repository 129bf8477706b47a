using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// A warehouse that takes the same reference as often as it is told: an order is looked up, made as a draft, looked up
/// again and handed over. A change stops it, and it is released anew.
/// </summary>
/// <typeparam name="T">An order there.</typeparam>
internal abstract class DraftedWarehouse<T> : IWarehouse where T : class
{
    /// <summary>What is said where an order, which was there before, is there no more.</summary>
    protected abstract string Gone { get; }

    /// <inheritdoc/>
    public abstract Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken);

    /// <inheritdoc/>
    public async Task<SendResult> ChangeAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var (stopped, isOurs) = await StopAsync(request.Reference, delivery, cancellationToken);
        // Where this is the first time that it is asked, somebody there has cancelled it.
        return StoppedOrder.ToChange(stopped, isOurs || delivery.MaybeSent, Gone);
    }

    /// <summary>What an earlier attempt has made and left as a draft is handed over now.</summary>
    public async Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, there) = await LookUpAsync(reference, delivery, cancellationToken);
        return wrong ?? (there is null
            ? new SendResult.Delivered(new WarehouseAnswer.NotFound())
            : await HandOverAsync(there, delivery, cancellationToken));
    }

    /// <inheritdoc/>
    public async Task<SendResult> CancelAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken) =>
        (await StopAsync(reference, delivery, cancellationToken)).Result;

    /// <summary>The order of the reference that counts.</summary>
    protected abstract Task<(SendResult? Wrong, T? Found)> LookUpAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Makes a draft the warehouse's own work; what is no draft is taken already.</summary>
    protected abstract Task<SendResult> HandOverAsync(
        T there, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>What came of it, and whether it is this call that has stopped it.</summary>
    protected abstract Task<(SendResult Result, bool IsOurs)> StopAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Hands over what was there before this call.</summary>
    protected async Task<SendResult> AlreadyThereAsync(
        T there, Delivery delivery, CancellationToken cancellationToken) =>
        await HandOverAsync(there, delivery, cancellationToken) switch
        {
            SendResult.Delivered taken => new SendResult.AlreadyThere(taken.Answer),
            var other => other,
        };
}
