namespace OrderGrains;

/// <summary>The database did not answer, so the outcome is unknown: reload before acting again.</summary>
public sealed class StorageException : Exception
{
    public StorageException() { }

    public StorageException(string message) : base(message) { }

    public StorageException(string message, Exception innerException) : base(message, innerException) { }
}
