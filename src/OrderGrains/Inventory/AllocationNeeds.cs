using OrderGrains.Vocabulary;

namespace OrderGrains.Inventory;

/// <summary>What an order needs held, and where it may be.</summary>
public sealed record AllocationNeeds
{
    public required OrderKey Order { get; init; }
    public required DateTimeOffset PlacedAt { get; init; }

    /// <summary>Units may be newly reserved; otherwise what is held is only kept or given back.</summary>
    public required bool MayGrow { get; init; }

    /// <summary>What is reserved goes to the warehouse at once.</summary>
    public required bool MayRelease { get; init; }

    /// <summary>Locations that may serve the order, the preferred first.</summary>
    public required IReadOnlyList<string> Locations { get; init; }

    public Splitting Splitting { get; init; }
    public Backorders Backorders { get; init; }

    public required IReadOnlyList<LineNeed> Lines { get; init; }

    /// <summary>What the stock holds for the order, or has it wait for, now.</summary>
    public required IReadOnlyList<Allocation> Held { get; init; }

    /// <summary>The same as the order's last commit has it: after a turn that failed, the two differ.</summary>
    public required IReadOnlyList<Allocation> Counted { get; init; }

    /// <summary>Units that a warehouse may still ship: they stay reserved whatever the order wants.</summary>
    public required Func<Place, int> Outstanding { get; init; }

    /// <summary>All that ever left of a line from a place.</summary>
    public required Func<Place, IReadOnlyList<ShippedUnits>> Shipped { get; init; }

    /// <summary>Where units left that the stock was not told of yet.</summary>
    public IReadOnlyCollection<Place> NewlyShipped { get; init; } = [];

    /// <summary>Say everything again: the stock may have heard something else meanwhile.</summary>
    public bool Restate { get; init; }

    /// <summary>Throws when another activation of the order was faster. Asked before units are given back.</summary>
    public required Func<Task> RequireNewestAsync { get; init; }
}

/// <summary>Units of one line that are still to ship.</summary>
/// <param name="StatedLineId">The storefront's line that it is, or is a part of.</param>
public sealed record LineNeed(string LineId, string Sku, int Quantity, string StatedLineId);

/// <summary>What came of it.</summary>
/// <param name="Allocations">The order's allocations as they now are, durably.</param>
/// <param name="Unserved">The storefront's lines that cannot be served and are not to wait.</param>
public sealed record AllocationOutcome(IReadOnlyList<Allocation> Allocations, IReadOnlyList<string> Unserved);
