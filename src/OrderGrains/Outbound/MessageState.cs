namespace OrderGrains.Outbound;

/// <summary>Where a message stands. Stored by name.</summary>
public enum MessageState
{
    Due,
    Delivered,
    Superseded,
    Parked,
}
