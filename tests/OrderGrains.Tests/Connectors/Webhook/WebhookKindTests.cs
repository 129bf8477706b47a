using Microsoft.Extensions.Configuration;
using OrderGrains.Configuration;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using Xunit;

namespace OrderGrains.Tests.Connectors.Webhook;

public sealed class WebhookKindTests
{
    [Fact]
    public void It_is_a_kind_of_subscriber() => Assert.Single(Kinds.Known.Subscribers, kind => kind.Name == "Webhook");

    [Theory]
    [InlineData("Url=https://crm.example/hooks?tenant=7")]
    [InlineData("Url=http://crm.example:8080", "Format=cloudevents", "TimeoutSeconds=20")]
    [InlineData("Url=http://10.1.2.3/", "AllowedNetworks:0=10.1.0.0/16", "AllowedNetworks:1=fd00::/8")]
    [InlineData("Url=http://[::1]/", "AllowedNetworks:0=::1/128")]
    [InlineData("Url=http://8.8.8.8/")]
    public void Settings_that_are_right_have_no_mistakes(params string[] settings) =>
        Assert.Empty(Mistakes([$"Secrets:0={Events.Secret}", $"Secrets:1={Events.NewSecret}", .. settings]));

    [Theory]
    [InlineData("Url", "Url: is missing", "TimeoutSeconds=10")]
    [InlineData("Url", "Url: must be an absolute http or https address", "Url=/hooks")]
    [InlineData("Url", "Url: must be an absolute http or https address", "Url=ftp://crm.example/")]
    [InlineData("Url", "Url: must be an absolute http or https address", "Url=file:///etc/passwd")]
    [InlineData("Url", "Url: must hold no user and no password: signatures prove who calls",
        "Url=https://ada:hush@crm.example/")]
    [InlineData("Url", "Url: 10.0.0.0/8 (private) is not called: AllowedNetworks would have to hold it",
        "Url=http://10.1.2.3/")]
    [InlineData("Url", "Url: 10.0.0.0/8 (private) is not called: AllowedNetworks would have to hold it",
        "Url=http://[::ffff:10.1.2.3]/", "AllowedNetworks:0=10.2.0.0/16")]
    [InlineData("Secrets", "Secrets: must have at least 1 entries", "Url=https://crm.example/", "Secrets")]
    [InlineData("Secrets", "Secrets:0: must be whsec_ and 24 to 64 bytes in base64 (Standard Webhooks)",
        "Url=https://crm.example/", "Secrets:0=hush")]
    [InlineData("Format", "Format: must be one of StandardWebhooks, CloudEvents in this version",
        "Url=https://crm.example/", "Format=XML")]
    [InlineData("AllowedNetworks", "AllowedNetworks: 'home' is no network such as 203.0.113.0/24",
        "Url=https://crm.example/", "AllowedNetworks:0=home")]
    [InlineData("TimeoutSeconds", "TimeoutSeconds: must be between 1 and 20",
        "Url=https://crm.example/", "TimeoutSeconds=21")]
    public void Each_mistake_is_named_without_its_value(string setting, string mistake, params string[] settings)
    {
        string[] secret = settings.Any(each => each.StartsWith("Secrets", StringComparison.Ordinal))
            ? [] : [$"Secrets:0={Events.Secret}"];

        Assert.Equal($"Subscribers:crm:{mistake}", Assert.Single(
            Mistakes([.. secret, .. settings]),
            found => found.StartsWith($"Subscribers:crm:{setting}", StringComparison.Ordinal)));
    }

    private static List<string> Mistakes(string[] settings)
    {
        var mistakes = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings
            .Select(setting => setting.Split('=', 2)).Where(setting => setting.Length == 2)
            .ToDictionary(setting => $"Subscribers:crm:{setting[0]}", setting => (string?)setting[1],
                StringComparer.Ordinal)).Build();
        new WebhookKind().Read("crm", new Settings(configuration.GetSection("Subscribers:crm"), mistakes));
        return mistakes;
    }
}
