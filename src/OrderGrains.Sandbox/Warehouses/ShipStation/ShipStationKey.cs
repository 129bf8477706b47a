using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Warehouses.ShipStation;

/// <summary>A key pair that the make-believe ShipStation signs by, made when it is needed.</summary>
public sealed class ShipStationKey(string id) : IDisposable
{
    private const int Bits = 2048;

    private readonly RSA _key = RSA.Create(Bits);

    public string Id => id;

    /// <summary>Its public half, as an entry of a JSON Web Key Set.</summary>
    public JsonObject Public()
    {
        var half = _key.ExportParameters(includePrivateParameters: false);
        return new JsonObject
        {
            ["kty"] = "RSA",
            ["use"] = "sig",
            ["alg"] = "RS256",
            ["kid"] = id,
            ["n"] = Base64Url.EncodeToString(half.Modulus),
            ["e"] = Base64Url.EncodeToString(half.Exponent),
        };
    }

    /// <summary>Base64 of what signs a body sent at this time.</summary>
    public string Sign(string timestamp, ReadOnlySpan<byte> body) => Convert.ToBase64String(_key.SignData(
        [.. Encoding.UTF8.GetBytes($"{timestamp}."), .. body], HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    public void Dispose() => _key.Dispose();
}
