using System.Net;
using System.Text.RegularExpressions;
using OrderGrains.Connectors;

namespace OrderGrains.Configuration;

/// <summary>Reads the configuration and checks it whole: every mistake is named at once, with its path.</summary>
public static partial class ConfigurationCheck
{
    /// <summary>Units of one part in a bundle; more is a slip of the finger.</summary>
    private const int BundleUnitsMax = 1_000;

    /// <exception cref="ConfigurationException">The configuration has mistakes.</exception>
    public static OrderGrainsOptions Read(IConfiguration configuration)
    {
        var mistakes = new List<string>();
        var check = new SectionCheck(mistakes);
        check.CheckTop(configuration, typeof(OrderGrainsOptions));
        if (mistakes.Count > 0)
            throw new ConfigurationException(mistakes);

        var options = new OrderGrainsOptions();
        configuration.Bind(options);
        SpellBundles(options.Bundles, mistakes);
        check.CheckRules(options, "");
        ClusterCheck.Check(options, mistakes);
        if (options.Outbound.DelayMax < options.Outbound.DelayMin)
            mistakes.Add("Outbound:DelayMax: must not be shorter than DelayMin");
        CheckNames(options, mistakes);
        CheckSources(options, mistakes);
        CheckWarehouses(options, mistakes);
        CheckBundles(options, mistakes);
        CheckKeys(options, mistakes);
        CheckNetworks(options.Ingress.TrustedProxies, "Ingress:TrustedProxies", mistakes);
        return mistakes.Count == 0 ? options : throw new ConfigurationException(mistakes);
    }

    private static void CheckNames(OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (section, name) in options.Sources.Keys.Select(n => ("Sources", n))
            .Concat(options.Warehouses.Keys.Select(n => ("Warehouses", n))))
        {
            if (!NamePattern().IsMatch(name))
                mistakes.Add($"{section}:{name}: a name has lower-case letters, digits and dashes, at most 40");
        }

        var storefronts = options.Sources.Where(s => s.Value.Kind != SourceKind.Warehouse).Select(s => s.Key).ToArray();
        foreach (var longer in storefronts)
        {
            foreach (var shorter in storefronts.Where(s => longer.StartsWith(s + "-", StringComparison.Ordinal)))
                mistakes.Add(
                    $"Sources:{longer}: may not begin with the name of source {shorter} and a dash: references "
                    + "at the warehouse would be ambiguous");
        }
    }

    private static void CheckSources(OrderGrainsOptions options, List<string> mistakes)
    {
        foreach (var (name, source) in options.Sources)
        {
            var path = $"Sources:{name}";
            CheckNetworks(source.AllowedNetworks, $"{path}:AllowedNetworks", mistakes);
            CheckSecrets(source.Secrets, path, standardWebhooks: source.Kind == SourceKind.Warehouse, mistakes);
            if (source.Kind == SourceKind.Warehouse)
            {
                if (source.Warehouse is null || !options.Warehouses.ContainsKey(source.Warehouse))
                    mistakes.Add($"{path}:Warehouse: must name one of Warehouses");
                continue;
            }

            if (source.UnpaidReservedMax is not null && source.ReserveWhen != ReserveWhen.Placed)
                mistakes.Add($"{path}:UnpaidReservedMax: needs ReserveWhen Placed: nothing is reserved before payment");
            if (source.Locations.Count == 0)
                mistakes.Add($"{path}:Locations: must name at least one location");
            foreach (var location in source.Locations)
            {
                if (!options.Warehouses.Values.Any(w => w.Locations.Contains(location, StringComparer.Ordinal)))
                    mistakes.Add($"{path}:Locations: no warehouse serves '{location}'");
            }
        }
    }

    private static void CheckWarehouses(OrderGrainsOptions options, List<string> mistakes)
    {
        var servedBy = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, warehouse) in options.Warehouses)
        {
            var path = $"Warehouses:{name}";
            if (warehouse.BaseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
                mistakes.Add($"{path}:BaseUrl: must be an absolute http or https address");
            CheckSecrets(warehouse.Secrets, path, standardWebhooks: true, mistakes);
            foreach (var location in warehouse.Locations)
            {
                if (!NamePattern().IsMatch(location))
                    mistakes.Add($"{path}:Locations: a name has lower-case letters, digits and dashes, at most 40");
                if (!servedBy.TryAdd(location, name))
                    mistakes.Add($"{path}:Locations: '{location}' is served by warehouse {servedBy[location]} already");
            }
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

    private static void CheckNetworks(IList<string> networks, string path, List<string> mistakes)
    {
        foreach (var network in networks.Where(n => !IPNetwork.TryParse(n, out _)))
            mistakes.Add($"{path}: '{network}' is no network such as 203.0.113.0/24");
    }

    private static void CheckSecrets(IList<string> secrets, string path, bool standardWebhooks, List<string> mistakes)
    {
        for (var i = 0; i < secrets.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(secrets[i]))
                mistakes.Add($"{path}:Secrets:{i}: is empty");
            else if (standardWebhooks && !StandardWebhooks.IsSecret(secrets[i]))
                mistakes.Add($"{path}:Secrets:{i}: must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)");
        }
    }

    [GeneratedRegex("^[a-z0-9][a-z0-9-]{0,39}$", RegexOptions.NonBacktracking)]
    private static partial Regex NamePattern();
}
