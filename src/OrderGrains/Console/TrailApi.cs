using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.Extensions.Options;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Somebody acted, or looked at personal data.</summary>
/// <param name="Id">Of this entry.</param>
/// <param name="At">When it began.</param>
/// <param name="Actor">The name of the key, or of the person.</param>
/// <param name="Role">What they were allowed.</param>
/// <param name="Means"><c>key</c>, <c>token</c> or <c>session</c>.</param>
/// <param name="Act">What they did; <c>look…</c> is a look.</param>
/// <param name="Subject">The key of an order, the id of a receipt or the like.</param>
/// <param name="Result">Null: nobody knows, since the process or the database failed meanwhile.</param>
internal sealed record TrailView(
    Guid Id, DateTimeOffset At, string Actor, string Role, string Means, string Act,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Subject, TrailResult? Result)
{
    public static TrailView Of(TrailEntry entry) => new(
        entry.Id, entry.At, entry.Actor, entry.Role, entry.Means, entry.Act, entry.Subject, entry.Result);
}

/// <summary><c>/api/v1/trail</c></summary>
internal static class TrailApi
{
    private const string Ndjson = "application/x-ndjson";

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/trail").WithTags("Trail").RequireAuthorization(Access.Admin);
        group.MapGet("", ListAsync).WithName("listTrail")
            .WithSummary("Who acted, and who looked at personal data, the newest first.").ProducesProblem(400);
        group.MapGet("/export", Export).WithName("exportTrail")
            .WithSummary("The same, all of it: a JSON object a line.")
            .Produces<string>(StatusCodes.Status200OK, Ndjson).ProducesProblem(400);
    }

    public static async Task<Results<Ok<Page<TrailView>>, ProblemHttpResult>> ListAsync(
        ITrail trail, string? actor, string? subject, string? since, string? until, string? limit, string? cursor)
    {
        var reader = new RequestReader();
        var filter = FilterOf(reader, actor, subject, since, until);
        var page = reader.Page(limit, cursor);
        if (reader.Failed)
            return reader.Problem;
        var found = await trail.ListAsync(filter, page);
        return TypedResults.Ok(new Page<TrailView>([.. found.Items.Select(TrailView.Of)], found.NextCursor));
    }

    public static IResult Export(
        ITrail trail, IOptions<JsonOptions> json, string? actor, string? subject, string? since, string? until,
        CancellationToken cancellation)
    {
        var reader = new RequestReader();
        var filter = FilterOf(reader, actor, subject, since, until);
        return reader.Failed ? reader.Problem : Results.Stream(
            body => WriteAsync(trail, filter, json.Value.SerializerOptions, body, cancellation), Ndjson);
    }

    public static TrailFilter FilterOf(
        RequestReader reader, string? actor, string? subject, string? since, string? until) => new(
        reader.Text("actor", actor), reader.Text("subject", subject), reader.Time("since", since),
        reader.Time("until", until));

    /// <summary>Page by page: it may be long, and is held nowhere.</summary>
    private static async Task WriteAsync(
        ITrail trail, TrailFilter filter, JsonSerializerOptions json, Stream body, CancellationToken cancellation)
    {
        string? cursor = null;
        do
        {
            var page = await trail.ListAsync(filter, new PageRequest(PageRequest.LimitMax, cursor));
            foreach (var entry in page.Items)
            {
                await JsonSerializer.SerializeAsync(body, TrailView.Of(entry), json, cancellation);
                await body.WriteAsync("\n"u8.ToArray(), cancellation);
            }

            cursor = page.NextCursor;
        }
        while (cursor is not null);
    }
}
