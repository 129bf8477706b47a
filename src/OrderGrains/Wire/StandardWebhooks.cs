using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using OrderGrains.Configuration;
using OrderGrains.Vocabulary;

namespace OrderGrains.Wire;

/// <summary>
/// Signs and verifies by Standard Webhooks (standard-webhooks.md, "Signature scheme" and "Webhook headers"): <c>v1</c>,
/// HMAC-SHA256 over <c>id.timestamp.body</c>, the body as raw bytes; and verifies <c>v1a</c>, ed25519 over the same.
/// </summary>
public static partial class StandardWebhooks
{
    public const string IdHeader = "webhook-id";
    public const string TimestampHeader = "webhook-timestamp";
    public const string SignatureHeader = "webhook-signature";

    private const string SecretPrefix = "whsec_";
    private const string Version = "v1,";
    private const int DigestBytes = HMACSHA256.HashSizeInBytes;
    private const int DigestChars = 44;
    private const int IdCharsMax = 255;
    private const int KeyBytesMax = 256;
    private const int SignaturesMax = 16;
    private const int HeadBytesMax = IdCharsMax + UnixTime.CharsMax + 2;

    /// <summary>Whether a secret is <c>whsec_</c> and base64 of 24 to 64 bytes, as the specification asks.</summary>
    public static bool IsSecret(string secret)
    {
        Span<byte> key = stackalloc byte[KeyBytesMax];
        return secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            && TryReadKey(secret, key, out var length) && length is >= 24 and <= 64;
    }

    /// <summary>Notes each of the setting <c>Secrets</c> that has not that form: we sign with them.</summary>
    public static void CheckSecrets(IList<string> secrets, Settings settings) =>
        Check(secrets, settings, IsSecret, "must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)");

    /// <summary>The same where secrets only verify: public keys may stand among them.</summary>
    public static void CheckKeys(IList<string> secrets, Settings settings) =>
        Check(secrets, settings, text => IsSecret(text) || IsPublicKey(text),
            "must be whsec_ and 24 to 64 bytes in base64, or whpk_ and an ed25519 public key in base64 "
            + "(Standard Webhooks)");

    private static void Check(IList<string> secrets, Settings settings, Func<string, bool> isRight, string rule)
    {
        settings.CheckNotBlank("Secrets", secrets);
        for (var at = 0; at < secrets.Count; at++)
        {
            if (!string.IsNullOrWhiteSpace(secrets[at]) && !isRight(secrets[at]))
                settings.Mistake($"Secrets:{at}", rule);
        }
    }

    /// <summary>One signature, <c>v1,…</c>, for the <c>webhook-signature</c> header.</summary>
    /// <param name="secret"><c>whsec_</c> and base64.</param>
    /// <param name="id">The <c>webhook-id</c>: visible ASCII without a full stop, which parts what is signed.</param>
    /// <param name="timestamp">Its whole seconds since 1970 are the <c>webhook-timestamp</c>.</param>
    /// <param name="body">The exact bytes sent.</param>
    /// <exception cref="ArgumentException">The secret or the id has not that form; neither is repeated.</exception>
    public static string Sign(string secret, string id, DateTimeOffset timestamp, ReadOnlySpan<byte> body)
    {
        Span<byte> key = stackalloc byte[KeyBytesMax];
        if (!TryReadKey(secret, key, out var length))
            throw new ArgumentException("The secret is not whsec_ and base64.", nameof(secret));
        if (IdFault(id) is { } fault)
            throw new ArgumentException($"The id {fault}.", nameof(id));
        Span<byte> digest = stackalloc byte[DigestBytes];
        Mac(key[..length], id, UnixTime.Text(timestamp), body, digest);
        return Version + Convert.ToBase64String(digest);
    }

    /// <summary>Signs a request with each of the secrets, so that whoever knows one of them can verify it.</summary>
    /// <inheritdoc cref="Sign(string, string, DateTimeOffset, ReadOnlySpan{byte})"/>
    public static void Sign(
        HttpRequestHeaders headers, IEnumerable<string> secrets, string id, DateTimeOffset timestamp,
        ReadOnlyMemory<byte> body)
    {
        headers.Add(IdHeader, id);
        headers.Add(TimestampHeader, UnixTime.Text(timestamp));
        headers.Add(
            SignatureHeader, string.Join(' ', secrets.Select(secret => Sign(secret, id, timestamp, body.Span))));
    }

