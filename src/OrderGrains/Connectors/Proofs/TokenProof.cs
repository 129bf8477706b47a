using System.Security.Cryptography;
using System.Text;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>
/// A secret that is sent as it is (RFC 7617, RFC 6750): it proves who sends, and nothing of what is sent.
/// </summary>
/// <param name="options">The description.</param>
/// <param name="isBasic">What is sent is base64 of user and password.</param>
internal sealed class TokenProof(ProofOptions options, bool isBasic) : IProof
{
    private readonly string _header = options.Header ?? "";
    private readonly string _prefix = options.Prefix ?? "";

    /// <summary>Digests have one length, so that comparing tells nothing of that of a secret.</summary>
    private readonly byte[][] _known =
        [.. options.Secrets.Select(secret => SHA256.HashData(Encoding.UTF8.GetBytes(secret)))];

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!HeaderText.TryGetOne(request.Headers, _header, out var text, out var fault))
            return new Verification.Forged(fault);
        if (!text.StartsWith(_prefix, StringComparison.OrdinalIgnoreCase))
            return new Verification.Forged($"{_header} must begin with '{_prefix}'");
        if (Sent(text[_prefix.Length..]) is not { } sent)
            return new Verification.Forged($"{_header} is not base64");
        var digest = SHA256.HashData(sent);
        var matched = false;
        foreach (var one in _known)
            matched |= CryptographicOperations.FixedTimeEquals(one, digest);
        return matched
            ? new Verification.Authentic("", null)
            : new Verification.Forged($"{_header} matches no live secret");
    }

    public string? Sign(TestCall call)
    {
        var secret = options.Secrets[0];
        call.Headers[_header] = _prefix + (isBasic ? Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) : secret);
        return null;
    }

    private byte[]? Sent(string text)
    {
        if (!isBasic)
            return Encoding.UTF8.GetBytes(text);
        var sent = new byte[text.Length];
        return Convert.TryFromBase64String(text, sent, out var length) ? sent[..length] : null;
    }
}
