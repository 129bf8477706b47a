namespace OrderGrains.Chaos.Judging;

/// <summary>Something that is not as the promises have it.</summary>
/// <param name="Subject">The order (<c>#1042</c>), the stock (<c>east/S1</c>), the receipt …, for its history.</param>
/// <param name="What">A sentence.</param>
/// <param name="Rule">Which promise it is; null: the subject says it.</param>
public sealed record Violation(string Subject, string What, string? Rule = null)
{
    /// <summary>Two runs fail alike when they break promises of one kind.</summary>
    public string Kind => Rule ?? Subject;
}
