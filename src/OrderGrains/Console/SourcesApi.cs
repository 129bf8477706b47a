using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrderGrains.Connectors;

namespace OrderGrains.Console;

/// <summary>A body to try.</summary>
/// <param name="Topic">The topic that it came under, where the source's kind has one.</param>
/// <param name="Body">The body as it is posted.</param>
internal sealed record SourceTrial(string? Topic, string? Body);

/// <summary><c>/api/v1/sources</c></summary>
internal static class SourcesApi
{
    /// <summary>A webhook's body, in JSON, may be twice as long as it is.</summary>
    private const int BodyBytesMax = 8 * 1024 * 1024;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/sources").WithTags("Sources");
        group.MapGet("", ListAsync).WithName("listSources")
            .WithSummary("Every source: when it was heard, what was turned away and why, what became of the rest.");
        group.MapPost("/{name}/read", ReadAsync).WithName("readBody")
            .WithSummary("What a source would make of a body; nothing happens.")
            .RequireAuthorization(Access.Operator).Accepts<SourceTrial>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax))
            .ProducesProblem(400).ProducesProblem(404);
        group.MapPost("/{name}/test", TestAsync).WithName("testSource")
            .WithSummary("Posts a webhook without effect to the public address, signed by the source's own secret, and "
                + "tells what came of it.")
            .RequireAuthorization(Access.Operator).ProducesProblem(404);
    }

    public static async Task<Ok<Page<SourceView>>> ListAsync(SourceDesk desk, ClaimsPrincipal user) =>
        TypedResults.Ok(new Page<SourceView>(await desk.ListAsync(masked: !user.MayOperate()), null));

    public static async Task<Results<Ok<ReadingView>, ProblemHttpResult>> ReadAsync(
        string name, HttpRequest request, SourceDesk desk)
    {
        var reader = new RequestReader();
        var trial = await reader.BodyAsync<SourceTrial>(request);
        var topic = reader.Text("topic", trial?.Topic);
        var body = trial?.Body ?? "";
        if (body.Length == 0)
            reader.Required("body", null);
        if (reader.Failed)
            return reader.Problem;
        return desk.Read(name, topic, body) is { } view
            ? TypedResults.Ok(view) : Unknown(name);
    }

    public static async Task<Results<Ok<SourceTest>, ProblemHttpResult>> TestAsync(
        string name, SourceTester tester, ClaimsPrincipal user, CancellationToken cancellation) =>
        await tester.TestAsync(name, user.Actor(), cancellation) is { } test
            ? TypedResults.Ok(test) : Unknown(name);

    private static ProblemHttpResult Unknown(string name) => Problems.NotFound($"No source is called {name}.");
}
