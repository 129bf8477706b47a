namespace OrderGrains.Connectors;

/// <summary>What is absurd in a sender's body: beyond these a person must look.</summary>
internal static class ConnectorLimits
{
    /// <summary>Lines of an order, a refund, an edit or a shipment.</summary>
    public const int LinesMax = 1000;

    /// <summary>SKUs in one count of a location.</summary>
    public const int StockItemsMax = 10_000;

    /// <summary>Units of one order line.</summary>
    public const int UnitsMax = 1_000_000;

    /// <summary>Units of one SKU on hand, or found or lost at once.</summary>
    public const int OnHandMax = 1_000_000_000;

    /// <summary>Order, line and refund ids.</summary>
    public const int IdCharsMax = 64;

    /// <summary>Any other text, SKUs and locations among them.</summary>
    public const int TextCharsMax = 255;

    /// <summary>Addresses of tracking pages.</summary>
    public const int UrlCharsMax = 2048;
}
