using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Orders;

/// <summary>Folds a warehouse's answer to a message into the order. Pure.</summary>
public static class ReleaseAnswers
{
    public static ReleaseAnswer Fold(Order order, DeliveredMessage message, WarehouseAnswer answer)
    {
        if (answer is WarehouseAnswer.StoppedToChange
            && OrderFacts.FindRelease(order, message.Reference) is { Status: ReleaseStatus.Cancelled } stopped)
        {
            return Explain(order, stopped);
        }

        if (OrderFacts.FindRelease(order, message.Reference) is not { } release
            || (release.MessageId != message.MessageId && release.SupersededId != message.MessageId)
            || !OrderFacts.IsLive(release))
        {
            return new ReleaseAnswer(
                order, TimelineKind.ReleaseAnswered, $"{message.Reference}: an answer to a superseded message");
        }

        if (release.MessageId != message.MessageId)
            return FoldSuperseded(order, release, answer);
        release = release with { MessageId = null };
        return message.Kind == MessageKind.Cancel
            ? FoldCancel(order, release, answer)
            : FoldRelease(order, release, answer);
    }

    /// <summary>
    /// The stop came while the message was under way. Its answer still tells what the warehouse has, which is what it
    /// will ship should it be too late to stop.
    /// </summary>
    private static ReleaseAnswer FoldSuperseded(Order order, Release release, WarehouseAnswer answer)
    {
        var told = release with { SupersededId = null };
        var agreed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines;
        var (next, what) = answer switch
        {
            WarehouseAnswer.Taken => (told with
            {
                Confirmed = release.Lines,
                Asked = AskedLines.Agreed(release.Asked, release.Lines),
            }, "it was taken before the stop"),
            WarehouseAnswer.TooLate => (told with
            {
                Lines = agreed,
                Confirmed = agreed,
                Asked = AskedLines.Agreed(release.Asked, agreed),
                Frozen = true,
            }, "it was too late to change"),
            WarehouseAnswer.StoppedToChange => (told with { Status = ReleaseStatus.Cancelled },
                "it was stopped to be changed, before the stop"),
            _ => (release, "an answer to a superseded message"),
        };
        return new ReleaseAnswer(
            next == release ? order : OrderLifecycle.Replace(order, next), TimelineKind.ReleaseAnswered,
            $"{release.Reference}: {what}");
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
                return ParcelPlan.FoldDiscard(order, messageId);
            case ReleaseStatus.Requested:
                return OrderLifecycle.Replace(order, release with { MessageId = null, Status = ReleaseStatus.Refused })
                    with
                {
                    HoldReason = order.HoldReason ?? new HoldReason(
                        HeldBy.Operator, $"{actor} discarded the message to {release.Warehouse}"),
                };
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
                    Recipient = release.ConfirmedRecipient ?? "",
                    Frozen = true,
                });
        }
    }

    private static ReleaseAnswer FoldRelease(
        Order order, Release release, WarehouseAnswer answer)
    {
        switch (answer)
        {
            case WarehouseAnswer.Taken taken:
                // What was there already was sent before, to whomever it then was.
                var recipient = taken.Recipient ?? release.Recipient;
                release = release with
                {
                    Status = ReleaseStatus.Accepted,
                    Confirmed = release.Lines,
                    Asked = AskedLines.Agreed(release.Asked, release.Lines),
                    SupersededId = null,
                    Recipient = recipient,
                    ConfirmedRecipient = recipient.Length > 0 ? recipient : null,
                    WarehouseOrderId = taken.WarehouseOrderId ?? release.WarehouseOrderId,
                };
                return new ReleaseAnswer(OrderLifecycle.Replace(order, release), TimelineKind.ReleaseAccepted,
                    $"{release.Warehouse} has {release.Reference}");
            case WarehouseAnswer.TooLate tooLate:
                return TooLateToChange(order, release) with { Said = tooLate.Said };
            case WarehouseAnswer.Cancelled:
                var what = $"{release.Warehouse} has {release.Reference} as cancelled";
                release = release with { Status = ReleaseStatus.Cancelled };
                return new ReleaseAnswer(
                    OrderLifecycle.Replace(order, release) with { HoldReason = order.HoldReason ?? Hold(what) },
                    TimelineKind.ReleaseCancelled, what);
            case WarehouseAnswer.StoppedToChange:
                return new ReleaseAnswer(
                    OrderLifecycle.Replace(order, release with { Status = ReleaseStatus.Cancelled }),
                    TimelineKind.ReleaseCancelled, StoppedToChange(release));
            default:
                throw NotFinal(answer);
        }
    }

    /// <summary>
    /// The warehouse's event that it is cancelled came before the answer that says it was our own word: then nobody
    /// has to look.
    /// </summary>
    private static ReleaseAnswer Explain(Order order, Release release) => new(
        order.HoldReason == OrderLifecycle.HeldFor(release, ReleaseStatus.Cancelled, null)
            ? order with { HoldReason = null } : order,
        TimelineKind.ReleaseCancelled, StoppedToChange(release));

    private static string StoppedToChange(Release release) =>
        $"{release.Warehouse} cannot change {release.Reference}: it has stopped it, and gets it anew";

    /// <summary>
    /// What it agreed to stands. If it goes to the wrong person, and nothing has left, somebody must look: the order is
    /// held, and the warehouse asked to stop.
    /// </summary>
    private static ReleaseAnswer TooLateToChange(Order order, Release release)
    {
        var agreed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines;
        var misdirected = release.Confirmed.Count > 0 && release.ConfirmedRecipient != release.Recipient
            && order.Shipments.All(s => s.Reference != release.Reference);
        release = release with
        {
            Status = ReleaseStatus.Accepted,
            Lines = agreed,
            Confirmed = agreed,
            // One that will not be stopped may have the change whose answer is lost, and say no for that.
            Asked = release.SupersededId is null ? AskedLines.Agreed(release.Asked, agreed) : release.Asked,
            // It was asked for what it agreed to before, and there is nothing else that it could be asked for.
            SupersededId = ReleasePlan.SameUnits(release.Lines, agreed) ? null : release.SupersededId,
            Recipient = release.ConfirmedRecipient ?? "",
            Frozen = true,
        };
        var next = OrderLifecycle.Replace(order, release);
        var what = misdirected
            ? $"{release.Warehouse} says it is too late to change who gets {release.Reference}"
            : $"{release.Warehouse} says it is too late to change {release.Reference}";
        return new ReleaseAnswer(
            misdirected ? next with { HoldReason = order.HoldReason ?? Hold(what) } : next,
            TimelineKind.ReleaseTooLate, what);
    }

    private static ReleaseAnswer FoldCancel(Order order, Release release, WarehouseAnswer answer)
    {
        switch (answer)
        {
            case WarehouseAnswer.Cancelled or WarehouseAnswer.NotFound:
                return new ReleaseAnswer(
                    OrderLifecycle.Replace(order, release with { Status = ReleaseStatus.Cancelled }),
                    TimelineKind.ReleaseCancelled, answer is WarehouseAnswer.Cancelled
                        ? $"{release.Warehouse} stopped {release.Reference}"
                        : $"{release.Warehouse} has no {release.Reference}: there is nothing to stop");
            case WarehouseAnswer.TooLate tooLate:
                release = release with
                {
                    Status = ReleaseStatus.Accepted,
                    Confirmed = release.Confirmed.Count > 0 ? release.Confirmed : release.Lines,
                    StopRefused = true,
                };
                return new ReleaseAnswer(OrderLifecycle.Replace(order, release), TimelineKind.ReleaseTooLate,
                    $"{release.Warehouse} says it is too late to stop {release.Reference}: it will ship", tooLate.Said);
            default:
                throw NotFinal(answer);
        }
    }

    private static HoldReason Hold(string what) => new(HeldBy.Warehouse, what);

    private static ArgumentException NotFinal(WarehouseAnswer answer) =>
        new($"{answer.GetType().Name} is not a final answer to a message.", nameof(answer));
}

/// <summary>What came of an answer.</summary>
/// <param name="Next">The order; the same when the answer is of no interest any more.</param>
/// <param name="Kind">What the timeline says.</param>
/// <param name="Summary">In our words.</param>
/// <param name="Said">In the warehouse's, if any: they may hold personal data.</param>
public sealed record ReleaseAnswer(Order Next, TimelineKind Kind, string Summary, string? Said = null);
