using OrderGrains.Configuration;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;

namespace OrderGrains.Connectors.Events;

/// <summary>A storefront that sends CloudEvents, by Standard Webhooks if it says nothing else.</summary>
internal sealed class CloudEventsKind : ISourceKind
{
    public string Name => "CloudEvents";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var scheme = ProofReader.SchemeOf(settings, Scheme.StandardWebhooks);
        var options = settings.Read<ProofOptions>(Presets.Of(scheme));
        return new CloudEventSource(
            name, ProofReader.Open(scheme, options, settings),
            ProofReader.Reaches(scheme, options, CloudEventSource.TypeHeader), FetchRules.Read(settings));
    }
}
