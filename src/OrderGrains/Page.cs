namespace OrderGrains;

/// <summary>
/// One page of a list, newest first; <paramref name="NextCursor"/> is opaque and null on the last page.
/// </summary>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Which page: at most <see cref="LimitMax"/> rows after <paramref name="Cursor"/>.</summary>
public readonly record struct PageRequest(int Limit, string? Cursor)
{
    public const int LimitMax = 200;
}
