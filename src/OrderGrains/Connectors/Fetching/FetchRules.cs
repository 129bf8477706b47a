using System.Net;
using OrderGrains.Configuration;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Fetching;

/// <summary>From where a source's orders may be fetched, and how: its section <c>Fetch</c>.</summary>
public sealed class FetchRules : IFetching
{
    private readonly HashSet<string> _origins = new(StringComparer.Ordinal);

    /// <summary>What is said of hosts that may not be asked.</summary>
    private string _others = "which Fetch:Hosts does not name";

    private FetchRules(FetchOptions options, IReadOnlyList<IPNetwork> allowed) =>
        (Options, AllowedNetworks) = (options, allowed);

    public FetchOptions Options { get; }

    public IReadOnlyList<IPNetwork> AllowedNetworks { get; }

    /// <summary>Between the beginnings of two calls of one process. Default: none.</summary>
    public TimeSpan Pause { get; private init; }

    /// <summary>Rules of a system whose host its kind knows: nothing else is asked.</summary>
    /// <param name="at">An address at the host; http and https alone.</param>
    /// <param name="options">All but the hosts.</param>
    /// <param name="allowed">As of <see cref="AllowedNetworks"/>.</param>
    /// <param name="pause">As of <see cref="Pause"/>.</param>
    public static FetchRules At(
        Uri at, FetchOptions options, IReadOnlyList<IPNetwork> allowed, TimeSpan pause = default)
    {
        var rules = new FetchRules(options, allowed)
        {
            Pause = pause,
            _others = "and only the host of BaseUrl is asked",
        };
        rules._origins.Add(Origin(at));
        return rules;
    }

    /// <inheritdoc/>
    public int CallsAtOnceMax => Options.CallsAtOnceMax;

    /// <inheritdoc/>
    public IFetcher Open(CallTools tools) => new Fetcher(this, tools);

    /// <summary>Null when the section says nothing of fetching.</summary>
    /// <param name="settings">The source's section. Mistakes are noted there.</param>
    public static FetchRules? Read(Settings settings)
    {
        if (settings.Read<FetchSection>().Fetch is not { } options)
            return null;
        var rules = new FetchRules(
            options, settings.Networks("Fetch:AllowedNetworks", options.AllowedNetworks));
        for (var at = 0; at < options.Hosts.Count; at++)
        {
            if (rules.Add(options.Hosts[at]) is { } wrong)
                settings.Mistake($"Fetch:Hosts:{at}", wrong);
        }

        CheckSecret(options, settings);
        return rules;
    }

    /// <summary>
    /// The rule by which an address is none that may be called; null when it may. What its host's name stands for is
    /// only known, and looked at, when it is called.
    /// </summary>
    public string? WhyRefused(string address, out Uri uri)
    {
        if (!Uri.TryCreate(address, UriKind.Absolute, out uri!) || uri.Host.Length == 0)
            return "is no absolute address";
        if (uri.UserInfo.Length > 0)
            return "holds a user or a password";
        return _origins.Contains(Origin(uri)) ? null
            : $"is at {Printable.Of(Origin(uri), ConnectorLimits.TextCharsMax)}, {_others}";
    }

    /// <summary>The rule that a host breaks; null when it is added.</summary>
    private string? Add(string host)
    {
        var isPlain = host.StartsWith("http://", StringComparison.OrdinalIgnoreCase);
        var isWhole = isPlain || host.StartsWith("https://", StringComparison.OrdinalIgnoreCase);
        if (!Uri.TryCreate(isWhole ? host : $"https://{host}", UriKind.Absolute, out var uri)
            || uri.Host.Length == 0 || uri.UserInfo.Length > 0 || uri.PathAndQuery != "/" || uri.Fragment.Length > 0
            || host.EndsWith('/'))
            return "must be a host such as shop.example, shop.example:8443 or http://10.1.2.3:8080";
        if (isPlain && AllowedNetworks.Count == 0)
            return "is called by http, so AllowedNetworks must name the network in which it lies";
        _origins.Add(Origin(uri));
        if (!IPAddress.TryParse(uri.IdnHost, out var address))
            return null;
        return AddressGuard.WhyRefused(address, AllowedNetworks)
            ?? (isPlain ? AddressGuard.WhyOutside(address, AllowedNetworks) : null);
    }

    /// <summary>Scheme, host and port, each in one spelling.</summary>
    private static string Origin(Uri uri) => $"{uri.Scheme}://{uri.IdnHost.ToLowerInvariant()}:{uri.Port}";

    private static void CheckSecret(FetchOptions options, Settings settings)
    {
        if (options.Header is { } header && !HeaderText.IsName(header))
            settings.Mistake("Fetch:Header", "is no name of a header");
        if (options is { Header: not null, Scheme: FetchScheme.Basic })
            settings.Mistake("Fetch:Header", "stands beside Scheme: only one of them can be");
        if (options.Secret is not { } secret)
        {
            if (options.Header is not null || options.Scheme == FetchScheme.Basic)
                settings.Mistake("Fetch:Secret", "is missing");
        }
        else if (options.Scheme == FetchScheme.Basic && secret.IndexOf(':', StringComparison.Ordinal) < 1)
        {
            settings.Mistake("Fetch:Secret", "must be user:password");
        }
        else if (options.Scheme != FetchScheme.Basic && (secret.Length == 0 || !HeaderText.IsVisible(secret)))
        {
            settings.Mistake("Fetch:Secret", "must be visible ASCII");
        }
    }
}
