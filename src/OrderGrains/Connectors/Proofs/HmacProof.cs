using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>An HMAC over what the description says, in a header.</summary>
/// <param name="options">The description.</param>
/// <param name="content">Its template, read.</param>
/// <param name="keys">Its secrets, read.</param>
internal sealed class HmacProof(ProofOptions options, SignedContent content, IReadOnlyList<byte[]> keys)
{
    private const int SignaturesMax = 16;
    private const int TimestampCharsMax = 40;

    /// <summary>As seconds it would be the year 5138, and as milliseconds it was 1973.</summary>
    private const long MillisecondsLeast = 100_000_000_000;

    private readonly string header = options.Header ?? "";
    private readonly string prefix = options.Prefix ?? "";

    private readonly (HashAlgorithmName Name, int Bytes) digest = options.Digest switch
    {
        SignatureDigest.Sha1 => (HashAlgorithmName.SHA1, HMACSHA1.HashSizeInBytes),
        SignatureDigest.Sha384 => (HashAlgorithmName.SHA384, HMACSHA384.HashSizeInBytes),
        SignatureDigest.Sha512 => (HashAlgorithmName.SHA512, HMACSHA512.HashSizeInBytes),
        _ => (HashAlgorithmName.SHA256, HMACSHA256.HashSizeInBytes),
    };

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!HeaderText.TryGetOne(request.Headers, header, out var text, out var fault))
            return new Verification.Forged(fault);
        var entries = string.IsNullOrEmpty(options.Separator)
            ? [text] : text.Split(options.Separator, StringSplitOptions.TrimEntries);
        var timestamp = "";
        if (content.Has(SignedPart.Timestamp))
        {
            if (!TryGetTimestamp(request.Headers, entries, out timestamp, out fault))
                return new Verification.Forged(fault);
            if (TimestampFault(timestamp, now) is { } wrong)
                return new Verification.Forged(wrong);
        }

        var claims = entries.Where(entry => entry.StartsWith(prefix, StringComparison.Ordinal))
            .Select(entry => Decode(entry.AsSpan(prefix.Length))).OfType<byte[]>()
            .Take(SignaturesMax + 1).ToArray();
        if (claims.Length > SignaturesMax)
            return new Verification.Forged($"{header} holds more than {SignaturesMax} signatures");
        if (claims.Length == 0)
            return new Verification.Forged($"{header} holds no {options.Encoding} of {digest.Bytes} bytes");
        if (content.Find(request, timestamp, options.Url ?? "", out fault) is not { } signed)
            return new Verification.Forged(fault);
        return AnyMatches(signed, request.Body, claims)
            ? new Verification.Authentic("", null)
            : new Verification.Forged($"{header} matches no live secret");
    }

    /// <summary>Compares every claim with every secret: the time taken tells nothing of which came close.</summary>
    private bool AnyMatches(byte[]?[] signed, ReadOnlySpan<byte> body, byte[][] claims)
    {
        var matched = false;
        foreach (var key in keys)
        {
            using var hash = IncrementalHash.CreateHMAC(digest.Name, key);
            foreach (var part in signed)
                hash.AppendData(part is null ? body : part);
            var own = hash.GetHashAndReset();
            foreach (var claim in claims)
                matched |= CryptographicOperations.FixedTimeEquals(own, claim);
        }

        return matched;
    }

    private bool TryGetTimestamp(IHeaderDictionary headers, string[] entries, out string timestamp, out string fault)
    {
        if (options.TimestampHeader is { } name)
            return HeaderText.TryGetOne(headers, name, out timestamp, out fault);
        var before = options.TimestampPrefix ?? "";
        var found = entries.Where(entry => entry.StartsWith(before, StringComparison.Ordinal)).ToArray();
        timestamp = found is [var one] ? one[before.Length..] : "";
        fault = $"{header} must hold one timestamp";
        return timestamp.Length > 0;
    }

    private string? TimestampFault(string text, DateTimeOffset now)
    {
        var name = options.TimestampHeader ?? $"the timestamp in {header}";
        return FindTime(text) is not { } time
            ? $"{name} must be seconds or milliseconds since 1970, or an ISO 8601 time with its zone"
            : UnixTime.Fault(time, now, options.TimestampTolerance) is { } fault ? $"{name} {fault}" : null;
    }

    private static DateTimeOffset? FindTime(string text)
    {
        if (text.Length > TimestampCharsMax)
            return null;
        if (!long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return IsoTime.Read(text, out var time) == TimeFault.None ? time : null;
        if (number < MillisecondsLeast)
            return DateTimeOffset.FromUnixTimeSeconds(number);
        return number <= DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()
            ? DateTimeOffset.FromUnixTimeMilliseconds(number) : null;
    }

    /// <summary>Null when it is no digest, so written.</summary>
    private byte[]? Decode(ReadOnlySpan<char> text)
    {
        var claim = new byte[digest.Bytes];
        var written = 0;
        var isWritten = options.Encoding switch
        {
            SignatureEncoding.Base64 => Convert.TryFromBase64Chars(text, claim, out written),
            SignatureEncoding.Base64Url =>
                Base64Url.DecodeFromChars(text, claim, out _, out written) == OperationStatus.Done,
            _ => Convert.FromHexString(text, claim, out _, out written) == OperationStatus.Done,
        };
        return isWritten && written == claim.Length ? claim : null;
    }
}
