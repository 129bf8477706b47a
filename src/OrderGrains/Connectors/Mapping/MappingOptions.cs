namespace OrderGrains.Connectors.Mapping;

/// <summary>What the section of a source says of its form.</summary>
public sealed class MappingOptions
{
    /// <summary>
    /// The file that translates what the source sends; its path is as of the working directory. Default: it speaks our
    /// own form.
    /// </summary>
    public string? Mapping { get; set; }
}
