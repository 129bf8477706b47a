using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using OrderGrains.Orders;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary><c>/api/v1/orders</c></summary>
internal static class OrdersApi
{
    public static void Map(RouteGroupBuilder api)
    {
        var group = api.MapGroup("/orders").WithTags("Orders");
        group.MapGet("", ListAsync).WithName("listOrders")
            .WithSummary("Lists orders, the newest first; q is an order id or number, or its beginning.")
            .ProducesProblem(400);
        group.MapGet("/{source}/{orderId}", GetAsync).WithName("getOrder")
            .WithSummary(
                "One order with its lines, releases, shipments and timeline. Personal data is masked for a Viewer.")
            .ProducesProblem(404);
        Act(group, "hold", HoldAsync,
            "Stops the order before it goes any further; a warehouse that has it is asked to stop. The reason is "
            + "shown with it.").Accepts<HoldRequest>(isOptional: true, "application/json").ProducesProblem(400);
        Act(group, "resume", ResumeAsync, "Lets a held order go on.");
        Act(group, "cancel", CancelAsync, "Cancels what has not shipped; a warehouse that has it is asked to stop.");
        Act(group, "takeBack", TakeBackAsync,
            "Has the storefront take its record of a parcel back, such as one that was recorded by mistake.")
            .Accepts<ParcelName>("application/json").ProducesProblem(400);
    }

    public static async Task<Results<Ok<Page<OrderItem>>, ProblemHttpResult>> ListAsync(
        IOrderStore orders, string? source, string? status, string? q, string? since, string? limit, string? cursor)
    {
        var reader = new RequestReader();
        var filter = new OrderFilter(
            reader.Text("source", source), reader.Choice<OrderStatus>("status", status), reader.Text("q", q),
            reader.Time("since", since));
        var page = reader.Page(limit, cursor);
        if (reader.Failed)
            return reader.Problem;
        var found = await orders.ListAsync(filter, page);
        return TypedResults.Ok(new Page<OrderItem>([.. found.Items.Select(OrderItem.Of)], found.NextCursor));
    }

    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> GetAsync(
        string source, string orderId, OrderDesk desk, ClaimsPrincipal user)
    {
        var key = OrderDesk.Key(source, orderId);
        return await desk.FindAsync(key, user) is { } order
            ? TypedResults.Ok(order)
            : Unknown(key);
    }

    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> HoldAsync(
        string source, string orderId, HttpRequest request, OrderDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var reason = reader.Text("reason", (await reader.BodyAsync<HoldRequest>(request))?.Reason);
        return reader.Failed ? reader.Problem
            : await ActAsync(OrderDesk.Key(source, orderId), OrderAct.Hold, desk, user, reason);
    }

    public static Task<Results<Ok<OrderView>, ProblemHttpResult>> ResumeAsync(
        string source, string orderId, OrderDesk desk, ClaimsPrincipal user) =>
        ActAsync(OrderDesk.Key(source, orderId), OrderAct.Resume, desk, user);

    public static Task<Results<Ok<OrderView>, ProblemHttpResult>> CancelAsync(
        string source, string orderId, OrderDesk desk, ClaimsPrincipal user) =>
        ActAsync(OrderDesk.Key(source, orderId), OrderAct.Cancel, desk, user);

    public static async Task<Results<Ok<OrderView>, ProblemHttpResult>> TakeBackAsync(
        string source, string orderId, HttpRequest request, OrderDesk desk, ClaimsPrincipal user)
    {
        var reader = new RequestReader();
        var parcel = await reader.BodyAsync<ParcelName>(request);
        if (!reader.Failed)
        {
            reader.Required("reference", parcel?.Reference);
            reader.Required("shipmentId", parcel?.ShipmentId);
        }

        if (reader.Failed)
            return reader.Problem;
        var key = OrderDesk.Key(source, orderId);
        return await AnswerAsync(key, await desk.TakeBackAsync(key, parcel!, user.Actor()), desk, user);
    }

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> ActAsync(
        OrderKey key, OrderAct act, OrderDesk desk, ClaimsPrincipal user, string? reason = null) =>
        await AnswerAsync(key, await desk.ActAsync(key, act, user.Actor(), reason), desk, user);

    private static async Task<Results<Ok<OrderView>, ProblemHttpResult>> AnswerAsync(
        OrderKey key, ActAnswer answer, OrderDesk desk, ClaimsPrincipal user)
    {
        if (!answer.Known)
            return Unknown(key);
        if (answer.Refusal is { } refusal)
            return Problems.Conflict("actRefused", refusal);
        return await desk.FindAsync(key, user) is { } order ? TypedResults.Ok(order) : Unknown(key);
    }

    private static RouteHandlerBuilder Act(RouteGroupBuilder group, string act, Delegate handler, string summary) =>
        group.MapPost($"/{{source}}/{{orderId}}/{act}", handler).WithName($"{act}Order").WithSummary(summary)
            .RequireAuthorization(Access.Operator).ProducesProblem(404).ProducesProblem(409);

    private static ProblemHttpResult Unknown(OrderKey key) => Problems.NotFound($"There is no order {key}.");
}
