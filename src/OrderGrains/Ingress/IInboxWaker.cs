namespace OrderGrains.Ingress;

/// <summary>Tells the pump of this process that pending receipts appeared in the database other than by arriving.</summary>
public interface IInboxWaker
{
    /// <summary>Returns at once. A lost call costs time only: the pump looks by itself too.</summary>
    void Wake();
}
