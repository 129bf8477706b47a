namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>When an order's status may be changed because all of it has gone.</summary>
internal static class ShippedStatuses
{
    /// <summary>
    /// WooCommerce's own statuses in which an order is not waiting to be sent. To complete one that is not paid would
    /// say that it is.
    /// </summary>
    private static readonly HashSet<string> NotWaiting = new(StringComparer.OrdinalIgnoreCase)
    {
        "pending", "on-hold", "failed", "cancelled", "refunded", "trash",
        "checkout-draft", "auto-draft", "draft", "new",
    };

    /// <summary>Whether it can say that an order has gone.</summary>
    public static bool MayBe(string status) => status != "processing" && !NotWaiting.Contains(status)
        && !status.StartsWith("wc-", StringComparison.Ordinal);

    /// <summary>Whether an order in this status is to be sent, or has a status of the shop's own.</summary>
    public static bool MayLeave(string status) => status != "completed" && !NotWaiting.Contains(status);

    /// <summary>What a person should know of a status that was left; null: nothing.</summary>
    public static string? WhyLeft(string status) =>
        NotWaiting.Contains(status) ? $"its status is left as it is, {status}" : null;
}
