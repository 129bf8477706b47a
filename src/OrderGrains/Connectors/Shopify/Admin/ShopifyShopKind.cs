using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>The way back to a shop on Shopify: its Admin API.</summary>
internal sealed partial class ShopifyShopKind : IDestinationKind
{
    public string Name => "Shopify";

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<ShopifyShopOptions>();
        if (options.Domain is { } domain && ShopifyAdmin.RootOf(domain) is null)
        {
            settings.Mistake(
                "Domain", "must be a host such as acme.myshopify.com, or an https address; http on this machine alone");
        }

        CheckCredentials(options, settings);
        var told = settings.Read<ShopOptions>();
        if (told is { Stock: not ShopStock.Off, Locations.Count: 0 })
            settings.Mistake("Locations", "is missing: Shopify counts stock by location");
        foreach (var (location, place) in told.Locations)
        {
            if (AdminId.Of("Location", place) is null)
                settings.Mistake($"Locations:{location}", "must be the number of a location of the shop");
        }

        if (!Reason().IsMatch(options.StockReason))
        {
            settings.Mistake(
                "StockReason", "must be one of Shopify's reasons, such as correction or cycle_count_available");
        }

        return tools => new ShopDestination(new ShopifyShop(
            new ShopifyAdmin(tools.Http, options, tools.Time, tools.Logs), options, tools.Time));
    }

    private static void CheckCredentials(ShopifyShopOptions options, Settings settings)
    {
        var id = !string.IsNullOrWhiteSpace(options.ClientId);
        var secret = !string.IsNullOrWhiteSpace(options.ClientSecret);
        var token = !string.IsNullOrWhiteSpace(options.AccessToken);
        if (token && (id || secret))
            settings.Mistake("AccessToken", "may not stand beside ClientId and ClientSecret: one way in is enough");
        else if (!token && !id && !secret)
            settings.Mistake("AccessToken", "is missing, and so are ClientId and ClientSecret");
        else if (id != secret)
            settings.Mistake(id ? "ClientSecret" : "ClientId", "is missing");
    }

    [GeneratedRegex("^[a-z_]{1,40}$", RegexOptions.NonBacktracking)]
    private static partial Regex Reason();
}

/// <summary>Settings of a way back to a shop on Shopify.</summary>
public sealed class ShopifyShopOptions
{
    /// <summary>
    /// The shop's host, such as <c>acme.myshopify.com</c>; or an absolute address, where something else stands for it.
    /// </summary>
    [Required] public string? Domain { get; set; }

    /// <summary>The token of an app that is installed in the shop; it does not end.</summary>
    public string? AccessToken { get; set; }

    /// <summary>
    /// The app, where its token is asked for by client credentials: for apps of the shop's own organization
    /// (shopify.dev, "Using the client credentials grant").
    /// </summary>
    public string? ClientId { get; set; }

    /// <summary>Belongs to <see cref="ClientId"/>; the same secret signs the app's webhooks.</summary>
    public string? ClientSecret { get; set; }

    /// <summary>
    /// One call in all, in seconds. Default 10; well under the 30 s after which a grain call gives up.
    /// </summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;

    /// <summary>Whether the shop writes to the buyer that a parcel is on its way. Default: it does.</summary>
    public bool NotifyCustomer { get; set; } = true;

    /// <summary>
    /// Whether an item is stocked at a location where it is not, once that is told a number. Default: a person does.
    /// </summary>
    public bool ActivateInventory { get; set; }

    /// <summary>Why stock changes, as the shop's history says it: one of Shopify's own reasons.</summary>
    [Required] public string StockReason { get; set; } = "correction";
}
