namespace OrderGrains.Vocabulary;

/// <summary>
/// Who acted, and who looked at personal data without the mask. Holds no personal data of buyers. Throws
/// <see cref="StorageException"/> when the outcome is unknown.
/// </summary>
public interface ITrail
{
    Task AppendAsync(TrailEntry entry);

    /// <summary>Says how an act ended whose entry was appended before it.</summary>
    Task SettleAsync(Guid id, TrailResult result);

    /// <exception cref="ArgumentException">The cursor is not one that a list gave out.</exception>
    Task<Page<TrailEntry>> ListAsync(TrailFilter filter, PageRequest page);

    /// <summary>Deletes the oldest entries from before a time, at most so many; how many it deleted.</summary>
    Task<int> DeleteAsync(DateTimeOffset before, int countMax);
}

/// <summary>Somebody acted, or looked.</summary>
/// <param name="Id">A UUIDv7 of <paramref name="At"/>.</param>
/// <param name="At">When it began.</param>
/// <param name="Actor">The name of the key, or of the person as the identity provider has it.</param>
/// <param name="Role">What they were allowed at that time.</param>
/// <param name="Means">What they came with: <c>key</c>, <c>token</c> or <c>session</c>.</param>
/// <param name="Act">What they did, such as <c>holdOrder</c> or <c>lookOrder</c>.</param>
/// <param name="Subject">On what: the key of an order, the id of a receipt; null: on nothing by itself.</param>
/// <param name="Result">How it ended; null: nobody knows.</param>
public sealed record TrailEntry(
    Guid Id, DateTimeOffset At, string Actor, string Role, string Means, string Act, string? Subject,
    TrailResult? Result);

/// <summary>How an act ended.</summary>
public enum TrailResult
{
    Done,

    /// <summary>The actor's role, the request itself or the rules forbade it.</summary>
    Refused,
}

/// <summary>Which entries; null matches all.</summary>
/// <param name="Actor">Of this actor.</param>
/// <param name="Subject">On just this.</param>
/// <param name="Since">From then on.</param>
/// <param name="Until">Before then.</param>
public sealed record TrailFilter(
    string? Actor = null, string? Subject = null, DateTimeOffset? Since = null, DateTimeOffset? Until = null);
