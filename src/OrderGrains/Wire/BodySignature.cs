using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Primitives;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>A header that signs the body alone: base64 of its HMAC-SHA256. All other headers are unsigned.</summary>
internal static class BodySignature
{
    private const int DigestBytes = HMACSHA256.HashSizeInBytes;
    private const int DigestChars = 44;

    /// <summary>The keys that secrets are; an empty one would let anyone sign.</summary>
    public static byte[][] Keys(IEnumerable<string> secrets) =>
        [.. secrets.Where(secret => secret.Length > 0).Select(Encoding.UTF8.GetBytes)];

    /// <summary>What the header says of a body.</summary>
    public static string Of(byte[] key, ReadOnlySpan<byte> body) =>
        Convert.ToBase64String(HMACSHA256.HashData(key, body));

    /// <summary>Null when one of the keys made the signature.</summary>
    /// <param name="values">What the header says.</param>
    /// <param name="name">Its name, for people.</param>
    /// <param name="keys">Of all live secrets.</param>
    /// <param name="body">The exact bytes.</param>
    public static Verification.Forged? Fault(StringValues values, string name, byte[][] keys, ReadOnlySpan<byte> body)
    {
        if (values.Count != 1)
            return new Verification.Forged($"{name} {(values.Count == 0 ? "is missing" : "is given more than once")}");
        Span<byte> claim = stackalloc byte[DigestBytes];
        if (values[0] is not { Length: DigestChars } text
            || !Convert.TryFromBase64String(text, claim, out var written) || written != DigestBytes)
            return new Verification.Forged($"{name} is not base64 of {DigestBytes} bytes");
        return AnyMatches(keys, body, claim) ? null : new Verification.Forged($"{name} matches no live secret");
    }

    /// <summary>Tries every key, so that the time taken tells nothing of which came close.</summary>
    private static bool AnyMatches(byte[][] keys, ReadOnlySpan<byte> body, ReadOnlySpan<byte> claim)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        var matched = false;
        foreach (var key in keys)
        {
            HMACSHA256.HashData(key, body, digest);
            matched |= CryptographicOperations.FixedTimeEquals(digest, claim);
        }

        return matched;
    }
}
