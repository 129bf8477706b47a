namespace OrderGrains.Inventory;

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
