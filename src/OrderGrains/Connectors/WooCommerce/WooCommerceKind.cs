using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;

namespace OrderGrains.Connectors.WooCommerce;

/// <summary>A shop on WooCommerce.</summary>
internal sealed class WooCommerceKind : ISourceKind
{
    public string Name => "WooCommerce";

    public bool IsStorefront => true;

    public ISource Open(string name, Settings settings, IReadOnlyCollection<string> storefronts)
    {
        var options = settings.Read<WooCommerceOptions>();
        settings.CheckNotBlank("Secrets", options.Secrets);
        settings.CheckNotBlank("NotShipped", options.NotShipped);
        return new WooCommerceSource(name, options);
    }
}

/// <summary>Settings of a source of kind <c>WooCommerce</c>.</summary>
public sealed class WooCommerceOptions
{
    /// <summary>Every secret that is live now, newest first: a signature by any of them is authentic.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>
    /// What the shop's statuses mean, beside and before <see cref="WooCommerceStatuses"/>: plugins add statuses, and
    /// shops use them in their own ways. Default: none.
    /// </summary>
    public IDictionary<string, StatusMeaning> Statuses { get; init; } =
        new Dictionary<string, StatusMeaning>(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// What becomes of orders that a person hands over: local pickup and point of sale. Default: they are held until
    /// the shop says that they are gone.
    /// </summary>
    public HandedOver HandedOver { get; set; } = HandedOver.Hold;

    /// <summary>
    /// SKUs that never go to a warehouse, such as services and downloads: the shop does not say it of a line. One that
    /// ends in <c>*</c> stands for all that begin so. Default: none.
    /// </summary>
    public IList<string> NotShipped { get; init; } = [];

    /// <summary>
    /// What is sent of a bundle or composite product whose parts the shop says are packed in it. Default: the whole.
    /// </summary>
    public Assembled Assembled { get; set; } = Assembled.Whole;
}

/// <summary>What is sent of a product whose parts the shop says are packed in it.</summary>
public enum Assembled
{
    /// <summary>The product under its own SKU, as the shop has it.</summary>
    Whole,

    /// <summary>Its parts, each under its own SKU, as a warehouse has them that stocks no whole.</summary>
    Parts,
}
