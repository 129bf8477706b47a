using System.Text.RegularExpressions;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Console;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains;

/// <summary>Reads the configuration and checks it whole: every mistake is named at once, with its path.</summary>
public static partial class ConfigurationCheck
{
    /// <summary>
    /// There may be a thousand subscribers, and most of them down; an event is less urgent than an order.
    /// </summary>
    private static readonly TimeSpan SubscriberProbeDelayMax = TimeSpan.FromMinutes(1);

    /// <summary>Units of one part in a bundle; more is a slip of the finger.</summary>
    private const int BundleUnitsMax = 1_000;

    /// <param name="configuration">All layers.</param>
    /// <param name="kinds">The systems that it can name; null: those that the product knows.</param>
    /// <exception cref="ConfigurationException">The configuration has mistakes.</exception>
    public static OrderGrainsOptions Read(IConfiguration configuration, Kinds? kinds = null)
    {
        kinds ??= Kinds.Known;
        var mistakes = new List<string>();
        var check = new SectionCheck(mistakes);
        check.CheckTop(configuration, typeof(OrderGrainsOptions));
        var options = new OrderGrainsOptions();
        if (mistakes.Count == 0)
        {
            configuration.Bind(options);
            SpellBundles(options.Bundles, mistakes);
            check.CheckRules(options, "");
            ClusterCheck.Check(options, mistakes);
            options.Served = CertificateCheck.ReadServed(configuration, mistakes);
            options.ClusterTls = CertificateCheck.ReadCluster(options.Cluster, mistakes);
            if (options.Outbound.DelayMax < options.Outbound.DelayMin)
                mistakes.Add("Outbound:DelayMax: must not be shorter than DelayMin");
            CheckBundles(options, mistakes);
            CheckKeys(options, mistakes);
            CheckLogin(new Settings(configuration.GetSection("Api:Login"), mistakes), options.Api.Login);
            CheckIngress(new Settings(configuration.GetSection("Ingress"), mistakes), options.Ingress);
        }

        ReadWarehouses(configuration.GetSection("Warehouses"), kinds, options, mistakes);
        ReadSubscribers(configuration.GetSection("Subscribers"), kinds, options, mistakes);
        ReadSources(configuration.GetSection("Sources"), kinds, options, mistakes);
        return mistakes.Count == 0 ? options : throw new ConfigurationException(mistakes);
    }

