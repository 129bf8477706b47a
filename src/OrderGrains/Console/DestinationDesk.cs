using System.Text.Json.Serialization;
using OrderGrains.Connectors;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>What came of a test.</summary>
/// <param name="Outcome">How the subscriber took it, such as <c>delivered</c>, <c>refused</c> or <c>again</c>.</param>
/// <param name="Detail">What it answered, for people; null when it took it.</param>
internal sealed record SubscriberTest(
    string Outcome, [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Detail);

/// <summary>The facts of <see cref="EventTypes.Test"/>.</summary>
/// <param name="Subscriber">The name that it has with us.</param>
/// <param name="Note">For people.</param>
internal sealed record SubscriberTestData(string Subscriber, string Note);

/// <summary>What people do with a destination, by API or page.</summary>
internal sealed class DestinationDesk(
    Destinations destinations, Subscriptions subscriptions, IGrainFactory grains, TimeProvider time,
    ILogger<DestinationDesk> log)
{
    /// <summary>False when it is not configured.</summary>
    public async Task<bool> PauseAsync(string name, string reason, string actor)
    {
        if (destinations.Find(name) is null)
            return false;
        await grains.GetGrain<IDestinationGrain>(name).PauseAsync(actor, reason);
        log.DestinationActed(actor, "paused", name, reason);
        return true;
    }

    /// <summary>False when it is not configured.</summary>
    public async Task<bool> ResumeAsync(string name, string? reason, string actor)
    {
        if (destinations.Find(name) is null)
            return false;
        if (await grains.GetGrain<IDestinationGrain>(name).ResumeAsync())
            log.DestinationActed(actor, "resumed", name, reason);
        return true;
    }

    /// <summary>
    /// Sends a subscriber an event that says that it is a test, now and once, whatever it hears of otherwise. Null when
    /// no subscriber has this name.
    /// </summary>
    public async Task<SubscriberTest?> TestAsync(string name, string actor, CancellationToken cancellation)
    {
        if (subscriptions.Find(name) is null || destinations.Find(name) is not { } destination)
            return null;
        var now = time.GetUtcNow();
        var subject = new Subject(SubjectKind.Destination, name);
        var facts = EventFacts.Of(
            EventTypes.Test, new SubscriberTestData(name, "A test by an operator: nothing happened."));
        var result = await destination.Connector.SendAsync(
            new Delivery(
                Subscriptions.Message(name, subject, facts, null, now), MaybeSent: false,
                () => Task.FromResult<MessageContent?>(new EventContent
                {
                    Type = facts.Type,
                    At = now,
                    Subject = subject,
                    Data = facts.Data!,
                })),
            cancellation);
        var outcome = result.GetType().Name;
        log.DestinationActed(actor, "tested", name, outcome);
        return new SubscriberTest(char.ToLowerInvariant(outcome[0]) + outcome[1..], result switch
        {
            SendResult.Failed failed => failed.Why,
            SendResult.Refused refused => refused.Why,
            SendResult.Unauthorized unauthorized => unauthorized.Why,
            _ => null,
        });
    }
}
