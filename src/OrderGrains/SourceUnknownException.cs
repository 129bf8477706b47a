namespace OrderGrains;

/// <summary>
/// This process is not configured with the source, and another may be, as while a new configuration comes to one after
/// the other: whoever asked asks again.
/// </summary>
[GenerateSerializer, Alias("OrderGrains.SourceUnknownException")]
public sealed class SourceUnknownException : Exception
{
    public SourceUnknownException() { }

    public SourceUnknownException(string source) : base($"Source {source} is not configured on this process.") { }

    public SourceUnknownException(string message, Exception innerException) : base(message, innerException) { }
}
