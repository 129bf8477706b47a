using Microsoft.AspNetCore.Http.HttpResults;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>A session of the console.</summary>
/// <param name="Id">To end it by.</param>
/// <param name="Actor">The name of the key, or of the person.</param>
/// <param name="Role">What they may do in it.</param>
/// <param name="Means">What opened it: <c>key</c> or <c>provider</c>.</param>
/// <param name="BegunAt">When it was opened.</param>
/// <param name="SeenAt">When it was last used, to a minute.</param>
internal sealed record SessionView(
    Guid Id, string Actor, string Role, string Means, DateTimeOffset BegunAt, DateTimeOffset SeenAt)
{
    public static SessionView Of(SessionRow row) =>
        new(row.Id, row.Actor, row.Role, row.Means, row.BegunAt, row.SeenAt);
}

/// <summary>An API key without its secret.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Role">What it allows.</param>
/// <param name="ExpiresAt">From then on it opens nothing; null: never.</param>
/// <param name="Expired">It does not.</param>
/// <param name="LastUsedAt">When it was last used, by the API or to sign in, to a minute; null: never.</param>
internal sealed record KeyView(
    string Name, ApiRole Role, DateTimeOffset? ExpiresAt, bool Expired, DateTimeOffset? LastUsedAt);

/// <summary>Who may come in, as an Admin sees it.</summary>
internal sealed class AccessDesk(ApiKeys keys, SessionKeeper sessions)
{
    public async Task<IReadOnlyList<KeyView>> ListKeysAsync()
    {
        var used = await sessions.ListKeyUseAsync();
        return [.. keys.All.Select(key => new KeyView(
            key.Name, key.Role, key.ExpiresAt, !keys.IsCurrent(key.Stamp),
            used.TryGetValue(key.Name, out var at) ? at : null))];
    }

    public async Task<IReadOnlyList<SessionView>> ListSessionsAsync() =>
        [.. (await sessions.ListAsync()).Select(SessionView.Of)];
}

/// <summary><c>/api/v1/sessions</c> and <c>/api/v1/keys</c></summary>
internal static class SessionsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Access").RequireAuthorization(Access.Admin);
        group.MapGet("/sessions", ListAsync).WithName("listSessions")
            .WithSummary("The console's sessions that are open, the last used first.");
        group.MapPost("/sessions/{id:guid}/end", EndAsync).WithName("endSession")
            .WithSummary("Ends one: within seconds it opens nothing, at no process.").ProducesProblem(404);
        group.MapGet("/keys", KeysAsync).WithName("listKeys")
            .WithSummary("The API keys without their secrets, and when each was last used.");
    }

    public static async Task<Ok<Page<SessionView>>> ListAsync(AccessDesk desk) =>
        TypedResults.Ok(new Page<SessionView>(await desk.ListSessionsAsync(), null));

    public static async Task<Results<Ok<EndedSession>, ProblemHttpResult>> EndAsync(Guid id, SessionKeeper sessions) =>
        await sessions.EndAsync(id) ? TypedResults.Ok(new EndedSession(id))
            : Problems.NotFound($"There is no session {id}.");

    public static async Task<Ok<Page<KeyView>>> KeysAsync(AccessDesk desk) =>
        TypedResults.Ok(new Page<KeyView>(await desk.ListKeysAsync(), null));
}

/// <summary>A session that opens nothing any more.</summary>
internal sealed record EndedSession(Guid Id);
