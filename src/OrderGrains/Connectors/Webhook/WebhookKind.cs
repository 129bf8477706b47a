using System.Net;
using OrderGrains.Configuration;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Webhook;

/// <summary>A subscriber to whom each event is posted.</summary>
internal sealed class WebhookKind : IDestinationKind
{
    public string Name => "Webhook";

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<SubscriberWebhookOptions>();
        var allowed = settings.Networks("AllowedNetworks", options.AllowedNetworks);
        StandardWebhooks.CheckSecrets(options.Secrets, settings);
        if (options.Url is { } url)
            CheckUrl(url, allowed, settings);
        return tools => new WebhookDestination(tools.Guarded.Client(allowed), options, tools.Time);
    }

    /// <summary>What a name stands for is only known when it is called.</summary>
    private static void CheckUrl(Uri url, IReadOnlyList<IPNetwork> allowed, Settings settings)
    {
        if (!(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            settings.Mistake("Url", "must be an absolute http or https address");
        else if (url.UserInfo.Length > 0)
            settings.Mistake("Url", "must hold no user and no password: signatures prove who calls");
        else if (IPAddress.TryParse(url.IdnHost, out var address)
            && AddressGuard.WhyRefused(address, allowed) is { } why)
            settings.Mistake("Url", why);
    }
}
