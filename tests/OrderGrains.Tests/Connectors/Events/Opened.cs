using System.Text;
using Microsoft.AspNetCore.Http;
using OrderGrains.Connectors;
using OrderGrains.Tests.Configuration;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>Sources as their section opens them, and what is posted to them.</summary>
internal static class Opened
{
    public const string Path = "/webhooks/v1/shop?from=test";

    /// <param name="section">The settings, but for where its orders ship from.</param>
    public static IWebhookSource Source(string section) => Assert.IsType<IWebhookSource>(
        Configured.Read(Configured.Right, Layer(section)).Sources["shop"].Source.Connector, exactMatch: false);

    public static IReadOnlyList<string> Mistakes(string section) => Configured.MistakesOver(Layer(section));

    public static Verification Verify(
        this IWebhookSource source, IHeaderDictionary headers, string body, DateTimeOffset? now = null) =>
        source.Verify(new WebhookRequest(headers, Encoding.UTF8.GetBytes(body), Path), now ?? Deliveries.Now);

    /// <summary>What the receipt says that the webhook becomes.</summary>
    public static Reading Accept(
        this IWebhookSource source, IHeaderDictionary headers, string body, DateTimeOffset? now = null)
    {
        var authentic = Assert.IsType<Verification.Authentic>(source.Verify(headers, body, now));
        return source.Read(Deliveries.Receipt(authentic.Topic, body, authentic.DeliveryId));
    }

    public static Reading.Understood Understood(Reading reading) => Assert.IsType<Reading.Understood>(reading);

    public static string Reason(Reading reading) => reading switch
    {
        Reading.Unreadable unreadable => unreadable.Reason,
        Reading.Ignored ignored => $"ignored: {ignored.Reason}",
        _ => "",
    };

    private static string Layer(string section) =>
        "{\"Sources\":{\"shop\":{\"Locations\":[\"east\"]," + section + "}}}";
}
