using System.Text;
using System.Text.Json;

namespace OrderGrains.Tests.Connectors.Shopify;

/// <summary>Shopify's own examples of what its webhooks carry, by topic and version (Samples/README.md).</summary>
internal static class ShopifyExamples
{
    public static IReadOnlyList<ShopifyExample> All { get; } = Read();

    /// <summary>As the newest version has it.</summary>
    public static byte[] Newest(string topic) => All.Where(e => e.Topic == topic)
        .MaxBy(e => e.Version, StringComparer.Ordinal)!.Body;

    private static ShopifyExample[] Read()
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(
            Path.Combine(AppContext.BaseDirectory, "Connectors", "Samples", "Shopify", "webhooks.json")));
        return
        [
            .. from entry in file.RootElement.EnumerateArray()
               let body = Encoding.UTF8.GetBytes(entry.GetProperty("body").GetRawText())
               from topic in entry.GetProperty("of").EnumerateObject()
               from version in topic.Value.EnumerateArray()
               select new ShopifyExample(topic.Name, version.GetString()!, body),
        ];
    }
}

/// <summary>One body of a topic, as a version of the API writes it.</summary>
internal sealed record ShopifyExample(string Topic, string Version, byte[] Body);
