namespace OrderGrains.Storage;

/// <summary>
/// The conditions of a list, only those that are asked for: <c>@x is null or …</c> would keep the database from seeking
/// to where the page before ended.
/// </summary>
internal sealed class SqlFilter
{
    private readonly List<string> _conditions = [];
    private readonly List<(string Name, object? Value)> _values = [];

    /// <summary>Adds the condition, unless a value of it is null.</summary>
    public SqlFilter And(string condition, params ReadOnlySpan<(string Name, object? Value)> needed)
    {
        foreach (var (_, value) in needed)
        {
            if (value is null)
                return this;
        }

        _conditions.Add(condition);
        _values.AddRange(needed);
        return this;
    }

    public override string ToString() => _conditions.Count == 0 ? "" : $"where {string.Join(" and ", _conditions)}";

    /// <summary>The values of the conditions, then <paramref name="others"/>.</summary>
    public (string Name, object? Value)[] Values(params ReadOnlySpan<(string Name, object? Value)> others) =>
        [.. _values, .. others];
}
