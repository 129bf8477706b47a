using System.ComponentModel.DataAnnotations;
using System.Text.RegularExpressions;
using OrderGrains.Configuration;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>The way back to a shop on WooCommerce: its REST API, version 3.</summary>
internal sealed partial class WooCommerceShopKind : IDestinationKind
{
    public string Name => "WooCommerce";

    /// <summary>A small server of the merchant's own, which sells meanwhile.</summary>
    public int CallsAtOnceMax => 4;

    public int CallsPerSecondMax => 10;

    public Func<CallTools, IDestination> Read(string name, Settings settings)
    {
        var options = settings.Read<WooCommerceShopOptions>();
        if (options.BaseUrl is { } site && WooCommerceRest.WhyNotSite(site) is { } why)
            settings.Mistake("BaseUrl", why);
        if (options.ConsumerKey?.Contains(':', StringComparison.Ordinal) == true)
            settings.Mistake("ConsumerKey", "may hold no colon");
        if (options.ShippedStatus is { } status && !(Status().IsMatch(status) && ShippedStatuses.MayBe(status)))
        {
            settings.Mistake(
                "ShippedStatus", "must be completed, or the name of a status that the shop has added, such as shipped");
        }

        var told = settings.Read<ShopOptions>();
        if (told.Stock == ShopStock.OnHand)
        {
            settings.Mistake(
                "Stock", "must be Available or Off: WooCommerce counts what can still be sold, and not what is there");
        }

        if (told.Locations.Values.Distinct(StringComparer.Ordinal).Count() > 1)
            settings.Mistake("Locations", "must all have one name, or none: WooCommerce has one stock");
        return tools => new ShopDestination(
            new WooCommerceShop(new WooCommerceRest(tools.Http, options, tools.Time), options, tools.Time));
    }

    /// <summary>With its prefix a status has 20 letters at most in the shop's database.</summary>
    [GeneratedRegex("^[a-z0-9_-]{1,17}$", RegexOptions.NonBacktracking)]
    private static partial Regex Status();
}

/// <summary>Settings of a way back to a shop on WooCommerce.</summary>
public sealed class WooCommerceShopOptions
{
    /// <summary>
    /// The site, such as <c>https://shop.example</c>; <c>/wp-json/wc/v3</c> follows it. Plain http is for this machine
    /// alone, since the key and its secret go with each call.
    /// </summary>
    [Required] public string? BaseUrl { get; set; }

    /// <summary>
    /// Of a key with permission to read and write, by a user who may edit orders and products (WooCommerce
    /// documentation, "REST API", "Generating API keys").
    /// </summary>
    [Required] public string? ConsumerKey { get; set; }

    /// <summary>Belongs to <see cref="ConsumerKey"/>.</summary>
    [Required] public string? ConsumerSecret { get; set; }

    /// <summary>
    /// One call in all, in seconds. Default 10; well under the 30 s after which a grain call gives up.
    /// </summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 10;

    /// <summary>
    /// The status that an order gets when nothing of it is left to send, such as <c>completed</c>. Default: it keeps
    /// the one that it has.
    /// </summary>
    public string? ShippedStatus { get; set; }

    /// <summary>How a parcel is recorded. Default: the first of the ways that the shop has.</summary>
    public ParcelTracking Tracking { get; set; } = ParcelTracking.Auto;

    /// <summary>
    /// Whether the shop writes to the buyer that a parcel is on its way; a note is then one to the buyer. Default: it
    /// does.
    /// </summary>
    public bool NotifyCustomer { get; set; } = true;
}

/// <summary>How a shop on WooCommerce records a parcel.</summary>
public enum ParcelTracking
{
    /// <summary>The first of the ways below that the shop has.</summary>
    Auto,

    /// <summary>WooCommerce's own fulfillments, since 10.1; few shops have them switched on.</summary>
    Fulfillments,

    /// <summary>The plugins Shipment Tracking, and Advanced Shipment Tracking, which serves the same calls.</summary>
    ShipmentTracking,

    /// <summary>A note at the order.</summary>
    Note,
}
