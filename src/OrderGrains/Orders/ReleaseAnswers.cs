using OrderGrains.Connectors.Wms;
using OrderGrains.Outbound;

namespace OrderGrains.Orders;

/// <summary>Folds a warehouse's answer to a message into the order. Pure.</summary>
public static class ReleaseAnswers
{
    /// <summary>
    /// The next order and what the timeline says; the same order when the answer is no longer of interest.
    /// </summary>
    public static (Order Next, string Kind, string Summary) Fold(
        Order order, DeliveredMessage message, WarehouseAnswer answer)
    {
        if (OrderFacts.FindRelease(order, message.Reference) is not { } release
            || release.MessageId != message.MessageId
            || !OrderFacts.IsLive(release))
        {
            return (order, "release.answered", $"{message.Reference}: an answer to a superseded message");
        }

        release = release with { MessageId = null };
        return message.Kind == MessageKind.Cancel
            ? FoldCancel(order, release, answer)
            : FoldRelease(order, release, answer);
    }

    /// <summary>
    /// A person discarded the message: what it asked for will not be, and the order must not wait for it.
    /// </summary>
    public static Order FoldDiscard(Order order, Guid messageId, string actor)
    {
        var release = order.Releases.FirstOrDefault(r => r.MessageId == messageId && OrderFacts.IsLive(r));
        switch (release?.Status)
        {
            case null:
                return order;
            case ReleaseStatus.Requested:
                return OrderLifecycle.Replace(order, release with { MessageId = null, Status = ReleaseStatus.Refused })
                    with
                { HoldReason = order.HoldReason ?? $"{actor} discarded the message to {release.Warehouse}" };
            case ReleaseStatus.Cancelling:
                return OrderLifecycle.Replace(order, release with
                {
                    MessageId = null,
                    Status = ReleaseStatus.Accepted,
                    StopRefused = true,
                });
            default:
                return OrderLifecycle.Replace(order, release with
                {
                    MessageId = null,
                    Lines = release.Confirmed,
                    Frozen = true,
                });
        }
    }

    private static (Order Next, string Kind, string Summary) FoldRelease(
        Order order, Release release, WarehouseAnswer answer)
    {
        switch (answer)
        {
            case WarehouseAnswer.Taken taken:
                release = release with
                {
                    Status = ReleaseStatus.Accepted,
                    Confirmed = release.Lines,
                    WarehouseOrderId = taken.WarehouseOrderId ?? release.WarehouseOrderId,
                };
                return (OrderLifecycle.Replace(order, release), "release.accepted",
                    $"{release.Warehouse} has {release.Reference}");
            case WarehouseAnswer.TooLate:
                var agreed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines;
                release = release with
                {
                    Status = ReleaseStatus.Accepted,
                    Lines = agreed,
                    Confirmed = agreed,
                    Frozen = true,
                };
                return (OrderLifecycle.Replace(order, release), "release.too_late",
                    $"{release.Warehouse} says it is too late to change {release.Reference}");
            case WarehouseAnswer.Cancelled:
                var what = $"{release.Warehouse} has {release.Reference} as cancelled";
                release = release with { Status = ReleaseStatus.Cancelled };
                return (OrderLifecycle.Replace(order, release) with { HoldReason = order.HoldReason ?? what },
                    "release.cancelled", what);
            default:
                throw NotFinal(answer);
        }
    }

    private static (Order Next, string Kind, string Summary) FoldCancel(
        Order order, Release release, WarehouseAnswer answer)
    {
        switch (answer)
        {
            case WarehouseAnswer.Cancelled or WarehouseAnswer.NotFound:
                return (OrderLifecycle.Replace(order, release with { Status = ReleaseStatus.Cancelled }),
                    "release.cancelled", $"{release.Warehouse} stopped {release.Reference}");
            case WarehouseAnswer.TooLate:
                release = release with
                {
                    Status = ReleaseStatus.Accepted,
                    Confirmed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines,
                    StopRefused = true,
                };
                return (OrderLifecycle.Replace(order, release), "release.too_late",
                    $"{release.Warehouse} says it is too late to stop {release.Reference}: it will ship");
            default:
                throw NotFinal(answer);
        }
    }

    private static ArgumentException NotFinal(WarehouseAnswer answer) =>
        new($"{answer.GetType().Name} is not a final answer to a message.", nameof(answer));
}
