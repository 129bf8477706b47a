using OrderGrains.Configuration;
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

    /// <summary>Translates a receipt. Runs after the 200; throws for nothing that a sender can write.</summary>
    Reading Read(Receipt receipt);
}

/// <summary>A source that posts to us. One that is not such is asked for its news instead.</summary>
public interface IWebhookSource : ISource
{
    /// <summary>
    /// Proves the sender over the raw bytes, in constant time, and picks what the receipt keeps of the headers.
    /// Runs before the 200: it reads no more of the body than the signature needs.
    /// </summary>
    Verification Verify(WebhookRequest request, DateTimeOffset now);
}

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
