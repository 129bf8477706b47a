using System.Collections.Concurrent;
using System.Security.Claims;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>
/// Writes the trail. An entry comes before what it tells of: without it nothing is done and nothing is shown
/// (<see cref="StorageException"/>, which the API answers as 503).
/// </summary>
internal sealed class TrailKeeper(ITrail trail, TimeProvider time, ILogger<TrailKeeper> log)
{
    /// <summary>Looks of one hour that are remembered; beyond it they are written again.</summary>
    private const int LooksMax = 100_000;

    /// <summary>The hour of the latest entry.</summary>
    private readonly ConcurrentDictionary<(string Actor, string Means, string Act, string? Subject), long> _looks =
        new();

    /// <summary>Somebody begins to act; the entry's id.</summary>
    public async Task<Guid> BeginAsync(ClaimsPrincipal user, string act, string? subject)
    {
        var entry = Entry(user, act, subject, null);
        await trail.AppendAsync(entry);
        return entry.Id;
    }

    /// <summary>How it ended. When that cannot be written, the entry says that nobody knows.</summary>
    public async Task EndAsync(Guid id, TrailResult result)
    {
        try
        {
            await trail.SettleAsync(id, result);
        }
        catch (StorageException exception)
        {
            log.TrailNotSettled(id, exception);
        }
    }

    /// <summary>Somebody came in.</summary>
    public Task SignedInAsync(ClaimsPrincipal user, Guid session) => trail.AppendAsync(
        Entry(user, "signIn", session.ToString(), TrailResult.Done));

    /// <summary>
    /// Somebody is about to be shown personal data without the mask. One entry for each actor, subject and hour of this
    /// process: a page refreshes itself.
    /// </summary>
    public async Task LookedAsync(ClaimsPrincipal user, string act, string? subject)
    {
        var entry = Entry(user, act, subject, TrailResult.Done);
        var (look, hour) = ((entry.Actor, entry.Means, act, subject), entry.At.UtcTicks / TimeSpan.TicksPerHour);
        if (_looks.TryGetValue(look, out var written) && written == hour)
            return;
        await trail.AppendAsync(entry);
        if (_looks.Count >= LooksMax)
            _looks.Clear();
        _looks[look] = hour;
    }

    private TrailEntry Entry(ClaimsPrincipal user, string act, string? subject, TrailResult? result)
    {
        var now = time.GetUtcNow();
        return new TrailEntry(
            Guid.CreateVersion7(now), now, user.Actor(), user.FindFirst(ClaimTypes.Role)?.Value ?? "none",
            user.Means(), act, subject, result);
    }
}
