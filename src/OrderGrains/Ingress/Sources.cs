using System.ComponentModel.DataAnnotations;
using System.Net;
using OrderGrains.Connectors;
using OrderGrains.Wire;

namespace OrderGrains.Ingress;

/// <summary>The configured sources.</summary>
public sealed class Sources(IReadOnlyDictionary<string, Source> byName)
{
    public IEnumerable<Source> All => byName.Values;

    /// <summary>A source's weight where sources share; 1 for one that is not known.</summary>
    public double WeightOf(string name) => Find(name)?.Limits.Weight ?? 1;

    /// <summary>Null when no source has this name.</summary>
    public Source? Find(string name) => byName.GetValueOrDefault(name);
}

/// <summary>One configured source.</summary>
/// <param name="Name">As it is configured.</param>
/// <param name="Connector">Reads what it sends, and says who sent it.</param>
/// <param name="AllowedNetworks">Networks that may post; empty admits every address.</param>
/// <param name="SilentAfter">Without news for so long it is silent; null: it may be.</param>
/// <param name="Kind">The name of its kind.</param>
public sealed record Source(
    string Name, ISource Connector, IReadOnlyList<IPNetwork> AllowedNetworks, TimeSpan? SilentAfter = null,
    string Kind = "")
{
    /// <summary>How much of it is taken.</summary>
    public SourceLimits Limits { get; init; } = SourceLimits.None;

    public bool Admits(IPAddress? address)
    {
        if (AllowedNetworks.Count == 0)
            return true;
        return address is not null && AllowedNetworks.Any(n => n.Contains(AddressGuard.Plain(address)));
    }
}

/// <summary>What the section of a source that posts says of its senders.</summary>
public sealed class WebhookOptions
{
    /// <summary>CIDR networks that may send; empty admits every address.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Beyond so many a second it is answered 429. Default: no such limit.</summary>
    [Range(0.1, 1_000_000)] public double? WebhooksPerSecondMax { get; set; }

    /// <summary>
    /// So many may come at once before <see cref="WebhooksPerSecondMax"/> holds. Default: those of 10 s.
    /// </summary>
    [Range(1, 10_000_000)] public int? WebhooksAtOnceMax { get; set; }

    /// <summary>While so many of its receipts have no outcome, it is answered 503. Default: no such limit.</summary>
    [Range(1, 100_000_000)] public int? PendingMax { get; set; }
}

/// <summary>How much of a source is taken.</summary>
/// <param name="Weight">Its weight where sources share what there is.</param>
/// <param name="PerSecondMax">Webhooks a second; null: as many as come.</param>
/// <param name="AtOnceMax">Webhooks at once, before that holds.</param>
/// <param name="PendingMax">Receipts without an outcome; null: as many as come.</param>
public sealed record SourceLimits(double Weight, double? PerSecondMax, int AtOnceMax, int? PendingMax)
{
    /// <summary>No limits, and the usual weight.</summary>
    public static SourceLimits None { get; } = new(1, null, 1, null);

    public static SourceLimits Of(SourceOptions common, WebhookOptions posts) => new(
        common.Weight, posts.WebhooksPerSecondMax,
        posts.WebhooksAtOnceMax ?? (int)Math.Max(1, Math.Ceiling(10 * (posts.WebhooksPerSecondMax ?? 0))),
        posts.PendingMax);
}

/// <summary>What the section of every source says.</summary>
public sealed class SourceOptions
{
    /// <summary>
    /// Subscribers of <c>source.silent</c> hear of it when nothing has come for so long. Default: never.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "31.00:00:00")]
    public TimeSpan? SilentAfter { get; set; }

    /// <summary>
    /// Its weight where sources share what there is: a source has at most its weight times what is free. Default 1.
    /// </summary>
    [Range(0.1, 100)] public double Weight { get; set; } = 1;
}
