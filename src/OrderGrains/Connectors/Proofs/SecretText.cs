using System.Text;

namespace OrderGrains.Connectors.Proofs;

/// <summary>A secret's bytes.</summary>
internal static class SecretText
{
    /// <summary>Null when it is not written so, or holds nothing.</summary>
    public static byte[]? Read(string secret, SecretEncoding encoding)
    {
        var key = new byte[Encoding.UTF8.GetMaxByteCount(secret.Length)];
        var length = encoding switch
        {
            SecretEncoding.Hex =>
                Convert.FromHexString(secret, key, out _, out var written) == System.Buffers.OperationStatus.Done
                    ? written : 0,
            SecretEncoding.Base64 => Convert.TryFromBase64String(secret, key, out var written) ? written : 0,
            _ => Encoding.UTF8.GetBytes(secret, key),
        };
        // An empty key would let anyone sign.
        return length == 0 ? null : key[..length];
    }
}
