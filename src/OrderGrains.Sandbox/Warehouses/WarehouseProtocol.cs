using System.Text.Json;

namespace OrderGrains.Sandbox.Warehouses;

/// <summary>
/// Serves CONTRACT section 3, "The HTTP warehouse protocol", from the book, with the script's faults.
/// </summary>
internal sealed class WarehouseProtocol(
    WarehouseOptions options, WarehouseBook book, FaultScript faults, Witness witness, TimeProvider time,
    Action<WarehouseOrder> taken, Action<string, string>? say)
{
    private const int StockPageMax = 100;

    public void Map(IEndpointRouteBuilder routes)
    {
        routes.MapPut("/orders/{reference}", context => ServeAsync(context, CallKind.TakeOrder, "reference", Take));
        routes.MapGet("/orders/{reference}", context => ServeAsync(context, CallKind.FindOrder, "reference", Find));
        routes.MapPost("/orders/{reference}/cancel",
            context => ServeAsync(context, CallKind.CancelOrder, "reference", Cancel));
        routes.Map(FaultedCall.ElsewherePath + "/{**rest}", (HttpContext context) =>
        {
            book.Complain($"a redirect was followed: {context.Request.Method} {context.Request.Path}");
            return Problem(StatusCodes.Status404NotFound, "Nobody said that orders may go here");
        });
        routes.MapGet("/stock/{location}",
            context => ServeAsync(context, CallKind.CountStock, "location",
                (location, _) => Count(location, context.Request.Query["cursor"])));
    }

    private async Task ServeAsync(
        HttpContext context, CallKind kind, string subjectName, Func<string, byte[], IResult> act)
    {
        var gone = context.RequestAborted;
        var subject = (string)context.GetRouteValue(subjectName)!;
        try
        {
            using var buffer = new MemoryStream();
            await context.Request.Body.CopyToAsync(buffer, gone);
            var body = buffer.ToArray();
            var result = IsAuthentic(context.Request, body) ? await ActAsync() : NotAuthentic();
            await result.ExecuteAsync(context);

            async Task<IResult> ActAsync()
            {
                if (kind is CallKind.CancelOrder) book.NoteCancelAsked(subject);
                var call = new WarehouseCall(kind, subject);
                return await new FaultedCall(context, call, book, time).MeetAsync(
                    faults.Next(call), () => act(subject, body));
            }

            IResult NotAuthentic()
            {
                book.Complain($"{kind} {subject}: the request's signature is missing, wrong or old");
                return Problem(StatusCodes.Status401Unauthorized, "The signature is missing, wrong or old");
            }
        }
        catch (Exception end) when (gone.IsCancellationRequested && end is OperationCanceledException or IOException)
        {
            // The caller hung up, or the warehouse went away: there is nobody to answer.
        }
    }

    private bool IsAuthentic(HttpRequest request, byte[] body) =>
        options.RequestSecret is null
        || StandardWebhooks.Verify(options.RequestSecret, request.Headers["webhook-id"],
            request.Headers["webhook-timestamp"], request.Headers["webhook-signature"], body, time.GetUtcNow());

    private IResult Take(string reference, byte[] body)
    {
        if (TakeReader.TryRead(body, out var fault) is not { } take || fault is not null)
        {
            book.Complain($"{reference}: {fault}");
            return Problem(StatusCodes.Status400BadRequest, fault);
        }
        if (take.Reference != reference || take.Location != options.Location)
        {
            book.Complain($"{reference}: sent to {options.Location} as {take.Reference} for {take.Location}");
            return Problem(StatusCodes.Status422UnprocessableEntity, "The reference or the location is not the URL's");
        }
        var (outcome, order) = book.Take(take, (effect, after) => Witness(Name(effect), after));
        switch (outcome)
        {
            case TakeOutcome.Made:
                say?.Invoke(reference, $"taken: {Describe(order)}");
                taken(order);
                return Results.Json(new { order.WarehouseOrderId }, statusCode: StatusCodes.Status201Created);
            case TakeOutcome.TooLate:
                say?.Invoke(reference, $"too late to change: {Name(order.Status)}");
                return Problem(StatusCodes.Status409Conflict, $"The order is {Name(order.Status)}");
            default:
                if (outcome is TakeOutcome.Updated) say?.Invoke(reference, $"changed: {Describe(order)}");
                return Results.Json(new { order.WarehouseOrderId });
        }
    }

    private IResult Find(string reference, byte[] _)
    {
        var found = book.Find(reference);
        witness.OfCall?.Invoke(new CallEffect(
            reference, "looked up", time.GetUtcNow(),
            found?.Units ?? new Dictionary<string, int>(StringComparer.Ordinal)));
        if (found is not { } order)
            return Problem(StatusCodes.Status404NotFound, "No such order");
        return Results.Json(new { reference, order.WarehouseOrderId, status = Name(order.Status) });
    }

    private IResult Cancel(string reference, byte[] _)
    {
        switch (book.Cancel(reference, (effect, after) => Witness(Name(effect), after)))
        {
            case CancelOutcome.Cancelled:
                say?.Invoke(reference, "cancelled");
                return Results.Json(new { reference, status = Name(WarehouseStatus.Cancelled) });
            case CancelOutcome.TooLate:
                say?.Invoke(reference, "too late to cancel");
                return Problem(StatusCodes.Status409Conflict, "The order is picked");
            default:
                return Problem(StatusCodes.Status404NotFound, "No such order");
        }
    }

    private IResult Count(string location, string? cursor)
    {
        if (location != options.Location) return Problem(StatusCodes.Status404NotFound, "No such location");
        var after = book.OnHand.OrderBy(item => item.Key, StringComparer.Ordinal)
            .SkipWhile(item => cursor is not null && string.CompareOrdinal(item.Key, cursor) <= 0).ToList();
        var page = after.Take(StockPageMax).Select(item => new { sku = item.Key, onHand = item.Value }).ToList();
        return Results.Json(new
        {
            asOf = (time.GetUtcNow() + options.ClockError).UtcDateTime,
            items = page,
            nextCursor = after.Count > StockPageMax ? page[^1].sku : null,
        });
    }

    private void Witness(string what, WarehouseOrder after) =>
        witness.OfCall?.Invoke(new CallEffect(after.Reference, what, time.GetUtcNow(), after.Units));

    private static string Name(TakeOutcome outcome) => outcome switch
    {
        TakeOutcome.Made => "made",
        TakeOutcome.Repeated => "repeated",
        TakeOutcome.Updated => "updated",
        TakeOutcome.Outdated => "outdated",
        _ => "too late",
    };

    private static string Name(CancelOutcome outcome) =>
        outcome is CancelOutcome.Cancelled ? "cancelled" : "too late";

    private static string Describe(WarehouseOrder order) =>
        string.Join(", ", order.Take.Lines.Select(line => $"{line.Quantity} × {line.Sku}"));

    private static string Name(WarehouseStatus status) => JsonNamingPolicy.CamelCase.ConvertName(status.ToString());

    private static IResult Problem(int status, string? detail) => Results.Problem(detail, statusCode: status);
}
