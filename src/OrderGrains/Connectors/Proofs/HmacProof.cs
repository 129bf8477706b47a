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
internal sealed class HmacProof(ProofOptions options, SignedContent content, IReadOnlyList<byte[]> keys) : IProof
{
    private const int SignaturesMax = 16;
    private const int TimestampCharsMax = 40;

    /// <summary>As seconds it would be the year 5138, and as milliseconds it was 1973.</summary>
    private const long MillisecondsLeast = 100_000_000_000;

    private readonly string _header = options.Header ?? "";
    private readonly string _prefix = options.Prefix ?? "";

    private readonly (HashAlgorithmName Name, int Bytes) _digest = options.Digest switch
    {
        SignatureDigest.Sha1 => (HashAlgorithmName.SHA1, HMACSHA1.HashSizeInBytes),
        SignatureDigest.Sha384 => (HashAlgorithmName.SHA384, HMACSHA384.HashSizeInBytes),
        SignatureDigest.Sha512 => (HashAlgorithmName.SHA512, HMACSHA512.HashSizeInBytes),
        _ => (HashAlgorithmName.SHA256, HMACSHA256.HashSizeInBytes),
    };

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!HeaderText.TryGetOne(request.Headers, _header, out var text, out var fault))
            return new Verification.Forged(fault);
        var entries = string.IsNullOrEmpty(options.Separator)
            ? [text] : text.Split(options.Separator, StringSplitOptions.TrimEntries);
        var timestamp = "";
        DateTimeOffset? statedAt = null;
        if (content.Has(SignedPart.Timestamp))
        {
            if (!TryGetTimestamp(request.Headers, entries, out timestamp, out fault))
                return new Verification.Forged(fault);
            statedAt = FindTime(timestamp);
            if (TimestampFault(statedAt, now) is { } wrong)
                return new Verification.Forged(wrong) { StatedAt = statedAt };
        }

        var claims = entries.Where(entry => entry.StartsWith(_prefix, StringComparison.Ordinal))
            .Select(entry => Decode(entry.AsSpan(_prefix.Length))).OfType<byte[]>()
            .Take(SignaturesMax + 1).ToArray();
        if (claims.Length > SignaturesMax)
            return new Verification.Forged($"{_header} holds more than {SignaturesMax} signatures");
        if (claims.Length == 0)
            return new Verification.Forged($"{_header} holds no {options.Encoding} of {_digest.Bytes} bytes");
        if (content.Find(request, timestamp, options.Url ?? "", out fault) is not { } signed)
            return new Verification.Forged(fault);
        return AnyMatches(signed, request.Body, claims)
            ? new Verification.Authentic("", null) { StatedAt = statedAt }
            : new Verification.Forged($"{_header} matches no live secret");
    }

    public string? Sign(TestCall call)
    {
        foreach (var missing in content.Headers.Where(name => !call.Headers.ContainsKey(name)))
        {
            call.Headers[missing] = missing.Equals("Host", StringComparison.OrdinalIgnoreCase)
                ? call.Address.Authority : TestCall.Topic;
        }

        var timestamp = content.Has(SignedPart.Timestamp) ? UnixTime.Text(call.Now) : "";
        var request = new WebhookRequest(call.Headers, call.Body.Span, call.Address.PathAndQuery);
        if (content.Find(request, timestamp, options.Url ?? "", out var fault) is not { } signed)
            return fault;
        var signature = _prefix + Encode(Digest(keys[0], signed, call.Body.Span));
        if (timestamp.Length > 0 && options.TimestampHeader is { } name)
            call.Headers[name] = timestamp;
        call.Headers[_header] = timestamp.Length > 0 && options.TimestampHeader is null
            ? $"{options.TimestampPrefix}{timestamp}{options.Separator}{signature}" : signature;
        return null;
    }

    /// <summary>Compares every claim with every secret: the time taken tells nothing of which came close.</summary>
    private bool AnyMatches(byte[]?[] signed, ReadOnlySpan<byte> body, byte[][] claims)
    {
        var matched = false;
        foreach (var key in keys)
        {
            var own = Digest(key, signed, body);
            foreach (var claim in claims)
                matched |= CryptographicOperations.FixedTimeEquals(own, claim);
        }

        return matched;
    }

    private byte[] Digest(byte[] key, byte[]?[] signed, ReadOnlySpan<byte> body)
    {
        using var hash = IncrementalHash.CreateHMAC(_digest.Name, key);
        foreach (var part in signed)
            hash.AppendData(part is null ? body : part);
        return hash.GetHashAndReset();
    }

    private string Encode(byte[] signature) => options.Encoding switch
    {
        SignatureEncoding.Base64 => Convert.ToBase64String(signature),
        SignatureEncoding.Base64Url => Base64Url.EncodeToString(signature),
        _ => Convert.ToHexStringLower(signature),
    };

    private bool TryGetTimestamp(IHeaderDictionary headers, string[] entries, out string timestamp, out string fault)
    {
        if (options.TimestampHeader is { } name)
            return HeaderText.TryGetOne(headers, name, out timestamp, out fault);
        var before = options.TimestampPrefix ?? "";
        var found = entries.Where(entry => entry.StartsWith(before, StringComparison.Ordinal)).ToArray();
        timestamp = found is [var one] ? one[before.Length..] : "";
        fault = $"{_header} must hold one timestamp";
        return timestamp.Length > 0;
    }

    private string? TimestampFault(DateTimeOffset? stated, DateTimeOffset now)
    {
        var name = options.TimestampHeader ?? $"the timestamp in {_header}";
        return stated is not { } time
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
        var claim = new byte[_digest.Bytes];
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
