using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.Extensions.Options;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>
/// The sessions of the console as this process knows them. A session that was ended by another process is refused here
/// within <see cref="KnownFor"/>; here, at once.
/// </summary>
internal sealed class SessionKeeper(
    ISessions sessions, TrailKeeper trail, IOptions<ApiOptions> options, TimeProvider time)
{
    /// <summary>So long the database is not asked again for the same session.</summary>
    public static readonly TimeSpan KnownFor = TimeSpan.FromSeconds(5);

    /// <summary>Longer than any cookie opens anything without being used.</summary>
    private static readonly TimeSpan UnseenMax = TimeSpan.FromHours(13);

    /// <summary>Shown at once; there are not so many people.</summary>
    private const int ListedMax = 1_000;

    private readonly ConcurrentDictionary<Guid, DateTimeOffset> _open = new();
    private readonly ConcurrentDictionary<Guid, bool> _seen = new();
    private readonly ConcurrentDictionary<string, bool> _keysUsed = new(StringComparer.Ordinal);

    /// <summary>Opens one; its cookie is to name it.</summary>
    public async Task BeginAsync(ClaimsPrincipal user)
    {
        var now = time.GetUtcNow();
        var means = user.FindFirst(Access.StampClaim)?.Value == options.Value.Login?.Stamp ? "provider" : "key";
        var session = new SessionRow(
            Guid.CreateVersion7(now), user.Actor(), user.FindFirst(ClaimTypes.Role)?.Value ?? "none", means, now, now);
        await trail.SignedInAsync(user, session.Id);
        await sessions.BeginAsync(session);
        ((ClaimsIdentity)user.Identity!).AddClaim(new Claim(Access.SessionClaim, session.Id.ToString()));
    }

    /// <summary>
    /// Whether it goes on. While the database does not answer, what this process has found open stays open.
    /// </summary>
    public async Task<bool> IsOpenAsync(ClaimsPrincipal user)
    {
        if (Find(user) is not { } id)
            return false;
        var (now, known) = (time.GetUtcNow(), _open.TryGetValue(id, out var foundAt));
        if (!known || now - foundAt >= KnownFor)
        {
            try
            {
                if (!await sessions.IsOpenAsync(id))
                {
                    _open.TryRemove(id, out _);
                    return false;
                }

                _open[id] = now;
            }
            catch (StorageException)
            {
                return known;
            }
        }

        _seen[id] = true;
        return true;
    }

    public Task<IReadOnlyList<SessionRow>> ListAsync() => sessions.ListAsync(time.GetUtcNow() - UnseenMax, ListedMax);

    public Task<IReadOnlyDictionary<string, DateTimeOffset>> ListKeyUseAsync() => sessions.ListKeyUseAsync();

    /// <summary>False when there is none (any more).</summary>
    public async Task<bool> EndAsync(Guid id)
    {
        var ended = await sessions.EndAsync(id);
        _open.TryRemove(id, out _);
        return ended;
    }

    /// <summary>Whoever signs out ends their session.</summary>
    public Task EndAsync(ClaimsPrincipal user) => Find(user) is { } id ? EndAsync(id) : Task.CompletedTask;

    /// <summary>All of an actor's; how many it were.</summary>
    public async Task<int> EndAllAsync(string actor)
    {
        var ended = await sessions.EndAllAsync(actor);
        _open.Clear();
        return ended;
    }

    public void NoteKey(string name) => _keysUsed[name] = true;

    /// <summary>Writes what was used since it last did.</summary>
    public async Task WriteUseAsync()
    {
        var now = time.GetUtcNow();
        var (seen, keys) = (_seen.Keys.ToList(), _keysUsed.Keys.ToList());
        if (seen.Count + keys.Count > 0)
            await sessions.NoteAsync(seen, keys, now);
        seen.ForEach(id => _seen.TryRemove(id, out _));
        keys.ForEach(name => _keysUsed.TryRemove(name, out _));
        foreach (var (id, foundAt) in _open)
        {
            if (now - foundAt >= UnseenMax)
                _open.TryRemove(id, out _);
        }

        await sessions.DeleteAsync(now - UnseenMax);
    }

    private static Guid? Find(ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirst(Access.SessionClaim)?.Value, out var id) ? id : null;
}
