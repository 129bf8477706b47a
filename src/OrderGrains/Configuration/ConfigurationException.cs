namespace OrderGrains.Configuration;

/// <summary>The configuration cannot be used. Each mistake is one line: its path, and the rule it breaks.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> mistakes)
    : Exception("The configuration has mistakes:\n  " + string.Join("\n  ", mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;
}
