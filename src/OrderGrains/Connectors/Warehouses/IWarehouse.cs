using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// What a warehouse system can be asked. Each call is bounded in time; an answer is a <see cref="WarehouseAnswer"/>.
/// Whoever needs several requests for one of them awaits <see cref="Delivery.NextCall"/> before each but the first.
/// </summary>
public interface IWarehouse
{
    /// <summary>Hands the order over under our reference.</summary>
    /// <param name="request">The order; its reference is our idempotency key.</param>
    /// <param name="delivery">The attempt that this is part of.</param>
    /// <param name="cancellationToken">Ends the call; its outcome is then unknown.</param>
    Task<SendResult> ReleaseAsync(ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>
    /// Replaces the lines and the recipient of an order. Where the system takes the same reference again, that is to
    /// hand it over; where it has no such call, it stops the order and answers <c>StoppedToChange</c>.
    /// </summary>
    Task<SendResult> ChangeAsync(ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken) =>
        ReleaseAsync(request, delivery, cancellationToken);

    /// <summary>Asks whether the warehouse has the order.</summary>
    Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken);

    /// <summary>Asks the warehouse to stop the order.</summary>
    Task<SendResult> CancelAsync(string reference, Delivery delivery, CancellationToken cancellationToken);
}
