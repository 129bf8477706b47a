using OrderGrains.Wire;

namespace OrderGrains;

/// <summary>
/// Opens the certificates that the configuration names; what is wrong with one is a mistake like others.
/// </summary>
internal static class CertificateCheck
{
    /// <summary>What Kestrel serves where an endpoint names none of its own.</summary>
    public const string Default = "Kestrel:Certificates:Default";

    /// <summary>Its own settings: a section of <c>Kestrel:Endpoints</c>.</summary>
    public static string OfEndpoint(string endpoint) => $"Kestrel:Endpoints:{endpoint}:Certificate";

    /// <summary>The certificates that Kestrel serves from files, by the setting's path.</summary>
    public static Dictionary<string, CertificateFile> ReadServed(IConfiguration configuration, List<string> mistakes)
    {
        var served = new Dictionary<string, CertificateFile>(StringComparer.OrdinalIgnoreCase);
        var endpoints = configuration.GetSection("Kestrel:Endpoints").GetChildren();
        foreach (var path in endpoints.Select(endpoint => OfEndpoint(endpoint.Key)).Prepend(Default))
        {
            // One that has no path lies in a store of the machine, which Kestrel reads.
            var section = configuration.GetSection(path);
            if (section["Path"] is { Length: > 0 } file
                && Open(path, SettingsOf(section, file), mistakes, CertificateFile.ServerUse) is { } certificate)
                served.Add(path, certificate);
        }

        return served;
    }

    /// <summary>What processes prove themselves by; null when they do not, or when there is a mistake.</summary>
    public static ClusterTls? ReadCluster(ClusterSettings cluster, List<string> mistakes)
    {
        if (cluster.Tls is not { Name.Length: > 0, Certificate.Path.Length: > 0, Authorities.Length: > 0 } settings)
            return null;
        const string Path = "Cluster:Tls";
        try
        {
            var authorities = CertificateFile.ReadPem(settings.Authorities);
            var own = Open($"{Path}:Certificate", settings.Certificate, mistakes,
                CertificateFile.ServerUse, CertificateFile.ClientUse);
            if (own is null)
                return null;
            var tls = new ClusterTls(own, authorities, settings.Name);
            if (!tls.AcceptsItself())
            {
                mistakes.Add($"{Path}:Certificate: the others would refuse it: it is not signed by one of Authorities, "
                    + "is not for Name, or is not valid now");
            }

            return tls;
        }
        catch (CertificateException exception)
        {
            mistakes.Add($"{Path}:Authorities: {exception.Message}");
            return null;
        }
    }

    private static CertificateSettings SettingsOf(IConfigurationSection section, string file) => new()
    {
        Path = file,
        KeyPath = section["KeyPath"],
        Password = section["Password"],
    };

    private static CertificateFile? Open(
        string path, CertificateSettings settings, List<string> mistakes, params string[] uses)
    {
        try
        {
            return new CertificateFile(settings, uses);
        }
        catch (CertificateException exception)
        {
            mistakes.Add($"{path}: {exception.Message}");
            return null;
        }
    }
}
