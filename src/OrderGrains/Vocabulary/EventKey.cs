using System.Security.Cryptography;

namespace OrderGrains.Vocabulary;

/// <summary>The key by which an event's redeliveries are known.</summary>
internal static class EventKey
{
    /// <summary>
    /// The sender's id of the event, or, where it sends none, the body's digest. A body that says no more than where
    /// the order is may be the same at each of its changes: there what was fetched tells them apart.
    /// </summary>
    public static string Of(string kind, Receipt receipt) => (receipt.DeliveryId, receipt.Fetched) switch
    {
        ({ } id, _) => $"{kind}:{id}",
        (null, { } fetched) => $"{kind}:{Digest(receipt.Body.Span)} {Digest(fetched.Body.Span)}",
        _ => $"{kind}:{Digest(receipt.Body.Span)}",
    };

    /// <summary>Bytes as a text that is short, and another for any others.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
