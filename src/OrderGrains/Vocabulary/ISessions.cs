namespace OrderGrains.Vocabulary;

/// <summary>
/// The console's sessions, and when keys were used: the same for all processes. Throws <see cref="StorageException"/>
/// when the outcome is unknown.
/// </summary>
public interface ISessions
{
    Task BeginAsync(SessionRow session);

    Task<bool> IsOpenAsync(Guid id);

    /// <summary>Those seen since then, the latest first; at most <paramref name="countMax"/>.</summary>
    Task<IReadOnlyList<SessionRow>> ListAsync(DateTimeOffset since, int countMax);

    /// <summary>False when there is none (any more).</summary>
    Task<bool> EndAsync(Guid id);

    /// <summary>Ends all of an actor; how many it were.</summary>
    Task<int> EndAllAsync(string actor);

    /// <summary>Notes that these were used; earlier than what is known changes nothing.</summary>
    Task NoteAsync(IReadOnlyList<Guid> sessions, IReadOnlyList<string> keys, DateTimeOffset at);

    /// <summary>Deletes the sessions that were not seen since then.</summary>
    Task DeleteAsync(DateTimeOffset unseenSince);

    /// <summary>When each key was last used, by name; of one that never was there is nothing.</summary>
    Task<IReadOnlyDictionary<string, DateTimeOffset>> ListKeyUseAsync();
}

/// <summary>A session of the console.</summary>
/// <param name="Id">What its cookie names.</param>
/// <param name="Actor">The name of the key, or of the person as the identity provider has it.</param>
/// <param name="Role">What they may do in it.</param>
/// <param name="Means">What opened it: <c>key</c> or <c>provider</c>.</param>
/// <param name="BegunAt">When it was opened.</param>
/// <param name="SeenAt">When it was last used, to a minute.</param>
public sealed record SessionRow(
    Guid Id, string Actor, string Role, string Means, DateTimeOffset BegunAt, DateTimeOffset SeenAt);