    /// <summary>Proves that a holder of any of the secrets signed the body within the tolerance.</summary>
    /// <param name="secrets"><c>whsec_</c> secrets and <c>whpk_</c> public keys; whichever, the newest first.</param>
    /// <returns><c>Authentic</c> with an empty topic and the id, or <c>Forged</c> with header and rule.</returns>
    public static Verification Verify(
        IEnumerable<string> secrets,
        IHeaderDictionary headers,
        ReadOnlySpan<byte> body,
        DateTimeOffset now,
        TimeSpan tolerance)
    {
        if (!HeaderText.TryGetOne(headers, IdHeader, out var id, out var fault)
            || !HeaderText.TryGetOne(headers, TimestampHeader, out var timestamp, out fault)
            || !HeaderText.TryGetOne(headers, SignatureHeader, out var signature, out fault))
            return new Verification.Forged(fault);
        if (IdFault(id) is { } idFault)
            return new Verification.Forged($"{IdHeader} {idFault}");
        if (UnixTime.Find(timestamp) is not { } statedAt)
            return new Verification.Forged($"{TimestampHeader} must be whole seconds since 1970");
        if (UnixTime.Fault(statedAt, now, tolerance) is { } timestampFault)
            return new Verification.Forged($"{TimestampHeader} {timestampFault}") { StatedAt = statedAt };

        Span<byte> claims = stackalloc byte[SignaturesMax * DigestBytes];
        if (!TryReadSignatures(signature, claims, out var count))
            return new Verification.Forged($"{SignatureHeader} holds more than {SignaturesMax} v1 signatures");
        var asymmetric = ReadAsymmetric(signature);
        if (asymmetric.Count > AsymmetricMax)
            return new Verification.Forged($"{SignatureHeader} holds more than {AsymmetricMax} v1a signatures");
        if (count + asymmetric.Count == 0)
            return new Verification.Forged($"{SignatureHeader} holds no v1 or v1a signature");
        return AnyMatches(secrets, id, timestamp, body, claims[..(count * DigestBytes)])
            || AnySigned(secrets, id, timestamp, body, asymmetric)
            ? new Verification.Authentic("", id) { StatedAt = statedAt }
            : new Verification.Forged($"{SignatureHeader} matches no live secret");
    }

    /// <summary>Compares every claim with every secret: the time taken tells nothing of which came close.</summary>
    private static bool AnyMatches(
        IEnumerable<string> secrets, string id, string timestamp, ReadOnlySpan<byte> body, ReadOnlySpan<byte> claims)
    {
        Span<byte> key = stackalloc byte[KeyBytesMax];
        Span<byte> digest = stackalloc byte[DigestBytes];
        var matched = false;
        foreach (var secret in secrets)
        {
            if (!TryReadKey(secret, key, out var length))
                continue;
            Mac(key[..length], id, timestamp, body, digest);
            for (var at = 0; at < claims.Length; at += DigestBytes)
                matched |= CryptographicOperations.FixedTimeEquals(digest, claims.Slice(at, DigestBytes));
        }

        return matched;
    }

    private static void Mac(
        ReadOnlySpan<byte> key, string id, string timestamp, ReadOnlySpan<byte> body, Span<byte> digest)
    {
        Span<byte> head = stackalloc byte[HeadBytesMax];
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hash.AppendData(head[..Head(id, timestamp, head)]);
        hash.AppendData(body);
        hash.GetHashAndReset(digest);
    }

    /// <summary>What is signed before the body.</summary>
    private static int Head(string id, string timestamp, Span<byte> head)
    {
        var length = Encoding.ASCII.GetBytes(id, head);
        head[length++] = (byte)'.';
        length += Encoding.ASCII.GetBytes(timestamp, head[length..]);
        head[length++] = (byte)'.';
        return length;
    }

    /// <summary>Versions other than v1 and misshapen entries are passed over: the list serves rotation.</summary>
    private static bool TryReadSignatures(string header, Span<byte> claims, out int count)
    {
        count = 0;
        Span<byte> digest = stackalloc byte[DigestBytes];
        foreach (var range in header.AsSpan().Split(' '))
        {
            var entry = header.AsSpan(range);
            if (!entry.StartsWith(Version, StringComparison.Ordinal) || entry.Length != Version.Length + DigestChars
                || !Convert.TryFromBase64Chars(entry[Version.Length..], digest, out var written)
                || written != DigestBytes)
                continue;
            if (count == SignaturesMax)
                return false;
            digest.CopyTo(claims[(count++ * DigestBytes)..]);
        }

        return true;
    }

    private static bool TryReadKey(string secret, Span<byte> key, out int length)
    {
        var text = secret.AsSpan();
        if (text.StartsWith(SecretPrefix, StringComparison.Ordinal))
            text = text[SecretPrefix.Length..];
        // An empty key would let anyone sign.
        return Convert.TryFromBase64Chars(text, key, out length) && length > 0;
    }

    private static string? IdFault(string id)
    {
        if (id.Length is 0 or > IdCharsMax)
            return $"must have 1 to {IdCharsMax} characters";
        if (id.Contains('.', StringComparison.Ordinal))
            return "must not hold a full stop";
        return id.AsSpan().ContainsAnyExceptInRange('!', '~') ? "must be visible ASCII" : null;
    }
}
