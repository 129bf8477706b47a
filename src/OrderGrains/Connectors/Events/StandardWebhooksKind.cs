using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Connectors.Proofs;

namespace OrderGrains.Connectors.Events;

/// <summary>A storefront that sends our own form by Standard Webhooks.</summary>
internal sealed class StandardWebhooksKind : ISourceKind
{
    public string Name => "StandardWebhooks";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<StandardWebhooksOptions>();
        return new EventSource(
            name, ProofReader.Standard(options.Secrets, options.TimestampTolerance, settings),
            MappingFile.Read(settings.Read<MappingOptions>().Mapping, settings), fetch: FetchRules.Read(settings));
    }
}

/// <summary>Settings of a source of kind <c>StandardWebhooks</c>.</summary>
public sealed class StandardWebhooksOptions
{
    /// <summary>
    /// Every secret or public key that is live now, newest first: a signature by any of them is authentic.
    /// </summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>How far a signed timestamp may lie from now, either way. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);
}
