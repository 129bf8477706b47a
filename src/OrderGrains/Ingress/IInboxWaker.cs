namespace OrderGrains.Ingress;

/// <summary>Tells the pump that pending receipts that nobody holds appeared in the database.</summary>
public interface IInboxWaker
{
    void Wake();
}
