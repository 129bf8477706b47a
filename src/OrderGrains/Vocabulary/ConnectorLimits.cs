namespace OrderGrains.Vocabulary;

/// <summary>What is absurd in a sender's body: beyond these a person must look.</summary>
internal static class ConnectorLimits
{
    /// <summary>Lines of an order, a refund, an edit or a shipment.</summary>
    public const int LinesMax = 1000;

    /// <summary>Units of one order line.</summary>
    public const int UnitsMax = 1_000_000;

    /// <summary>Units of one SKU on hand, or found or lost at once.</summary>
    public const int OnHandMax = 1_000_000_000;

    /// <summary>Order, line and refund ids.</summary>
    public const int IdCharsMax = 64;

    /// <summary>Any other text, SKUs and locations among them. Words for people are cut to it.</summary>
    public const int TextCharsMax = 255;

    /// <summary>Addresses of tracking pages.</summary>
    public const int UrlCharsMax = 2048;

    /// <summary>
    /// How far an order's version may lie after its arrival. No zone explains more, and it would hide all that come
    /// until then.
    /// </summary>
    public static readonly TimeSpan VersionAheadMax = TimeSpan.FromDays(1);

    /// <summary>How far a sender's time may lie after its arrival: clocks differ, but not by more.</summary>
    public static readonly TimeSpan AheadMax = TimeSpan.FromMinutes(5);
}
