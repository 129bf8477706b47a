namespace OrderGrains;

/// <summary>The database did not answer, so the outcome is unknown: reload before acting again.</summary>
[GenerateSerializer, Alias("OrderGrains.StorageException")]
public sealed class StorageException : Exception
{
    public StorageException() { }

    /// <summary>It did answer: a rule of the schema forbids this write, and will forbid it again.</summary>
    [Id(0)] public bool IsRefusal { get; init; }

    public StorageException(string message) : base(message) { }

    public StorageException(string message, Exception innerException) : base(message, innerException) { }
}
