using System.Security.Cryptography;

namespace OrderGrains.Vocabulary;

/// <summary>The key by which an event's redeliveries are known.</summary>
internal static class EventKey
{
    /// <summary>The sender's id of the event, or, where it sends none, the body's digest.</summary>
    public static string Of(string kind, Receipt receipt) => receipt.DeliveryId is { } id
        ? $"{kind}:{id}"
        : $"{kind}:{Digest(receipt.Body.Span)}";

    /// <summary>Bytes as a text that is short, and another for any others.</summary>
    public static string Digest(ReadOnlySpan<byte> bytes) =>
        $"sha256:{Convert.ToHexStringLower(SHA256.HashData(bytes))}";
}
