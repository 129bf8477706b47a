using Microsoft.AspNetCore.Server.Kestrel.Https;
using OrderGrains.Wire;

namespace OrderGrains;

/// <summary>Serves the certificates of Kestrel's settings, each as its files have it now.</summary>
internal static class ServedCertificates
{
    /// <summary>
    /// Endpoints and all else about them stay Kestrel's. Its own way to renew a certificate is replaced: it closes the
    /// endpoint and opens it anew, does not look at the key's file, and does not see where links lead.
    /// </summary>
    /// <param name="builder">Its configuration has the section <c>Kestrel</c>.</param>
    /// <param name="served">Opened already, by the setting's path.</param>
    public static void UseCertificates(
        this WebApplicationBuilder builder, IReadOnlyDictionary<string, CertificateFile> served)
    {
        if (served.Count == 0)
            return;
        // Kestrel looks from the program's folder, and every other path of the configuration is of where it started.
        foreach (var path in served.Keys.SelectMany(path => new[] { $"{path}:Path", $"{path}:KeyPath" }))
        {
            if (builder.Configuration[path] is { Length: > 0 } file)
                builder.Configuration[path] = Path.GetFullPath(file);
        }

        builder.WebHost.ConfigureKestrel((context, kestrel) =>
        {
            var byDefault = served.GetValueOrDefault(CertificateCheck.Default);
            kestrel.ConfigureHttpsDefaults(https => Present(https, byDefault));
            var section = context.Configuration.GetSection("Kestrel");
            var loader = kestrel.Configure(section);
            foreach (var endpoint in section.GetSection("Endpoints").GetChildren())
            {
                // Where certificates go by the name that is asked for, Kestrel picks among those that it read.
                var own = endpoint.GetSection("Sni").GetChildren().Any() ? null
                    : served.GetValueOrDefault(CertificateCheck.OfEndpoint(endpoint.Key))
                        ?? (endpoint.GetSection("Certificate").GetChildren().Any() ? null : byDefault);
                loader.Endpoint(endpoint.Key, configured => Present(configured.HttpsOptions, own));
            }
        });
    }

    private static void Present(HttpsConnectionAdapterOptions https, CertificateFile? certificate) =>
        https.OnAuthenticate = certificate is null ? null
            : (_, handshake) => handshake.ServerCertificateContext = certificate.Context;
}
