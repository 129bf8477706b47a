using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;

namespace OrderGrains.Console;

/// <summary>Why a person acts on a destination.</summary>
internal sealed record DestinationReason(string? Reason);

/// <summary>Whether a destination is paused now.</summary>
internal sealed record DestinationAnswer(bool Paused);

/// <summary><c>/api/v1/destinations</c>, <c>/api/v1/subscribers</c> and <c>/api/v1/events</c></summary>
internal static class DestinationsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Destinations");
        group.MapGet("/destinations", ListAsync).WithName("listDestinations")
            .WithSummary("Every destination: breaker, rate, what waits and since when.");
        Act(group.MapPost("/destinations/{name}/pause", PauseAsync), "pauseDestination",
            "Sends nothing there until it is resumed, over restarts too; says why.")
            .Accepts<DestinationReason>("application/json");
        Act(group.MapPost("/destinations/{name}/resume", ResumeAsync), "resumeDestination", "Sends there again.")
            .Accepts<DestinationReason>(isOptional: true, "application/json");
        Act(group.MapPost("/subscribers/{name}/test", TestAsync), "testSubscriber",
            "Sends an event that says that it is a test, and tells what came of it.");
        group.MapGet("/events", () => TypedResults.Ok(new Page<EventDescription>(EventCatalog.All, null)))
            .WithName("listEvents").WithSummary("Every event that a subscriber can hear of, with schema and example.");
    }

    public static async Task<Ok<Page<DestinationView>>> ListAsync(DestinationList destinations) =>
        TypedResults.Ok(new Page<DestinationView>(await destinations.ListAsync(), null));

    public static async Task<Results<Ok<DestinationAnswer>, ProblemHttpResult>> PauseAsync(
        string name, HttpRequest request, DestinationDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var body = await reader.BodyAsync<DestinationReason>(request);
        var reason = reader.Failed ? "" : reader.Required("reason", body?.Reason);
        if (reader.Failed)
            return reader.Problem;
        return await desk.PauseAsync(name, reason, user.Actor())
            ? TypedResults.Ok(new DestinationAnswer(true)) : Unknown(name);
    }

    public static async Task<Results<Ok<DestinationAnswer>, ProblemHttpResult>> ResumeAsync(
        string name, HttpRequest request, DestinationDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var reason = reader.Text("reason", (await reader.BodyAsync<DestinationReason>(request))?.Reason);
        if (reader.Failed)
            return reader.Problem;
        return await desk.ResumeAsync(name, reason, user.Actor())
            ? TypedResults.Ok(new DestinationAnswer(false)) : Unknown(name);
    }

    public static async Task<Results<Ok<SubscriberTest>, ProblemHttpResult>> TestAsync(
        string name, DestinationDesk desk, ClaimsPrincipal user, CancellationToken cancellation) =>
        await desk.TestAsync(name, user.Actor(), cancellation) is { } test
            ? TypedResults.Ok(test) : Problems.NotFound($"No subscriber is called {name}.");

    private static RouteHandlerBuilder Act(RouteHandlerBuilder endpoint, string name, string summary) =>
        endpoint.WithName(name).WithSummary(summary).RequireAuthorization(Access.Operator)
            .ProducesProblem(400).ProducesProblem(404);

    private static ProblemHttpResult Unknown(string name) => Problems.NotFound($"No destination is called {name}.");
}
