using OrderGrains.Configuration;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>Proves the sender of a webhook, whatever its body says.</summary>
internal interface IProof
{
    /// <summary>
    /// <c>Authentic</c> with an empty topic, and with the event's id only where it is signed; or <c>Forged</c>.
    /// </summary>
    Verification Verify(WebhookRequest request, DateTimeOffset now);

    /// <summary>Proves a test as the sender would, by the newest secret. Null, or why it cannot be.</summary>
    string? Sign(TestCall call);
}

/// <summary>Opens the proof that a section describes.</summary>
internal static class ProofReader
{
    public static Scheme SchemeOf(Settings settings, Scheme usual) =>
        settings.Read<SchemeOptions>().Scheme ?? usual;

    /// <summary>
    /// Whether a header cannot be changed by whoever saw a request. Who signs nothing shows all that it takes to send
    /// any other, so there is nothing to keep.
    /// </summary>
    public static bool Reaches(Scheme scheme, ProofOptions options, string header) =>
        scheme is Scheme.Basic or Scheme.Bearer || (scheme != Scheme.StandardWebhooks
            && options.Content.Contains($"{{header:{header}}}", StringComparison.OrdinalIgnoreCase));

    /// <summary>Notes a name that no header can have (RFC 9110, section 5.6.2).</summary>
    public static void CheckHeader(string setting, string? name, Settings settings)
    {
        if (!string.IsNullOrEmpty(name) && !HeaderText.IsName(name))
            settings.Mistake(setting, "is no name of a header");
    }

    /// <summary>Notes the mistakes that only the whole of the description shows.</summary>
    public static IProof Open(Scheme scheme, ProofOptions options, Settings settings)
    {
        // What could not be read has been named already.
        if (options.Secrets.Count == 0)
            return new StandardProof([], options.TimestampTolerance);
        if (scheme == Scheme.StandardWebhooks)
            return Standard(options.Secrets, options.TimestampTolerance, settings);
        settings.CheckNotBlank("Secrets", options.Secrets);
        CheckHeader("Header", options.Header, settings);
        return scheme is Scheme.Basic or Scheme.Bearer
            ? Token(scheme, options, settings) : Hmac(options, settings);
    }

    public static StandardProof Standard(IList<string> secrets, TimeSpan tolerance, Settings settings)
    {
        StandardWebhooks.CheckKeys(secrets, settings);
        return new StandardProof(secrets, tolerance);
    }

    private static TokenProof Token(Scheme scheme, ProofOptions options, Settings settings)
    {
        if (!options.AllowUnsigned && settings.Read<NetworksOptions>().AllowedNetworks.Count == 0)
        {
            settings.Mistake("Scheme",
                $"{scheme} signs nothing, so whoever sees one request can send any other: name AllowedNetworks, or "
                + "set AllowUnsigned to true");
        }

        for (var at = 0; at < options.Secrets.Count; at++)
        {
            if (scheme == Scheme.Basic && options.Secrets[at].IndexOf(':', StringComparison.Ordinal) < 1)
                settings.Mistake($"Secrets:{at}", "must be user:password");
        }

        return new TokenProof(options, isBasic: scheme == Scheme.Basic);
    }

    private static HmacProof Hmac(ProofOptions options, Settings settings)
    {
        var content = SignedContent.Parse(options.Content, out var faults);
        foreach (var fault in faults)
            settings.Mistake("Content", fault);
        var isDated = options.TimestampHeader is not null || options.TimestampPrefix is not null;
        if (content.Has(SignedPart.Timestamp) && !isDated)
            settings.Mistake("Content", "has {timestamp}: name its TimestampHeader or its TimestampPrefix");
        if (isDated && !content.Has(SignedPart.Timestamp))
            settings.Mistake("Content", "must have {timestamp}: one that is not signed proves nothing");
        if (options is { TimestampHeader: not null, TimestampPrefix: not null })
            settings.Mistake("TimestampHeader", "stands beside TimestampPrefix: only one of them can be");
        if (options.TimestampPrefix is not null && string.IsNullOrEmpty(options.Separator))
            settings.Mistake("TimestampPrefix", "needs Separator: the timestamp stands beside the signatures");
        CheckHeader("TimestampHeader", options.TimestampHeader, settings);
        if (content.Has(SignedPart.Url) && string.IsNullOrEmpty(options.Url))
            settings.Mistake("Url", "is missing: Content has {url}");
        if (!string.IsNullOrEmpty(options.Url) && !(Uri.TryCreate(options.Url, UriKind.Absolute, out var url)
            && (url.Scheme == Uri.UriSchemeHttps || url.Scheme == Uri.UriSchemeHttp)))
            settings.Mistake("Url", "must begin with https:// or http://");
        var keys = new List<byte[]>();
        for (var at = 0; at < options.Secrets.Count; at++)
        {
            if (SecretText.Read(options.Secrets[at], options.SecretEncoding) is { } key)
                keys.Add(key);
            else
                settings.Mistake($"Secrets:{at}", $"must be written as SecretEncoding says ({options.SecretEncoding})");
        }

        return new HmacProof(options, content, keys);
    }
}
