using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Orders of warehouses that cannot change one: it is stopped, and what is wanted goes out anew.</summary>
internal static class StoppedOrder
{
    /// <summary>What came of a stop, to the change that asked for it.</summary>
    /// <param name="stopped">What came of it.</param>
    /// <param name="isOurs">
    /// Nobody but this change has stopped it. Else somebody there has, or an earlier call of ours whose answer is lost:
    /// nobody can tell, and a person must look.
    /// </param>
    /// <param name="gone">What is said where the order, which was there before, is there no more.</param>
    public static SendResult ToChange(SendResult stopped, bool isOurs, string gone) => stopped switch
    {
        SendResult.Delivered { Answer: WarehouseAnswer.Cancelled } when isOurs =>
            new SendResult.Delivered(new WarehouseAnswer.StoppedToChange()),
        SendResult.Delivered { Answer: WarehouseAnswer.NotFound } => new SendResult.Unknown(gone),
        _ => stopped,
    };
}
