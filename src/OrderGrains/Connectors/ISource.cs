using OrderGrains.Configuration;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors;

/// <summary>A kind of sender, such as a shop's software; its name is a value of <c>Sources:*:Kind</c>.</summary>
public interface ISourceKind
{
    string Name { get; }

    /// <summary>Its orders are ours to fulfil: their rules stand in the same section of the configuration.</summary>
    bool IsStorefront { get; }

    /// <summary>
    /// Opens a source. Mistakes of its settings are noted there, and what was opened in spite of one is never used.
    /// </summary>
    /// <param name="name">The source's name in the configuration.</param>
    /// <param name="settings">Its section.</param>
    /// <param name="storefronts">Names of all storefronts: a reference at a warehouse begins with one.</param>
    ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts);
}

/// <summary>The edge to one sender.</summary>
public interface ISource
{
    /// <summary>The warehouse that it speaks for; null for a storefront.</summary>
    string? Warehouse => null;

    /// <summary>How that is fetched which it only names, such as the address of an order; null: nothing is.</summary>
    IFetching? Fetch => null;

    /// <summary>Translates a receipt. Runs after the 200; throws for nothing that a sender can write.</summary>
    Reading Read(Receipt receipt);
}

/// <summary>A source that posts to us.</summary>
public interface IWebhookSource : ISource
{
    /// <summary>
    /// Proves the sender over the raw bytes, in constant time, and picks what the receipt keeps of the headers.
    /// Runs before the 200: it reads no more of the body than the signature needs.
    /// </summary>
    Verification Verify(WebhookRequest request, DateTimeOffset now);

    /// <summary>The sender's public keys, where it publishes them. They are fetched apart. Null: none.</summary>
    KeySet? Keys => null;

    /// <summary>
    /// Puts on a test what the sender would: its proof by the newest secret, and its topic where a header says one.
    /// Null when that is done; otherwise why it cannot be.
    /// </summary>
    string? Sign(TestCall call) => "a source of its kind does not say how its sender signs";
}

/// <summary>A source that is asked for its news, such as a queue; one process of the cluster asks at a time.</summary>
public interface IPulledSource : ISource
{
    /// <summary>
    /// Asks once. What came is durable when <see cref="Intake.AppendAsync"/> returns, and only then may it be
    /// acknowledged there: what comes again in between takes effect once, what is acknowledged too early is lost.
    /// </summary>
    /// <param name="intake">Where it goes.</param>
    /// <param name="stopping">Ends the asking: the process stops, or has lost its turn.</param>
    /// <returns>How long to wait until it is asked again; zero when there may be more.</returns>
    /// <exception cref="PullException">It could not be asked. It is asked again, later each time.</exception>
    Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping);
}

/// <summary>Where a pulled source puts what came.</summary>
/// <param name="Tools">What it calls out with.</param>
/// <param name="Cursor">What it gave as its mark when it last appended; null at first.</param>
/// <param name="AppendAsync">
/// Makes items durable, with the mark where the next asking goes on, in one commit. Without items it moves the mark
/// alone. What it throws must not be caught: then nothing is known to be durable.
/// </param>
public sealed record Intake(
    CallTools Tools, string? Cursor, Func<IReadOnlyList<PulledItem>, string?, Task> AppendAsync);

/// <summary>One piece of news that was asked for.</summary>
/// <param name="Body">The exact bytes.</param>
/// <param name="Topic">As of <see cref="Receipt"/>.</param>
/// <param name="DeliveryId">As of <see cref="Receipt"/>.</param>
/// <param name="TriggeredAt">As of <see cref="Receipt"/>.</param>
public sealed record PulledItem(
    ReadOnlyMemory<byte> Body, string Topic = "", string? DeliveryId = null, DateTimeOffset? TriggeredAt = null);

/// <summary>A source could not be asked.</summary>
/// <param name="message">Why, for the operator: without secrets and personal data.</param>
public sealed class PullException(string message) : Exception(message);

/// <summary>A webhook as it came.</summary>
/// <param name="headers">Its headers.</param>
/// <param name="body">Its body, as the sender wrote it.</param>
/// <param name="target">Path and query as they stood in the request.</param>
public readonly ref struct WebhookRequest(IHeaderDictionary headers, ReadOnlySpan<byte> body, string target = "/")
{
    public IHeaderDictionary Headers { get; } = headers;
    public ReadOnlySpan<byte> Body { get; } = body;
    public string Target { get; } = target;
}
