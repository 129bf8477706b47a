using System.ComponentModel.DataAnnotations;
using OrderGrains.Configuration;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>How a Tryton server is reached (tried with 6.0, modules <c>stock</c> and <c>stock_package</c>).</summary>
public class TrytonAccess
{
    /// <summary>The server, without the database.</summary>
    [Required] public Uri? BaseUrl { get; set; }

    /// <summary>The database's name.</summary>
    [Required] public string? Database { get; set; }

    /// <summary>The login of a user of its own, in the groups that may write shipments.</summary>
    [Required] public string? User { get; set; }

    /// <summary>That user's password.</summary>
    [Required] public string? Password { get; set; }

    /// <summary>The company's name. Default: the only one.</summary>
    public string? Company { get; set; }

    /// <summary>Our locations, and the codes of Tryton's warehouses.</summary>
    public IDictionary<string, string> Warehouses { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>One call in all, in seconds. Default 20: what times out may be made all the same.</summary>
    [Range(1, 20)] public int TimeoutSeconds { get; set; } = 20;

    /// <summary>Notes what only the whole of it shows.</summary>
    internal void Check(Settings settings)
    {
        if (BaseUrl is { } url && !(url.IsAbsoluteUri && url.Scheme is "http" or "https"))
            settings.Mistake(nameof(BaseUrl), "must be an absolute http or https address");
        if (User is { } user && user.Contains(':', StringComparison.Ordinal))
            settings.Mistake(nameof(User), "must not hold a colon");
        foreach (var name in Warehouses.Where(w => string.IsNullOrWhiteSpace(w.Value)).Select(w => w.Key))
            settings.Mistake($"{nameof(Warehouses)}:{name}", "is empty");
    }
}

/// <summary>Settings of a warehouse of kind <c>Tryton</c>.</summary>
public sealed class TrytonOptions : TrytonAccess
{
    /// <summary>The party that orders are booked on; made when there is none. Default <c>OrderGrains</c>.</summary>
    [Required] public string? Party { get; set; } = "OrderGrains";
}

/// <summary>Settings of a source of kind <c>TrytonEvents</c>.</summary>
public sealed class TrytonEventsOptions : TrytonAccess
{
    /// <summary>The warehouse whose shipments and stock they are.</summary>
    [Required] public string? Warehouse { get; set; }

    /// <summary>How often shipments are asked for. Default 15 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan PollEvery { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How often the stock is asked for. Default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan StockEvery { get; set; } = TimeSpan.FromMinutes(5);
}
