using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderGrains.Inventory;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>The stock of one SKU at one location.</summary>
/// <param name="Waiting">Units that waiting lines ask for.</param>
/// <param name="AsOf">When it was last counted or adjusted; null when never.</param>
/// <param name="Shortfall">Units that warehouses have orders for, or have shipped, beyond what was counted.</param>
internal sealed record StockItemView(
    string Location, string Sku, int OnHand, int Reserved, int Available, int Waiting, long Version,
    DateTimeOffset? AsOf, int Shortfall)
{
    public static StockItemView Of(StockRow row) => new(
        row.Key.Location, row.Key.Sku, row.Level.OnHand, row.Level.Reserved, row.Level.Available, row.Waiting,
        row.Level.Version, row.Level.ToldAt, row.Level.Shortfall);
}

/// <summary>A count by a person.</summary>
internal sealed record StockCount(int? OnHand);

/// <summary><c>/api/v1/stock</c></summary>
internal static class StockApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/stock").WithTags("Stock");
        group.MapGet("", ListAsync).WithName("listStock")
            .WithSummary("Lists stock levels; q is the beginning of a SKU.").ProducesProblem(400);
        group.MapGet("/{location}/{**sku}", GetAsync).WithName("getStock")
            .WithSummary("The stock of one SKU at one location: who holds it, who waits, and what moved last.")
            .ProducesProblem(404);
        group.MapPut("/{location}/{**sku}", SetAsync).WithName("setStock")
            .WithSummary("Sets the units on hand, as counted by a person.")
            .Accepts<StockCount>("application/json").RequireAuthorization(Access.Operator)
            .ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
    }

    public static async Task<Results<Ok<Page<StockItemView>>, ProblemHttpResult>> ListAsync(
        IStockStore stock, string? location, string? sku, string? q, string? limit, string? cursor)
    {
        var reader = new RequestReader();
        var exact = reader.Text("sku", sku) is { } text ? Sku.Of(text) : null;
        var filter = new StockFilter(reader.Text("location", location), exact, reader.Text("q", q));
        var page = reader.Page(limit, cursor);
        if (reader.Failed)
            return reader.Problem;
        var found = await stock.ListAsync(filter, page);
        return TypedResults.Ok(new Page<StockItemView>([.. found.Items.Select(StockItemView.Of)], found.NextCursor));
    }

    public static async Task<Results<Ok<StockDetailView>, ProblemHttpResult>> GetAsync(
        string location, string sku, IStockStore stock, ClaimsPrincipal user)
    {
        var key = StockDesk.Key(location, sku);
        return await stock.FindDetailAsync(key, StockDesk.ShownMax) is { } detail
            ? TypedResults.Ok(StockDetailView.Of(detail, masked: !user.MayOperate())) : Unknown(key);
    }

    public static async Task<Results<Ok<StockItemView>, ProblemHttpResult>> SetAsync(
        string location, string sku, HttpRequest request, IStockStore stock, StockDesk desk, ClaimsPrincipal user)
    {
        var key = StockDesk.Key(location, sku);
        var reader = new RequestReader();
        var body = await reader.BodyAsync<StockCount>(request);
        var onHand = reader.Failed ? 0 : reader.Units("onHand", body?.OnHand);
        if (reader.Failed)
            return reader.Problem;
        var answer = await desk.SetAsync(key, onHand, user.Actor());
        if (StockDesk.Refusal(answer, key, onHand) is { } refusal)
            return Problems.Conflict("belowReserved", refusal);
        return await stock.FindAsync(key) is { } row ? TypedResults.Ok(StockItemView.Of(row)) : Unknown(key);
    }

    private static ProblemHttpResult Unknown(StockKey key) =>
        Problems.NotFound($"There is no stock of {key.Sku} at {key.Location}.");
}
