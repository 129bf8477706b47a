using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using System.Threading.Channels;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>
/// RSA keys that a sender publishes as a JSON Web Key Set (RFC 7517, section 5). They are held in memory and fetched by
/// somebody else, never by the request that needs one.
/// </summary>
/// <param name="address">Where they are.</param>
/// <param name="rules">How they are fetched.</param>
public sealed class KeySet(Uri address, FetchRules rules)
{
    /// <summary>A sender has one or two; what is beyond is not looked at.</summary>
    public const int KeysMax = 32;

    private const int ModulusBytesMin = 2048 / 8;
    private const int ModulusBytesMax = 8192 / 8;
    private const int ExponentBytesMax = 8;

    /// <summary>Asked while one asks: one fetch answers both.</summary>
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private volatile Dictionary<string, RSAParameters> _keys = new(StringComparer.Ordinal);

    public Uri Address => address;

    public FetchRules Rules => rules;

    /// <summary>How many are known.</summary>
    public int Count => _keys.Count;

    /// <summary>Null when no key has this id: then all are asked for.</summary>
    public RSAParameters? Find(string keyId)
    {
        if (_keys.TryGetValue(keyId, out var key))
            return key;
        _asked.Writer.TryWrite(true);
        return null;
    }

    /// <summary>Ends when somebody has looked for a key that is not there, or when the time is over.</summary>
    /// <param name="wait">How long at most.</param>
    /// <param name="time">The clock.</param>
    /// <param name="stopping">Ends it, by an exception.</param>
    public async Task WaitAsync(TimeSpan wait, TimeProvider time, CancellationToken stopping)
    {
        using var over = new CancellationTokenSource(wait, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, stopping);
        try
        {
            await _asked.Reader.ReadAsync(either.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // It is time.
        }
    }

    /// <summary>Takes the place of all keys before; those that are gone are not believed any more.</summary>
    /// <param name="document">What was fetched.</param>
    /// <returns>Why nothing of it was taken; null when it was.</returns>
    public string? Take(ReadOnlyMemory<byte> document)
    {
        try
        {
            using var parsed = JsonDocument.Parse(document);
            var fault = new JsonFault();
            if (parsed.RootElement.ValueKind != JsonValueKind.Object
                || new JsonFields(parsed.RootElement, "", fault).Items("keys", KeysMax) is not { } items)
                return "it is no JSON Web Key Set";
            var keys = new Dictionary<string, RSAParameters>(StringComparer.Ordinal);
            foreach (var item in items)
            {
                if (Read(item) is { } known)
                    keys[known.Id] = known.Key;
            }

            if (keys.Count == 0)
                return "it has no RSA key to verify with";
            _keys = keys;
            return null;
        }
        catch (JsonException)
        {
            return "it is no JSON";
        }
    }

    /// <summary>Null when it is of another kind, or for something else (RFC 7518, section 6.3.1).</summary>
    private static (string Id, RSAParameters Key)? Read(JsonFields item)
    {
        if (item.Text("kty") != "RSA" || item.Text("use") is not (null or "sig")
            || item.Text("alg") is not (null or "RS256") || item.Text("kid", HeaderText.CharsMax + 1) is not { } id
            || id.Length > HeaderText.CharsMax
            || Bytes(item.Text("n", ModulusBytesMax * 2)) is not { Length: >= ModulusBytesMin and <= ModulusBytesMax } n
            || Bytes(item.Text("e")) is not { Length: > 0 and <= ExponentBytesMax } e)
            return null;
        return (id, new RSAParameters { Modulus = n, Exponent = e });
    }

    private static byte[]? Bytes(string? text) => text is not null && Base64Url.IsValid(text)
        ? Base64Url.DecodeFromChars(text) : null;
}
