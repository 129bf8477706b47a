using Microsoft.Extensions.Logging.Abstractions;
using OrderGrains.Configuration;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors;

/// <summary>A kind of system that messages go to; its name is a value of <c>Kind</c> there.</summary>
public interface IDestinationKind
{
    string Name { get; }

    /// <summary>Calls under way at once where the configuration does not say.</summary>
    int CallsAtOnceMax => 16;

    /// <summary>Calls begun in any second where the configuration does not say.</summary>
    int CallsPerSecondMax => 100;

    /// <summary>
    /// Reads a destination's settings. What comes back opens it once the process has what it needs to call out;
    /// mistakes are noted in the settings, and then nothing is opened.
    /// </summary>
    /// <param name="name">The destination's name in the configuration.</param>
    /// <param name="settings">Its section.</param>
    Func<CallTools, IDestination> Read(string name, Settings settings);
}

/// <summary>What destinations and pulled sources call out with.</summary>
/// <param name="Http">
/// Follows no redirects: they are answers to a person. Its own timeout is longer than any destination's.
/// </param>
/// <param name="Time">The clock of timeouts, signatures and request ids.</param>
/// <param name="Guarded">
/// Clients for addresses that must be public, such as those of subscribers; they follow no redirects either.
/// </param>
public sealed record CallTools(HttpClient Http, TimeProvider Time, GuardedHttp Guarded)
{
    /// <summary>For what an operator must know and no message is at fault for. Default: nobody is told.</summary>
    public ILoggerFactory Logs { get; init; } = NullLoggerFactory.Instance;
}

/// <summary>The edge to one system that takes messages.</summary>
public interface IDestination
{
    /// <summary>
    /// Sends a message, bounded in time, and says what came of it. Throws for nothing that the other side can do.
    /// </summary>
    /// <param name="delivery">The message. Where it may be there already, the destination looks first.</param>
    /// <param name="stopping">Ends the call; its outcome is then unknown.</param>
    Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping);
}

/// <summary>A system that takes several messages in one call.</summary>
public interface IBatchDestination : IDestination
{
    /// <summary>Messages of a kind that one call takes; 1: each has its own.</summary>
    int BatchMax(MessageKind kind);

    /// <summary>
    /// As <see cref="IDestination.SendAsync"/>, for messages of one kind whose sequence keys all differ: as many
    /// results, in their order. A message that is refused must not fail the others.
    /// </summary>
    Task<IReadOnlyList<SendResult>> SendAsync(IReadOnlyList<Delivery> deliveries, CancellationToken stopping);
}

/// <summary>A shop that tells what stock it has.</summary>
public interface IStockReader : IDestination
{
    /// <summary>
    /// Positions of those numbers that are others than the shop's own; what it does not sell differs not. Null when it
    /// cannot be told now. Throws for nothing that the other side can do.
    /// </summary>
    /// <param name="ours">What it should have; at most 50, each with another SKU or place.</param>
    /// <param name="nextCall">As of <see cref="Delivery.NextCall"/>.</param>
    /// <param name="stopping">Ends the calls.</param>
    Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, Func<Task> nextCall, CancellationToken stopping);
}

/// <summary>A message on its way.</summary>
/// <param name="Message">What is asked.</param>
/// <param name="MaybeSent">An earlier call may have reached the destination.</param>
/// <param name="Content">
/// What is said, as of now; null when the message's subject does not ask for it any more. Whoever has waited meanwhile
/// may ask once more.
/// </param>
public sealed record Delivery(OutboundMessage Message, bool MaybeSent, Func<Task<MessageContent?>> Content)
{
    /// <summary>
    /// Asked before every call but the first: the destination's rate counts calls, and an attempt may need several.
    /// </summary>
    public Func<Task> NextCall { get; init; } = static () => Task.CompletedTask;
}

/// <summary>What came of sending a message: a closed set.</summary>
public abstract record SendResult
{
    /// <summary>
    /// The destination was asked. What was known without asking it tells nothing of how it is. Default: it was.
    /// </summary>
    public bool Asked { get; init; } = true;

    /// <summary>The destination took it up.</summary>
    /// <param name="Answer">What its subject must hear; null when there is nothing to hear.</param>
    public sealed record Delivered(Answer? Answer = null) : SendResult;

    /// <summary>An earlier call had been taken up, and nothing was sent.</summary>
    /// <param name="Answer">As of <see cref="Delivered"/>.</param>
    public sealed record AlreadyThere(Answer? Answer = null) : SendResult;

    /// <summary>Its subject does not ask for it any more; nothing was sent.</summary>
    public sealed record Withdrawn : SendResult;

    /// <summary>
    /// It was understood, and its time has not come: its goods are on hold there, or what it builds on has just
    /// changed. It is tried again without end; that says nothing against the destination.
    /// </summary>
    /// <param name="Why">What it waits for, for people.</param>
    /// <param name="After">When to look again.</param>
    /// <param name="IsHeld">
    /// It may take days: it is looked at ever less often, and given up when it is older than the settings allow.
    /// </param>
    public sealed record NotYet(string Why, TimeSpan After, bool IsHeld = false) : SendResult;

    /// <summary>The same message will never succeed: a person must look.</summary>
    public sealed record Refused(string Why) : SendResult;

    /// <summary>Our credentials are not accepted: every call fails until someone mends them.</summary>
    public sealed record Unauthorized(string Why) : SendResult;

    /// <summary>It is not known to be taken up, and is tried again.</summary>
    /// <param name="Why">What came back, for people.</param>
    /// <param name="After">What the destination asked for.</param>
    public abstract record Failed(string Why, TimeSpan? After) : SendResult;

    /// <summary>It was certainly not taken up, and that was not its fault.</summary>
    /// <inheritdoc/>
    public sealed record Again(string Why, TimeSpan? After = null) : Failed(Why, After);

    /// <summary>Nobody can tell whether it was taken up.</summary>
    /// <inheritdoc/>
    public sealed record Unknown(string Why, TimeSpan? After = null) : Failed(Why, After);
}
