namespace OrderGrains.Orders;

/// <summary>Why an order was stopped.</summary>
/// <param name="By">Who stopped it.</param>
/// <param name="What">In our own words; no personal data.</param>
/// <param name="Said">The other's own words, if any: they may hold personal data.</param>
public sealed record HoldReason(HeldBy By, string What, string? Said = null);

/// <summary>Who stopped an order. Stored by name.</summary>
public enum HeldBy
{
    /// <summary>A person, until a person resumes it.</summary>
    Operator,

    /// <summary>The warehouse refused, cancelled, or cannot do what was asked.</summary>
    Warehouse,
}
