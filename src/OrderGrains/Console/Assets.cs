using System.Resources;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Net.Http.Headers;

namespace OrderGrains.Console;

/// <summary>
/// The console's own style, script and icon, embedded, so that they are there wherever the process starts.
/// </summary>
internal static class Assets
{
    private static readonly Asset[] All =
    [
        Load("console.css", "text/css; charset=utf-8"),
        Load("console.js", "text/javascript; charset=utf-8"),
        Load("icon.svg", "image/svg+xml"),
    ];

    /// <summary>A path that changes with the content, so that browsers may keep it for ever.</summary>
    public static string PathOf(string name)
    {
        var asset = Array.Find(All, asset => asset.Name == name)!;
        return $"/console/{asset.Name}?v={asset.Version}";
    }

    public static void Map(IEndpointRouteBuilder app)
    {
        foreach (var asset in All)
        {
            app.MapGet($"/console/{asset.Name}", (HttpContext context) => Send(asset, context))
                .AllowAnonymous().ExcludeFromDescription().WithMetadata(StrictHeaders.Instance);
        }
    }

    private static FileContentHttpResult Send(Asset asset, HttpContext context)
    {
        context.Response.Headers.CacheControl = context.Request.Query["v"] == asset.Version
            ? "public, max-age=31536000, immutable"
            : "no-cache";
        return TypedResults.Bytes(
            asset.Content, asset.ContentType, entityTag: new EntityTagHeaderValue($"\"{asset.Version}\""));
    }

    private static Asset Load(string name, string contentType)
    {
        var resources = new ResourceManager("OrderGrains.Console.Assets", typeof(Assets).Assembly);
        var content = Encoding.UTF8.GetBytes(resources.GetString(name)
            ?? throw new InvalidOperationException($"{name} is not embedded."));
        return new Asset(name, contentType, content, Convert.ToHexStringLower(SHA256.HashData(content).AsSpan(0, 6)));
    }

    private sealed record Asset(string Name, string ContentType, byte[] Content, string Version);
}