    private static void CheckIngress(Settings settings, IngressOptions ingress)
    {
        settings.Networks("TrustedProxies", ingress.TrustedProxies);
        if (ingress.BodiesBytesMax < 16L * ingress.BodyBytesMax)
            settings.Mistake("BodiesBytesMax", "must be at least sixteen times BodyBytesMax");
        if (ingress.PublicUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"
            && url.Query.Length + url.Fragment.Length + url.UserInfo.Length == 0))
            settings.Mistake("PublicUrl", "must be an absolute http or https address without user, query and fragment");
    }

    private static void CheckLogin(Settings settings, LoginOptions? login)
    {
        if (login is null)
            return;
        if (login.Authority is { } authority && !(authority.IsAbsoluteUri
            && (authority.Scheme == "https" || (authority.Scheme == "http" && authority.IsLoopback))))
            settings.Mistake("Authority", "must be an absolute https address");
        if (login.Audience is { Length: > 0 } audience && audience == login.ClientId)
        {
            settings.Mistake(
                "Audience", "must not be the ClientId: what only says who somebody is would let them call");
        }
    }

    private static void ReadWarehouses(
        IConfigurationSection section, Kinds kinds, OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (name, settings) in Named(section, mistakes))
        {
            var destination = ReadDestination(
                name, settings, settings.Pick(kinds.Warehouses, kind => kind.Name), options.Outbound);
            var locations = settings.Read<WarehouseLocations>().Locations;
            if (destination is not null)
                settings.End();
            foreach (var location in locations)
            {
                if (!NamePattern().IsMatch(location))
                    settings.Mistake("Locations", "a name has lower-case letters, digits and dashes, at most 40");
                var other = options.Warehouses.FirstOrDefault(w =>
                    w.Value.Locations.Contains(location, StringComparer.Ordinal)).Key;
                if (other is not null)
                    settings.Mistake("Locations", $"'{location}' is served by warehouse {other} already");
            }

            options.Warehouses[name] = new ConfiguredWarehouse(destination!, [.. locations]);
        }
    }

    private static void ReadSubscribers(
        IConfigurationSection section, Kinds kinds, OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (name, settings) in Named(section, mistakes))
        {
            if (options.Warehouses.ContainsKey(name))
                mistakes.Add($"{section.Path}:{name}: is the name of a warehouse already");
            var destination = ReadDestination(
                name, settings, settings.Pick(kinds.Subscribers, kind => kind.Name, kinds.Subscribers[0]),
                options.Outbound, SubscriberProbeDelayMax);
            var subscription = settings.Read<Subscription>();
            foreach (var pattern in subscription.Events
                .Where(pattern => !EventTypes.All.Any(type => EventTypes.Matches(pattern, type))))
            {
                settings.Mistake(
                    "Events", $"'{pattern}' names no event; there are {string.Join(", ", EventTypes.All)}");
            }

            if (destination is not null)
                settings.End();
            options.Subscribers[name] = new ConfiguredSubscriber(destination!, subscription);
        }
    }

    private static ConfiguredDestination? ReadDestination(
        string name, Settings settings, IDestinationKind? kind, RetryOptions all, TimeSpan? probeDelayMax = null)
    {
        var connect = kind?.Read(name, settings);
        var limits = settings.Read(kind is null ? new DestinationLimits() : new DestinationLimits
        {
            CallsAtOnceMax = kind.CallsAtOnceMax,
            CallsPerSecondMax = kind.CallsPerSecondMax,
        });
        var common = settings.Read<DestinationSettings>();
        var own = common.Retry;
        own.ProbeDelayMax ??= probeDelayMax;
        var retry = own.Over(all);
        if (retry.DelayMax < retry.DelayMin && (own.DelayMax ?? own.DelayMin) is not null)
            settings.Mistake("Retry:DelayMax", "must not be shorter than DelayMin");
        return connect is null ? null : new ConfiguredDestination(
            limits, retry, common.ResumeWhenHealed, connect);
    }

    private static void ReadSources(
        IConfigurationSection section, Kinds kinds, OrderGrainsOptions options, List<string> mistakes)
    {
        var named = Named(section, mistakes)
            .Select(s => (s.Name, s.Settings, Kind: s.Settings.Pick(kinds.Sources, kind => kind.Name))).ToList();
        var storefronts = named.Where(s => s.Kind is { IsStorefront: true }).Select(s => s.Name).ToArray();
        CheckStorefronts(storefronts, mistakes);
        foreach (var (name, settings, kind) in named)
        {
            if (kind is null)
                continue;
            var source = kind.Open(name, settings, storefronts);
            var posts = source is IWebhookSource ? settings.Read<WebhookOptions>() : new WebhookOptions();
            var networks = settings.Networks("AllowedNetworks", posts.AllowedNetworks);
            var common = settings.Read<SourceOptions>();
            var policy = kind.IsStorefront ? ReadPolicy(settings, options) : null;
            var shop = policy is null ? null : ReadShop(name, settings, kind.Name, policy, kinds, options);
            settings.End();
            if (source.Warehouse is { } warehouse && !options.Warehouses.ContainsKey(warehouse))
                settings.Mistake("Warehouse", "must name one of Warehouses");
            options.Sources[name] = new ConfiguredSource(
                kind.Name, new Source(name, source, networks, common.SilentAfter, kind.Name)
                {
                    Limits = SourceLimits.Of(common, posts),
                }, policy, shop);
        }

        ShopCheck.CheckShared(options, mistakes);
    }

    private static ConfiguredShop? ReadShop(
        string name, Settings source, string kind, OrderPolicyOptions policy, Kinds kinds, OrderGrainsOptions options)
    {
        var share = source.Read<ShopShareOptions>();
        if (source.Part("Shop") is not { } settings)
        {
            if (share.Buffer != "0" || share.Share != 100)
                source.Mistake("Shop", "is missing: Buffer and Share say what it is told");
            return null;
        }

        var wayBack = kinds.Shops.FirstOrDefault(shop => shop.Name == kind);
        if (wayBack is null)
        {
            source.Mistake("Shop", $"there is no way back to a source of kind {kind}");
            return null;
        }

        if (options.Warehouses.ContainsKey(name) || options.Subscribers.ContainsKey(name))
            source.Mistake("Shop", $"{name} is the name of a warehouse or subscriber already");
        var destination = ReadDestination(name, settings, wayBack, options.Outbound);
        var shop = ShopCheck.Read(settings, source, share, policy);
        settings.End();
        return destination is null || shop is null ? null : new ConfiguredShop(destination, shop);
    }

    private static OrderPolicyOptions ReadPolicy(Settings settings, OrderGrainsOptions options)
    {
        var policy = settings.Read<OrderPolicyOptions>();
        if (policy.UnpaidReservedMax is not null && policy.ReserveWhen != ReserveWhen.Placed)
            settings.Mistake("UnpaidReservedMax", "needs ReserveWhen Placed: nothing is reserved before payment");
        foreach (var location in policy.Locations)
        {
            if (!options.Warehouses.Values.Any(w => w.Locations.Contains(location, StringComparer.Ordinal)))
                settings.Mistake("Locations", $"no warehouse serves '{location}'");
        }

        return policy;
    }

    private static IEnumerable<(string Name, Settings Settings)> Named(
        IConfigurationSection section, List<string> mistakes)
    {
        if (section.Value is { Length: > 0 })
            mistakes.Add($"{section.Path}: must be an object");
        foreach (var child in section.GetChildren())
        {
            if (!NamePattern().IsMatch(child.Key))
                mistakes.Add($"{child.Path}: a name has lower-case letters, digits and dashes, at most 40");
            if (child.Value is { Length: > 0 })
                mistakes.Add($"{child.Path}: must be an object");
            else
                yield return (child.Key, new Settings(child, mistakes));
        }
    }

    private static void CheckStorefronts(string[] storefronts, List<string> mistakes)
    {
        foreach (var longer in storefronts)
        {
            foreach (var shorter in storefronts.Where(s => longer.StartsWith(s + "-", StringComparison.Ordinal)))
                mistakes.Add(
                    $"Sources:{longer}: may not begin with the name of source {shorter} and a dash: references "
                    + "at the warehouse would be ambiguous");
        }
    }

    /// <summary>A SKU is spelled here as it is in orders and counts.</summary>
    private static void SpellBundles(IDictionary<string, IDictionary<string, int>> bundles, List<string> mistakes)
    {
        foreach (var (sku, parts) in bundles)
            Spell(parts, $"Bundles:{sku}", mistakes);
        Spell(bundles, "Bundles", mistakes);
    }

    private static void Spell<T>(IDictionary<string, T> bySku, string path, List<string> mistakes)
    {
        foreach (var (sku, value) in bySku.ToArray())
        {
            bySku.Remove(sku);
            if (!bySku.TryAdd(Sku.Of(sku), value))
                mistakes.Add($"{path}:{sku}: is there twice, but for blanks or accents written otherwise");
        }
    }

    /// <summary>A part that is no bundle itself can be in no cycle.</summary>
    private static void CheckBundles(OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (sku, parts) in options.Bundles)
        {
            if (parts.Count == 0)
                mistakes.Add($"Bundles:{sku}: must name at least one part");
            foreach (var (part, units) in parts)
            {
                if (options.Bundles.ContainsKey(part))
                    mistakes.Add($"Bundles:{sku}:{part}: is a bundle itself; name its parts instead");
                if (units is < 1 or > BundleUnitsMax)
                    mistakes.Add($"Bundles:{sku}:{part}: must be between 1 and {BundleUnitsMax}");
            }
        }
    }

    private static void CheckKeys(OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var twice in options.Api.Keys.GroupBy(k => k.Secret, StringComparer.Ordinal).Where(g => g.Count() > 1))
            mistakes.Add($"Api:Keys: {string.Join(" and ", twice.Select(k => k.Name))} have the same secret");
        foreach (var twice in options.Api.Keys.GroupBy(k => k.Name, StringComparer.Ordinal).Where(g => g.Count() > 1))
            mistakes.Add($"Api:Keys: the name {twice.Key} is there {twice.Count()} times");
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
