using System.Globalization;

namespace OrderGrains.Vocabulary;

/// <summary>
/// Our name for a release at a warehouse, <c>{source}-{orderId}-{release number}</c> (CONTRACT section 3).
/// </summary>
public static class ReleaseReference
{
    public static string Of(OrderKey order, int releaseNumber) => $"{order.Source}-{order.OrderId}-{releaseNumber}";

    /// <summary>
    /// Finds the order of a reference among the configured sources, whatever case a warehouse gave it; null when none
    /// fits. The source comes as it is configured.
    /// </summary>
    /// <remarks>
    /// The configuration check keeps one source's name from being the dashed beginning of another's. Names differ by
    /// more than case, since they have lower-case letters alone.
    /// </remarks>
    public static OrderKey? TryParse(string reference, IEnumerable<string> sources)
    {
        var end = reference.LastIndexOf('-');
        if (end < 0 || !int.TryParse(reference.AsSpan(end + 1), NumberStyles.None, null, out _))
            return null;
        foreach (var source in sources)
        {
            var start = source.Length + 1;
            if (end > start && reference[source.Length] == '-'
                && reference.StartsWith(source, StringComparison.OrdinalIgnoreCase))
                return new OrderKey(source, reference[start..end]);
        }

        return null;
    }
}
