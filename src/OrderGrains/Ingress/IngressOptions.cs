using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Ingress;

/// <summary>Bounds of the front (configuration section <c>Ingress</c>).</summary>
public sealed class IngressOptions
{
    /// <summary>
    /// A longer body is answered 413, and so is one that is longer once it is decoded. Default 2 MiB.
    /// </summary>
    [Range(1024, 64 * 1024 * 1024)] public int BodyBytesMax { get; set; } = 2 * 1024 * 1024;

    /// <summary>
    /// Bytes of bodies in memory: half of them on their way into the database, which is answered 503 beyond, and half
    /// between their 200 and their effect, beyond which they wait in the database. At least sixteen times the longest
    /// body. Default 256 MiB.
    /// </summary>
    [Range(8 * 1024, 64L * 1024 * 1024 * 1024)] public long BodiesBytesMax { get; set; } = 256 * 1024 * 1024;

    /// <summary>
    /// Receipts in memory between their 200 and their effect; more wait in the database. One source alone has half of
    /// them. Default 8,192.
    /// </summary>
    [Range(1, 1_000_000)] public int HeldMax { get; set; } = 8192;

    /// <summary>Receipts applied at once. One source alone has half of them. Default 256.</summary>
    [Range(1, 10_000)] public int AppliedAtOnceMax { get; set; } = 256;

    /// <summary>Connections at once, of senders, browsers and scrapers. Default 10,000.</summary>
    [Range(10, 1_000_000)] public int ConnectionsMax { get; set; } = 10_000;

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
