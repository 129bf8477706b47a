namespace OrderGrains.Orders;

/// <summary>What the rules say to a change: a closed set.</summary>
public abstract record Decision
{
    /// <summary>It takes effect: the facts of <paramref name="Next"/> hold from now on.</summary>
    /// <param name="Next">The order with the facts.</param>
    /// <param name="Summary">One line in our words.</param>
    /// <param name="Said">Another system's own words, if it gave any; they may hold personal data.</param>
    public sealed record Accept(Order Next, string Summary, string? Said = null) : Decision;

    /// <summary>The order has moved past it.</summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Next">The order, where it remembers what it was told; null otherwise.</param>
    public sealed record Stale(string Reason, Order? Next = null) : Decision;

    /// <summary>The order has it already.</summary>
    /// <param name="Reason">For people.</param>
    /// <param name="Next">The order, where it remembers that it was told again; null otherwise.</param>
    public sealed record Duplicate(string Reason, Order? Next = null) : Decision;

    /// <summary>It cannot be; a person must look.</summary>
    public sealed record Reject(string Reason) : Decision;
}
