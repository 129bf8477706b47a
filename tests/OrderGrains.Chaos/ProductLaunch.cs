namespace OrderGrains.Chaos;

/// <summary>What a test of the process itself adds to its settings.</summary>
public sealed record ProductLaunch
{
    /// <summary>The product's dll; null: the one beside this program.</summary>
    public string? Product { get; init; }

    public IReadOnlyList<string> Arguments { get; init; } = [];

    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>Told every line that it writes; called from several threads.</summary>
    public Action<string>? Hear { get; init; }
}
