using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Connectors;

/// <summary>A configured sender of webhooks (CONTRACT section 1, <c>Sources</c>).</summary>
public sealed class SourceOptions
{
    [Required] public SourceKind? Kind { get; set; }

    /// <summary>Every secret that is live now, newest first: a signature by any of them is authentic.</summary>
    [MinLength(1)] public IList<string> Secrets { get; init; } = [];

    /// <summary>CIDR networks that may send; empty admits every address.</summary>
    public IList<string> AllowedNetworks { get; init; } = [];

    /// <summary>Locations that the source's orders may ship from, the preferred first. Storefronts only.</summary>
    public IList<string> Locations { get; init; } = [];

    /// <summary>The warehouse whose events come here. <see cref="SourceKind.Warehouse"/> only.</summary>
    public string? Warehouse { get; set; }

    /// <summary>When an order may go to the warehouse. Default: when it is paid.</summary>
    public ReleaseWhen ReleaseWhen { get; set; } = ReleaseWhen.Paid;

    /// <summary>
    /// When an order's stock is reserved, if it is not released before. Default: when it is paid.
    /// </summary>
    public ReserveWhen ReserveWhen { get; set; } = ReserveWhen.Paid;

    /// <summary>
    /// How long after its placement an order that is not paid keeps what it reserved. Default: for ever.
    /// </summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00")]
    public TimeSpan? UnpaidReservedMax { get; set; }

    /// <summary>Whether an order may ship from several locations. Default: from one alone.</summary>
    public Splitting Splitting { get; set; } = Splitting.Never;

    /// <summary>What becomes of units that are not there. Default: the order waits for them.</summary>
    public Backorders Backorders { get; set; } = Backorders.Wait;

    /// <summary>
    /// Orders placed before this are kept, and never reserved nor released. Default: none are. For a shop that had
    /// orders before OrderGrains came.
    /// </summary>
    public DateTimeOffset? OrdersSince { get; set; }

    /// <summary>What becomes of orders that the shop itself calls tests. Default: they are ignored.</summary>
    public TestOrders TestOrders { get; set; } = TestOrders.Ignore;

    /// <summary>
    /// What becomes of orders that a person hands over: local pickup and point of sale. Default: they are held until
    /// the shop says that they are gone.
    /// </summary>
    public HandedOver HandedOver { get; set; } = HandedOver.Hold;

    /// <summary>
    /// Fulfilment services whose lines are ours to send; those of others are not. <c>manual</c>, and a line that names
    /// none, always are. Default: no other.
    /// </summary>
    public IList<string> Services { get; init; } = [];

    /// <summary>
    /// How far a signed timestamp may lie from now, either way. Default 5 minutes (Standard Webhooks).
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan TimestampTolerance { get; set; } = TimeSpan.FromMinutes(5);
}

/// <summary>Kinds of source that this version speaks.</summary>
public enum SourceKind
{
    Shopify,
    Warehouse,
}

/// <summary>What becomes of a shop's test orders.</summary>
public enum TestOrders
{
    Ignore,

    /// <summary>As any other order.</summary>
    Release,
}

/// <summary>What becomes of orders that a person hands over.</summary>
public enum HandedOver
{
    /// <summary>On hold, in words.</summary>
    Hold,

    /// <summary>Nothing of them is sent.</summary>
    Ignore,

    /// <summary>As any other order.</summary>
    Release,
}

/// <summary>When stock is reserved.</summary>
public enum ReserveWhen
{
    Paid,
    Placed,
}

/// <summary>Whether an order may ship from several locations.</summary>
public enum Splitting
{
    Never,

    /// <summary>When no location has all of it.</summary>
    WhenNeeded,
}

/// <summary>What becomes of an order's units that are not there.</summary>
public enum Backorders
{
    /// <summary>The whole order waits.</summary>
    Wait,

    /// <summary>Lines that cannot be served whole are cancelled here; the storefront is not told.</summary>
    Cancel,

    /// <summary>What is there goes out, the rest waits and goes out later.</summary>
    ShipWhatIsThere,
}

/// <summary>What must be so before an order is released.</summary>
public enum ReleaseWhen
{
    Paid,
    Placed,
}
