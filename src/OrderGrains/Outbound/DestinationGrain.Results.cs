using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Outbound;

/// <content>What becomes of a message once its attempt has ended.</content>
internal sealed partial class DestinationGrain
{
    /// <summary>Writes down what came of it; when the next attempt is due, null when none follows.</summary>
    private async Task<DateTimeOffset?> RecordAsync(OutboundMessage message, SendResult result, bool probe)
    {
        var now = time.GetUtcNow();
        var isOfTheDestination = result is SendResult.Unauthorized or SendResult.Again
            || (result is SendResult.Unknown && _alone != message.Id);
        if (probe && isOfTheDestination)
        {
            // It says nothing of the message, but may have reached the destination.
            _unrecorded.Add(message.Id);
            return null;
        }

        var next = await SettleAsync(message, result, now);
        _unrecorded.Remove(message.Id);
        // The next of its sequence was not read while it was due.
        _more |= next is null && message.Sequence is not null;
        return next;
    }

    /// <summary>What one call says of the destination: where any message passed, the others failed alone.</summary>
    private void Judge(
        List<OutboundMessage> messages, IReadOnlyList<SendResult> results, bool probe, DateTimeOffset now)
    {
        var asked = Enumerable.Range(0, results.Count)
            .Where(at => results[at] is { Asked: true } and not SendResult.Withdrawn).ToList();
        if (asked.Count == 0)
            return;
        var passed = asked.FindIndex(at => results[at] is not (SendResult.Failed or SendResult.Unauthorized));
        var telling = asked[Math.Max(passed, 0)];
        Judge(messages[telling].Id, results[telling], probe, now);
    }

    /// <summary>What the result says of the destination.</summary>
    private void Judge(Guid message, SendResult result, bool probe, DateTimeOffset now)
    {
        switch (result)
        {
            case SendResult.Failed failed:
                Failed(message, failed, probe, now);
                break;
            case SendResult.Unauthorized unauthorized:
                Unauthorized(unauthorized.Why, probe, now);
                break;
            default:
                Passed(message, probe);
                break;
        }
    }

    /// <summary>What the result says of the message.</summary>
    private async Task<DateTimeOffset?> SettleAsync(OutboundMessage message, SendResult result, DateTimeOffset now)
    {
        var failures = message.Attempts + 1;
        switch (result)
        {
            case SendResult.Failed failed when failures >= Retry.AttemptsMax:
                await ParkAsync(message, new Attempt(now, failures, failed.Why),
                    $"{ParkedFilter.GivenUpReason}{failures} attempts");
                return null;
            case SendResult.Failed failed when now - message.CreatedAt > Retry.AgeMax:
                await ParkAsync(message, new Attempt(now, failures, failed.Why),
                    $"{ParkedFilter.GivenUpReason}{Retry.AgeMax.Value:d'.'hh':'mm':'ss}");
                return null;
            case SendResult.Failed failed:
                return await PostponeAsync(message, new Attempt(now, failures, failed.Why),
                    now + RetrySchedule.Delay(Retry, failures, failed.After, chance.NextDouble()));
            case SendResult.NotYet { IsHeld: true } notYet when now - message.CreatedAt > Retry.AgeMax:
                await ParkAsync(message, new Attempt(now, failures, notYet.Why),
                    $"{ParkedFilter.GivenUpReason}{Retry.AgeMax.Value:d'.'hh':'mm':'ss}");
                return null;
            case SendResult.NotYet notYet:
                return await PostponeAsync(message, new Attempt(now, message.Attempts, notYet.Why, Failed: false),
                    now + (notYet.IsHeld
                        ? RetrySchedule.HeldDelay(now - message.CreatedAt, notYet.After) : notYet.After));
            case SendResult.Unauthorized unauthorized:
                return await PostponeAsync(
                    message, new Attempt(now, failures, unauthorized.Why), now + UnauthorizedFor);
            case SendResult.Refused refused:
                await ParkAsync(message, new Attempt(now, failures, refused.Why), "refused by the destination");
                return null;
            case SendResult.Withdrawn when message.Kind == MessageKind.Stock:
                // The shop is not told of it any more, or nothing is known of it.
                await outbox.DeliverAsync(message.Id, now);
                return null;
            case SendResult.Withdrawn:
                // It was superseded while it was under way. Should it be due all the same, a person must look.
                await ParkAsync(message, new Attempt(now, failures, "not sent"),
                    "the order does not ask for this any more");
                return null;
            default:
                var answer = result is SendResult.AlreadyThere there ? there.Answer
                    : ((SendResult.Delivered)result).Answer;
                if (answer is null)
                {
                    await outbox.DeliverAsync(message.Id, now);
                }
                else
                {
                    await GrainFactory.Find<IAnswerReceiver>(message.Subject.Key).AnswerAsync(
                        new DeliveredMessage(message.Id, message.Kind, message.SequenceKey, message.CausedAt), answer);
                }

                OutboundSent(_name, message.Subject.Key, What(message), answer?.GetType().Name ?? "taken", failures);
                return null;
        }
    }

    private async Task<DateTimeOffset> PostponeAsync(OutboundMessage message, Attempt attempt, DateTimeOffset next)
    {
        await outbox.PostponeAsync(message.Id, attempt, next);
        if (attempt.Failed)
            OutboundFailed(_name, message.Subject.Key, What(message), attempt.Number, Brief(attempt.Answer), next);
        else
            OutboundWaits(_name, message.Subject.Key, What(message), next);
        return next;
    }

    private async Task ParkAsync(OutboundMessage message, Attempt attempt, string reason)
    {
        if (!await outbox.ParkAsync(message.Id, attempt, reason))
            return;
        if (Planted.Is(PlantedFault.DropsParked))
            await outbox.DiscardAsync(message.Id, "planted", "superseded", time.GetUtcNow());
        OutboundParked(_name, message.Subject.Key, What(message), attempt.Number, reason);
        await events.ParkedAsync(_name, message.Id, message.Subject, What(message), reason);
    }

    private static string What(OutboundMessage message) => message.Event?.Type ?? message.Kind.ToString();

    /// <summary>What everybody may read of an answer: its status, or how we fared without one.</summary>
    private static string WithoutWords(string answer) =>
        HasStatus(answer) ? $"{answer[..3]} from the destination" : answer;

    /// <summary>What the log may say of an answer: its status, never the words, which may hold personal data.</summary>
    private static string Brief(string answer) => HasStatus(answer) ? answer[..3] : "no answer";

    private static bool HasStatus(string answer) =>
        answer.Length >= 3 && answer.AsSpan(0, 3).IndexOfAnyExceptInRange('0', '9') < 0;
}
