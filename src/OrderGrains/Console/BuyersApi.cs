using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>Whose data it is.</summary>
/// <param name="Orders">Ids of their orders.</param>
/// <param name="Email">And all orders with this address.</param>
/// <param name="All">Instead: of every buyer of the source. Only to erase.</param>
/// <param name="After">With <paramref name="All"/>: what the answer before named as next.</param>
internal sealed record BuyerRequest(string[]? Orders, string? Email, bool? All, string? After);

/// <summary>What was erased.</summary>
/// <param name="Redacted">Orders without personal data from now on.</param>
/// <param name="WhenClosed">Orders that are still open: it is done when they are shipped or cancelled.</param>
/// <param name="Unknown">Orders that were named and are not here.</param>
/// <param name="Receipts">Webhooks of no order whose bodies are gone.</param>
/// <param name="Left">
/// Webhooks that name the buyer and are parked, or not settled yet: resume or discard them, and ask again.
/// </param>
/// <param name="Next">There is more to do: ask again with this as <c>after</c>. Null: all is done.</param>
internal sealed record RedactedView(
    int Redacted, int WhenClosed, int Unknown, int Receipts, int Left, string? Next)
{
    public static RedactedView Of(Erased erased, string? next) => new(
        erased.Orders, erased.WhenOver, erased.Unknown, erased.Receipts.Erased, erased.Receipts.Left, next);
}

/// <summary>What privacy law asks for. By POST: an e-mail address has no place in a URL.</summary>
internal static class BuyersApi
{
    /// <summary>Thousands of order ids.</summary>
    private const int BodyBytesMax = 512 * 1024;

    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("").WithTags("Buyers");
        group.MapPost("/sources/{name}/export", ExportAsync).WithName("exportBuyer")
            .WithSummary("All that is held of a buyer; nothing of the export is kept.")
            .RequireAuthorization(Access.Operator).Accepts<BuyerRequest>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax)).ProducesProblem(400);
        group.MapPost("/receipts/{id:guid}/export", ExportOfAsync).WithName("exportBuyerOfReceipt")
            .WithSummary("The same, of the buyer that a shop's request names.")
            .RequireAuthorization(Access.Operator).ProducesProblem(404).ProducesProblem(409);
        group.MapPost("/sources/{name}/redact", RedactAsync).WithName("redactBuyer")
            .WithSummary("Erases the personal data of a buyer, of open orders once they are closed. For good.")
            .RequireAuthorization(Access.Admin).Accepts<BuyerRequest>("application/json")
            .WithMetadata(new RequestSizeLimitAttribute(BodyBytesMax)).ProducesProblem(400).ProducesProblem(404);
    }

    public static async Task<Results<Ok<BuyerExport>, ProblemHttpResult>> ExportAsync(
        string name, HttpRequest request, BuyerDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var wanted = await reader.BodyAsync<BuyerRequest>(request);
        if (wanted?.All == true)
            reader.Mistake("all", "is only for erasing: an export is of one buyer.");
        var buyer = BuyerOf(reader, wanted);
        return reader.Failed ? reader.Problem
            : TypedResults.Ok(await desk.ExportAsync(name, buyer, user));
    }

    public static async Task<Results<Ok<BuyerExport>, ProblemHttpResult>> ExportOfAsync(
        Guid id, IInbox inbox, BuyerDesk desk, ClaimsPrincipal user)
    {
        if (await inbox.FindAsync(id) is not { } row)
            return Problems.NotFound($"There is no receipt {id}.");
        return await desk.ExportAsync(row, user) is { } export
            ? TypedResults.Ok(export)
            : Problems.Conflict("actRefused", "The receipt is no request for a buyer's data.");
    }

    public static async Task<Results<Ok<RedactedView>, ProblemHttpResult>> RedactAsync(
        string name, HttpRequest request, BuyerDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var wanted = await reader.BodyAsync<BuyerRequest>(request);
        if (wanted?.All == true)
        {
            if (wanted.Orders is { Length: > 0 } || wanted.Email is not null)
                reader.Mistake("all", "stands alone, without orders and email.");
            var after = reader.Text("after", wanted.After);
            if (reader.Failed)
                return reader.Problem;
            var (part, next) = await desk.EraseSourceAsync(name, after, user.Actor());
            return TypedResults.Ok(RedactedView.Of(part, next));
        }

        var buyer = BuyerOf(reader, wanted);
        if (reader.Failed)
            return reader.Problem;
        var erased = await desk.EraseAsync(name, buyer, user.Actor());
        return desk.IsNobodys(name, erased)
            ? Problems.NotFound($"There is no source {name}, and nothing of it is stored.")
            : TypedResults.Ok(RedactedView.Of(erased, null));
    }

    public static Buyer BuyerOf(RequestReader reader, BuyerRequest? wanted)
    {
        var orders = (wanted?.Orders ?? []).Select(id => id?.Trim() ?? "").ToArray();
        var email = reader.Text("email", wanted?.Email);
        if (orders.Length == 0 && email is null && wanted?.All != true)
            reader.Mistake("orders", "or email must be given: whose data it is.");
        if (orders.Length > Buyer.OrdersMax)
            reader.Mistake("orders", $"must be at most {Buyer.OrdersMax} ids.");
        if (orders.Any(id => id.Length is 0 or > ConnectorLimits.IdCharsMax || id.Any(char.IsControl)))
        {
            reader.Mistake(
                "orders", $"must be ids of 1 to {ConnectorLimits.IdCharsMax} characters, without control characters.");
        }

        // A few letters would stand for half of the shop.
        if (email?.Contains('@', StringComparison.Ordinal) == false)
            reader.Mistake("email", "must be a whole address.");
        return new Buyer(orders, email);
    }
}
