using OrderGrains.Configuration;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Connectors.Proofs;

namespace OrderGrains.Connectors.Events;

/// <summary>A storefront that signs in a way of its own.</summary>
internal sealed class HmacKind : ISourceKind
{
    public string Name => "Hmac";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var scheme = ProofReader.SchemeOf(settings, Scheme.Hmac);
        var options = settings.Read(Presets.Of(scheme));
        var typeIsSigned = options.TopicHeader is not { } header || ProofReader.Reaches(scheme, options, header);
        var mapping = MappingFile.Read(settings.Read<MappingOptions>().Mapping, settings, typeIsSigned);
        ProofReader.CheckHeader("TopicHeader", options.TopicHeader, settings);
        return new EventSource(
            name, ProofReader.Open(scheme, options, settings), mapping, options.TopicHeader, typeIsSigned,
            options.TopicField, FetchRules.Read(settings));
    }
}
