namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>What goes wrong with one request.</summary>
public enum ShopifyFault
{
    None,

    /// <summary>500, and nothing was done.</summary>
    FailsBefore,

    /// <summary>500, and it was done.</summary>
    FailsAfter,

    /// <summary>200 with INTERNAL_SERVER_ERROR, and it was done.</summary>
    SaysFailed,

    /// <summary>The connection ends, and nothing was done.</summary>
    LostBefore,

    /// <summary>The connection ends without an answer, and it was done.</summary>
    LostAfter,

    /// <summary>429 with Retry-After: 2.</summary>
    Busy,

    /// <summary>401.</summary>
    Unauthorized,

    /// <summary>200 with a page.</summary>
    Page,

    /// <summary>It is done, and the answer never comes.</summary>
    Silent,

    /// <summary>Nothing was done, and the idempotency key is remembered as one that failed.</summary>
    KeyFails,
}
