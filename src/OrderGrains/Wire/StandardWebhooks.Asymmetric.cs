using System.Buffers;
using NSec.Cryptography;

namespace OrderGrains.Wire;

/// <content><c>v1a</c>: the sender signs with a key that it alone has, and we verify with its public half.</content>
public static partial class StandardWebhooks
{
    private const string PublicPrefix = "whpk_";
    private const string AsymmetricVersion = "v1a,";
    private const int PublicKeyBytes = 32;
    private const int AsymmetricBytes = 64;
    private const int AsymmetricChars = 88;

    /// <summary>Each costs a pass over the body for each key, whoever sent it.</summary>
    private const int AsymmetricMax = 4;

    /// <summary>Whether it is <c>whpk_</c> and base64 of an ed25519 public key.</summary>
    public static bool IsPublicKey(string text) => FindPublicKey(text) is not null;

    private static PublicKey? FindPublicKey(string text)
    {
        Span<byte> key = stackalloc byte[PublicKeyBytes];
        return text.StartsWith(PublicPrefix, StringComparison.Ordinal)
            && Convert.TryFromBase64Chars(text.AsSpan(PublicPrefix.Length), key, out var length)
            && length == PublicKeyBytes
            && PublicKey.TryImport(SignatureAlgorithm.Ed25519, key, KeyBlobFormat.RawPublicKey, out var found)
            ? found : null;
    }

    /// <summary>Misshapen entries are passed over; reading ends with the first that is too many.</summary>
    private static List<byte[]> ReadAsymmetric(string header)
    {
        var signatures = new List<byte[]>();
        Span<byte> signature = stackalloc byte[AsymmetricBytes];
        foreach (var range in header.AsSpan().Split(' '))
        {
            var entry = header.AsSpan(range);
            if (entry.StartsWith(AsymmetricVersion, StringComparison.Ordinal)
                && entry.Length == AsymmetricVersion.Length + AsymmetricChars
                && Convert.TryFromBase64Chars(entry[AsymmetricVersion.Length..], signature, out var written)
                && written == AsymmetricBytes)
                signatures.Add(signature.ToArray());
            if (signatures.Count > AsymmetricMax)
                break;
        }

        return signatures;
    }

    /// <summary>Nothing here is secret, so the first that fits ends it.</summary>
    private static bool AnySigned(
        IEnumerable<string> secrets, string id, string timestamp, ReadOnlySpan<byte> body, List<byte[]> signatures)
    {
        if (signatures.Count == 0)
            return false;
        var signed = ArrayPool<byte>.Shared.Rent(HeadBytesMax + body.Length);
        try
        {
            var head = Head(id, timestamp, signed);
            body.CopyTo(signed.AsSpan(head));
            var content = signed.AsSpan(0, head + body.Length);
            foreach (var secret in secrets)
            {
                if (FindPublicKey(secret) is not { } key)
                    continue;
                foreach (var signature in signatures)
                {
                    if (SignatureAlgorithm.Ed25519.Verify(key, content, signature))
                        return true;
                }
            }

            return false;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(signed);
        }
    }
}
