namespace OrderGrains.Sandbox.Warehouses;

/// <summary>
/// How a warehouse works beyond taking and shipping. The reference draws what befalls an order, so the same seed does
/// the same to the same order, whatever else goes on. The default is a warehouse that does as it is asked.
/// </summary>
public sealed record WarehouseHabits
{
    public int Seed { get; init; }

    /// <summary>
    /// Of a hundred orders, how many stay on the shelf, neither picked nor shipped, until
    /// <see cref="Warehouse.OpenShelf"/>. All releases of one order stay together, and none of them is refused, dropped
    /// or shipped with more than was asked: what is there must follow each change and each cancel.
    /// </summary>
    public int ShelfPercent { get; init; }

    /// <summary>Of a hundred orders, how many are refused before they are picked (<c>order.refused</c>).</summary>
    public int RefusesPercent { get; init; }

    /// <summary>Of a hundred, how many it cancels by itself before the pick (<c>order.cancelled</c>).</summary>
    public int CancelsPercent { get; init; }

    /// <summary>Of a hundred, how many leave with one unit more of a line than was asked for.</summary>
    public int ShipsMorePercent { get; init; }

    /// <summary>
    /// One unit too many leaves only if so many of its SKU stay: else the warehouse itself would sell what others were
    /// promised. Default 100.
    /// </summary>
    public int ShipsMoreLeaving { get; init; } = 100;

    /// <summary>In how many parcels an order may go. Default 2; how often it is more than one, see
    /// <see cref="WarehouseOptions.TwoParcelsPercent"/>.</summary>
    public int ParcelsMax { get; init; } = 2;

    /// <summary>Of a hundred parcels, how many are told late.</summary>
    public int LateParcelsPercent { get; init; }

    /// <summary>How late at most. Default 10 s.</summary>
    public TimeSpan LateMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Whether all releases of this order stay on the shelf.</summary>
    public bool IsForShelf(string reference) =>
        Chance(reference[..Math.Max(0, reference.LastIndexOf('-'))], "shelf") < ShelfPercent;

    public bool Refuses(string reference) => !IsForShelf(reference) && Chance(reference, "refuse") < RefusesPercent;

    public bool Cancels(string reference) => !IsForShelf(reference) && Chance(reference, "cancel") < CancelsPercent;

    public bool ShipsMore(string reference) => !IsForShelf(reference) && Chance(reference, "more") < ShipsMorePercent;

    /// <summary>How long a parcel is kept quiet.</summary>
    public TimeSpan LateBy(string shipmentId) => Chance(shipmentId, "late") < LateParcelsPercent
        ? LateMax * (Draw.Of(Seed, "late by", shipmentId) % 1000 / 1000.0) : TimeSpan.Zero;

    private int Chance(string subject, string what) => (int)(Draw.Of(Seed, what, subject) % 100);
}
