namespace OrderGrains.Connectors;

/// <summary>What becomes of orders that a person hands over.</summary>
public enum HandedOver
{
    /// <summary>On hold, in words.</summary>
    Hold,

    /// <summary>Nothing of them is sent.</summary>
    Ignore,

    /// <summary>As any other order.</summary>
    Release,
}
