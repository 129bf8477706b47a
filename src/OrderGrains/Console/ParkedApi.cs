using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary>Why a person acts on one parked thing.</summary>
internal sealed record ParkedReason(string? Reason);

/// <summary>Why a person acts on many, and on which; an empty filter means all.</summary>
/// <param name="Filter">Which.</param>
/// <param name="Reason">Why.</param>
/// <param name="PerSecond">How many messages are due in a second when they are resumed; null: all at once.</param>
internal sealed record ParkedMany(ParkedManyFilter? Filter, string? Reason, double? PerSecond = null);

/// <summary>Which parked things.</summary>
internal sealed record ParkedManyFilter(string? Kind, string? Destination, string? Source, string? Reason);

/// <summary><c>/api/v1/parked</c></summary>
internal static class ParkedApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/parked").WithTags("Parked");
        group.MapGet("", ListAsync).WithName("listParked")
            .WithSummary("Receipts and messages that wait for a person, the newest first.").ProducesProblem(400);
        group.MapGet("/groups", GroupsAsync).WithName("listParkedGroups")
            .WithSummary("What is parked, counted by kind, source or destination, and reason.");
        group.MapGet("/{id:guid}", GetAsync).WithName("getParked")
            .WithSummary("One parked receipt or message.").ProducesProblem(404);
        Act(group.MapPost("/{id:guid}/resume", ResumeAsync), "resumeParked", "Tries one again from the start.")
            .Accepts<ParkedReason>(isOptional: true, "application/json").ProducesProblem(404);
        Act(group.MapPost("/{id:guid}/discard", DiscardAsync), "discardParked", "Ends one for good; says why.")
            .Accepts<ParkedReason>("application/json").ProducesProblem(404);
        Act(group.MapPost("/resume", ResumeManyAsync), "resumeParkedMany",
            "Tries all that match again, messages at a rate; 1,000 receipts a call.")
            .Accepts<ParkedMany>("application/json");
        Act(group.MapPost("/discard", DiscardManyAsync), "discardParkedMany", "Ends all that match, 1,000 a call.")
            .Accepts<ParkedMany>("application/json");
    }

    public static async Task<Results<Ok<Page<ParkedItem>>, ProblemHttpResult>> ListAsync(
        ParkedList parked, ParkedDesk desk, ClaimsPrincipal user, string? kind, string? destination, string? source,
        string? reason, string? limit, string? cursor)
    {
        var reader = new RequestReader();
        var selection = ParkedSelection.Read(reader, kind, destination, source, reason);
        var page = reader.Page(limit, cursor);
        if (reader.Failed)
            return reader.Problem;
        var found = await parked.ListAsync(selection, page);
        return TypedResults.Ok(found with { Items = await desk.ShowAsync(found.Items, user) });
    }

    public static async Task<Ok<ParkedGroups>> GroupsAsync(ParkedList parked) =>
        TypedResults.Ok(await parked.ListGroupsAsync());

    public static async Task<Results<Ok<ParkedItem>, ProblemHttpResult>> GetAsync(
        Guid id, ParkedList parked, ParkedDesk desk, ClaimsPrincipal user) =>
        await parked.FindAsync(id) is { } item
            ? TypedResults.Ok((await desk.ShowAsync([item], user))[0]) : NotParked(id);

    public static async Task<Results<Ok<ParkedManyAnswer>, ProblemHttpResult>> ResumeAsync(
        Guid id, HttpRequest request, ParkedList parked, ParkedDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var reason = reader.Text("reason", (await reader.BodyAsync<ParkedReason>(request))?.Reason);
        if (reader.Failed)
            return reader.Problem;
        return await parked.FindAsync(id) is { } item && await desk.ResumeAsync(item, reason, user.Actor())
            ? One()
            : NotParked(id);
    }

    public static async Task<Results<Ok<ParkedManyAnswer>, ProblemHttpResult>> DiscardAsync(
        Guid id, HttpRequest request, ParkedList parked, ParkedDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var body = await reader.BodyAsync<ParkedReason>(request);
        var reason = reader.Failed ? "" : reader.Required("reason", body?.Reason);
        if (reader.Failed)
            return reader.Problem;
        return await parked.FindAsync(id) is { } item && await desk.DiscardAsync(item, reason, user.Actor())
            ? One()
            : NotParked(id);
    }

    public static async Task<Results<Ok<ParkedManyAnswer>, ProblemHttpResult>> ResumeManyAsync(
        HttpRequest request, ParkedDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var (selection, body) = await SelectionAsync(reader, request);
        var reason = reader.Text("reason", body?.Reason);
        reader.Rate("perSecond", body?.PerSecond);
        return reader.Failed
            ? reader.Problem
            : TypedResults.Ok(await desk.ResumeManyAsync(selection, reason, body?.PerSecond, user.Actor()));
    }

    public static async Task<Results<Ok<ParkedManyAnswer>, ProblemHttpResult>> DiscardManyAsync(
        HttpRequest request, ParkedDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var (selection, body) = await SelectionAsync(reader, request);
        var reason = reader.Failed ? "" : reader.Required("reason", body?.Reason);
        return reader.Failed
            ? reader.Problem
            : TypedResults.Ok(await desk.DiscardManyAsync(selection, reason, user.Actor()));
    }

    /// <summary>The filter must be there, even if empty: a forgotten one must not mean everything.</summary>
    private static async Task<(ParkedSelection Selection, ParkedMany? Body)> SelectionAsync(
        RequestReader reader, HttpRequest request)
    {
        var body = await reader.BodyAsync<ParkedMany>(request);
        if (body?.Filter is null && !reader.Failed)
            reader.Mistake("filter", "must be given; {} means all.");
        var filter = body?.Filter;
        var selection = ParkedSelection.Read(
            reader, filter?.Kind, filter?.Destination, filter?.Source, filter?.Reason);
        return (selection, body);
    }

    private static RouteHandlerBuilder Act(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).RequireAuthorization(Access.Operator).ProducesProblem(400);

    private static Ok<ParkedManyAnswer> One() => TypedResults.Ok(new ParkedManyAnswer(1, false));

    private static ProblemHttpResult NotParked(Guid id) => Problems.NotFound($"Nothing is parked under {id}.");
}
