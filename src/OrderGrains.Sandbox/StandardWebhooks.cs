using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OrderGrains.Sandbox;

/// <summary>
/// Standard Webhooks signatures, written apart from the product's own so that a mistake in one shows against the other.
/// Source: standard-webhooks/standard-webhooks, spec/standard-webhooks.md, "Signature scheme" (symmetric, v1).
/// </summary>
public static class StandardWebhooks
{
    private const string SecretPrefix = "whsec_";

    /// <summary>
    /// How far a timestamp may lie from now, either way; five minutes as the public libraries have it.
    /// </summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    /// <summary>
    /// A secret of 24 bytes that is the same for the same name: make-believe, so it need not be secret.
    /// </summary>
    public static string SecretFor(string name) =>
        SecretPrefix + Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(name)).AsSpan(0, 24));

    /// <summary>
    /// The value of <c>webhook-signature</c>: <c>v1,</c> and the base64 HMAC-SHA256 of <c>id.timestamp.body</c>.
    /// </summary>
    public static string Sign(string secret, string id, long unixSeconds, ReadOnlySpan<byte> body)
    {
        var key = Convert.FromBase64String(secret.StartsWith(SecretPrefix, StringComparison.Ordinal)
            ? secret[SecretPrefix.Length..]
            : secret);
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.")));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }

    /// <summary>
    /// Whether one of the space-separated signatures is right and the timestamp (unix seconds) is fresh.
    /// </summary>
    public static bool Verify(
        string secret, string? id, string? timestamp, string? signatures, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(id) || string.IsNullOrEmpty(signatures)) return false;
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - seconds) > Tolerance.TotalSeconds) return false;

        var expected = Encoding.ASCII.GetBytes(Sign(secret, id, seconds, body));
        foreach (var signature in signatures.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(signature), expected)) return true;
        }
        return false;
    }
}
