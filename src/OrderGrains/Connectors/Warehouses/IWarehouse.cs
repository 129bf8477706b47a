using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// What a warehouse system can be asked. Each call is bounded in time; an answer is a <see cref="WarehouseAnswer"/>.
/// </summary>
public interface IWarehouse
{
    /// <summary>Hands the order over, or replaces its lines, under our reference.</summary>
    /// <param name="request">The order; its reference is our idempotency key.</param>
    /// <param name="cancellationToken">Ends the call; its outcome is then unknown.</param>
    Task<SendResult> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken);

    /// <summary>Asks whether the warehouse has the order.</summary>
    Task<SendResult> FindAsync(string reference, CancellationToken cancellationToken);

    /// <summary>Asks the warehouse to stop the order.</summary>
    Task<SendResult> CancelAsync(string reference, CancellationToken cancellationToken);
}
