using System.Text;
using Microsoft.Extensions.Configuration;
using OrderGrains.Configuration;
using Xunit;

namespace OrderGrains.Tests.Configuration;

/// <summary>Configurations written as an operator writes them, and what is said of them.</summary>
internal static class Configured
{
    public const string Secret = "MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIz";

    /// <summary>Right in every way: one shop, one warehouse.</summary>
    public const string Right = $$"""
        {
          "Api": { "Keys": [ { "Name": "ops", "Role": "Operator", "Secret": "0123456789abcdef" } ] },
          "Sources": {
            "acme": {
              "Kind": "Shopify", "Secrets": ["hush"], "AllowedNetworks": ["203.0.113.0/24"], "Locations": ["east"]
            },
            "east-wms": { "Kind": "Warehouse", "Secrets": ["whsec_{{Secret}}"], "Warehouse": "east-wms" }
          },
          "Warehouses": {
            "east-wms": {
              "Kind": "Http", "BaseUrl": "https://wms.example", "Secrets": ["whsec_{{Secret}}"], "Locations": ["east"]
            }
          }
        }
        """;

    public static OrderGrainsOptions Read(params ReadOnlySpan<string> layers)
    {
        var builder = new ConfigurationBuilder();
        foreach (var json in layers)
            builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)));
        return ConfigurationCheck.Read(builder.Build());
    }

    /// <summary>What is wrong when this is laid over <see cref="Right"/>.</summary>
    public static IReadOnlyList<string> MistakesOver(string json) => Mistakes(Right, json);

    public static IReadOnlyList<string> Mistakes(params string[] layers) =>
        Assert.Throws<ConfigurationException>(() => Read(layers)).Mistakes;
}
