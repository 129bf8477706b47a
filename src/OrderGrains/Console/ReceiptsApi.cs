using System.Security.Claims;
using System.Text;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>One webhook as it arrived, and what became of it.</summary>
/// <param name="Body">The exact body, for an Operator: as text when it is UTF-8.</param>
/// <param name="BodyEncoding"><c>utf8</c> or <c>base64</c>.</param>
/// <param name="FetchedAt">When the order was asked for that the body only names; null when none was fetched.</param>
/// <param name="FetchedBytes">The size of what came.</param>
/// <param name="Fetched">What came, for an Operator: as text.</param>
internal sealed record ReceiptView(
    Guid Id, string Source, string Topic, string? DeliveryId, DateTimeOffset ReceivedAt, ReceiptOutcome Outcome,
    string? Reason, string? OrderKey, DateTimeOffset? SettledAt, int BodyBytes,
    DateTimeOffset? FetchedAt, int FetchedBytes,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BodyEncoding = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Fetched = null)
{
    private static readonly UTF8Encoding Strict = new(
        encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static ReceiptView Of(ReceiptRow row) => new(
        row.Id, row.Source, row.Topic, row.DeliveryId, row.ReceivedAt, row.Outcome, row.Reason, row.OrderKey,
        row.SettledAt, row.BodyBytes, row.FetchedAt, row.FetchedBytes);

    public ReceiptView WithBody(byte[]? body)
    {
        if (body is null)
            return this;
        try
        {
            return this with { Body = Strict.GetString(body), BodyEncoding = "utf8" };
        }
        catch (DecoderFallbackException)
        {
            return this with { Body = Convert.ToBase64String(body), BodyEncoding = "base64" };
        }
    }
}

/// <summary><c>/api/v1/receipts</c></summary>
internal static class ReceiptsApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/receipts").WithTags("Receipts");
        group.MapGet("", ListAsync).WithName("listReceipts")
            .WithSummary("The webhook log, the newest first.").ProducesProblem(400);
        group.MapGet("/{id:guid}", GetAsync).WithName("getReceipt")
            .WithSummary("One webhook; its body for an Operator alone.").ProducesProblem(404);
    }

    public static async Task<Results<Ok<Page<ReceiptView>>, ProblemHttpResult>> ListAsync(
        IInbox inbox, string? source, string? outcome, string? since, string? limit, string? cursor)
    {
        var reader = new RequestReader();
        var filter = new ReceiptFilter(
            reader.Text("source", source), reader.Choice<ReceiptOutcome>("outcome", outcome),
            reader.Time("since", since));
        var page = reader.Page(limit, cursor);
        if (reader.Failed)
            return reader.Problem;
        var found = await inbox.ListAsync(filter, page);
        return TypedResults.Ok(new Page<ReceiptView>([.. found.Items.Select(ReceiptView.Of)], found.NextCursor));
    }

    public static async Task<Results<Ok<ReceiptView>, ProblemHttpResult>> GetAsync(
        Guid id, IInbox inbox, ReceiptDesk desk, ClaimsPrincipal user) =>
        await inbox.FindAsync(id) is { } row
            ? TypedResults.Ok(await desk.ShowAsync(row, user)) : Problems.NotFound($"There is no receipt {id}.");
}
