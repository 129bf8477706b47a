using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Ingress;

/// <summary>Bounds of the front (configuration section <c>Ingress</c>).</summary>
public sealed class IngressOptions
{
    /// <summary>A longer body is answered 413. Default 2 MiB.</summary>
    [Range(1024, 64 * 1024 * 1024)] public int BodyBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// Receipts in memory between their 200 and their effect; more wait in the database. Default 4,096.
    /// </summary>
    [Range(1, 1_000_000)] public int HeldMax { get; set; } = 4096;

    /// <summary>Receipts applied at once. Default 128.</summary>
    [Range(1, 10_000)] public int AppliedAtOnceMax { get; set; } = 128;

    /// <summary>
    /// CIDR networks of the reverse proxies before this process: only from them are <c>X-Forwarded-For</c> and
    /// <c>X-Forwarded-Proto</c> believed. Default: none.
    /// </summary>
    public IList<string> TrustedProxies { get; init; } = [];

    /// <summary>
    /// Takes webhooks over plain HTTP from any address. Else only loopback may send so; a trusted proxy says by
    /// <c>X-Forwarded-Proto</c> what its sender used. Default: no.
    /// </summary>
    public bool AllowPlainHttp { get; set; }

    /// <summary>
    /// Where senders reach this installation, such as <c>https://orders.example.com</c>: tests of a source go there.
    /// Default: nobody has said it, and there are no tests.
    /// </summary>
    public Uri? PublicUrl { get; set; }

    /// <summary>Where a source's sender posts; null while <see cref="PublicUrl"/> is.</summary>
    internal Uri? AddressOf(string source) => PublicUrl is { } root
        ? new Uri($"{root.AbsoluteUri.TrimEnd('/')}/webhooks/v1/{source}") : null;
}
