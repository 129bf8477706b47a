using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// Makes a destination of any warehouse: an order that it may have already is looked up before it is sent again.
/// </summary>
public sealed class WarehouseDestination(IWarehouse warehouse) : IDestination
{
    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping)
    {
        var message = delivery.Message;
        if (message.Kind == MessageKind.Cancel)
            return await warehouse.CancelAsync(message.SequenceKey, delivery, stopping);
        if (message.Kind == MessageKind.Release && delivery.MaybeSent && !Planted.Is(PlantedFault.SkipsLookUp))
        {
            var found = await warehouse.FindAsync(message.SequenceKey, delivery, stopping);
            if (found is not SendResult.Delivered { Answer: WarehouseAnswer.NotFound })
                return found is SendResult.Delivered there ? new SendResult.AlreadyThere(there.Answer) : found;
            await delivery.NextCall();
        }

        // Only now: what is said is as new as can be.
        if (await delivery.Content() is not ReleaseRequest request)
            return new SendResult.Withdrawn();
        var result = message.Kind == MessageKind.Change
            ? await warehouse.ChangeAsync(request, delivery, stopping)
            : await warehouse.ReleaseAsync(request, delivery, stopping);
        return result is SendResult.Delivered { Answer: WarehouseAnswer.Taken taken }
                ? new SendResult.Delivered(taken with { Recipient = request.Recipient }) : result;
    }
}
