namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>What goes wrong with one request.</summary>
public enum WooFault
{
    None,

    /// <summary>500, and nothing was done.</summary>
    FailsBefore,

    /// <summary>500, and it was done.</summary>
    FailsAfter,

    /// <summary>The connection ends, and nothing was done.</summary>
    LostBefore,

    /// <summary>The connection ends without an answer, and it was done.</summary>
    LostAfter,

    /// <summary>429 with Retry-After: 2.</summary>
    Busy,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>200 with a page, and nothing was done.</summary>
    PageBefore,

    /// <summary>200 with a page, and it was done.</summary>
    PageAfter,

    /// <summary>A notice of PHP's before the answer, and it was done.</summary>
    Notice,

    /// <summary>503 with a page, as while plugins are renewed.</summary>
    Maintenance,

    /// <summary>It is done, and the answer never comes.</summary>
    Silent,
}
