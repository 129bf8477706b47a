using System.Security.Cryptography;
using System.Text;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// ShipStation's signature (docs.shipstation.com, "Webhook Validation"): RSASSA-PKCS1-v1_5 with SHA-256 over
/// <c>{timestamp}.{body}</c>, by a key that it publishes.
/// </summary>
/// <param name="keys">Its keys.</param>
/// <param name="tolerance">How far a timestamp may lie from our time, either way.</param>
internal sealed class ShipStationProof(KeySet keys, TimeSpan tolerance) : IProof
{
    public const string KeyIdHeader = "x-shipengine-rsa-sha256-key-id";
    public const string SignatureHeader = "x-shipengine-rsa-sha256-signature";
    public const string TimestampHeader = "x-shipengine-timestamp";

    /// <summary>Base64 of 8192 bits.</summary>
    private const int SignatureCharsMax = 1368;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (!HeaderText.TryGetOne(request.Headers, KeyIdHeader, out var keyId, out var missing)
            || !HeaderText.TryGetOne(request.Headers, SignatureHeader, out var signature, out missing)
            || !HeaderText.TryGetOne(request.Headers, TimestampHeader, out var timestamp, out missing))
            return new Verification.Forged(missing);
        if (timestamp.Length > HeaderText.CharsMax || IsoTime.Read(timestamp, out var statedAt) != TimeFault.None)
            return new Verification.Forged($"{TimestampHeader} is no ISO 8601 time with its zone");
        if (UnixTime.Fault(statedAt, now, tolerance) is { } late)
            return new Verification.Forged($"{TimestampHeader} {late}") { StatedAt = statedAt };
        var claim = new byte[SignatureCharsMax];
        if (signature.Length > SignatureCharsMax
            || !Convert.TryFromBase64String(signature, claim, out var claimed))
            return new Verification.Forged($"{SignatureHeader} is no base64 of a signature");
        if (keyId.Length > HeaderText.CharsMax)
            return new Verification.Forged(HeaderText.BoundedFault(KeyIdHeader));
        if (keys.Find(keyId) is not { } key)
            return new Verification.Unready($"{KeyIdHeader} names a key that is not known here yet; it is asked for");
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{timestamp}."));
        hash.AppendData(request.Body);
        // One of its own for each request: it is nowhere said that an instance bears two at once.
        using var rsa = RSA.Create(key);
        return rsa.VerifyHash(
            hash.GetHashAndReset(), claim.AsSpan(0, claimed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            ? new Verification.Authentic("", null) { StatedAt = statedAt }
            : new Verification.Forged($"{SignatureHeader} was not made by the key that {KeyIdHeader} names");
    }

    public string? Sign(TestCall call) => "only ShipStation can sign: it alone has the private key";
}
