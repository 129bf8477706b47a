using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>
/// What an answer means to each call (CONTRACT section 3). A proxy, a login page or a program that answers 200 to
/// everything must not pass for the warehouse: an answer is proof of what the protocol says it is, or the outcome is
/// unknown. Null: the status code means the same to every call.
/// </summary>
internal static class WarehouseAnswers
{
    public static SendResult? OfRelease(int status, WarehouseAnswerBody body, string reference) => status switch
    {
        200 or 201 when WhyNoProof(body, reference) is { } wrong => Unproven(status, wrong, body),
        200 or 201 when body.WarehouseOrderId is null => Unproven(status, "without a warehouseOrderId", body),
        200 or 201 when IsCancelled(body.Status) => Unproven(status, "of an order that is cancelled", body),
        200 or 201 => Delivered(new WarehouseAnswer.Taken(body.WarehouseOrderId)),
        > 201 and < 300 => Unproven(status, "which does not say that the order is taken", body),
        409 => TooLate(body),
        _ => null,
    };

    public static SendResult? OfFind(int status, WarehouseAnswerBody body, string reference) => status switch
    {
        200 when WhyNoProof(body, reference) is { } wrong => Unproven(status, wrong, body),
        200 when body.Reference is null => Unproven(status, "without our reference", body),
        200 when IsCancelled(body.Status) => Delivered(new WarehouseAnswer.Cancelled()),
        200 => Delivered(new WarehouseAnswer.Taken(body.WarehouseOrderId)),
        // Whoever says it, and be it a proxy's page: the order is sent again, under a reference that makes it harmless.
        404 => Delivered(new WarehouseAnswer.NotFound()),
        _ => null,
    };

    public static SendResult? OfCancel(int status, WarehouseAnswerBody body, string reference) => status switch
    {
        200 when WhyNoProof(body, reference) is { } wrong => Unproven(status, wrong, body),
        200 when body.IsCancelled == false || (body.Status is not null && !IsCancelled(body.Status)) =>
            Unproven(status, "with a status that is not cancelled", body),
        200 when body.IsCancelled == true || IsCancelled(body.Status) => Delivered(new WarehouseAnswer.Cancelled()),
        >= 200 and < 300 => Unproven(status, "which does not say that the order is stopped", body),
        // Here it would mean that the warehouse has nothing to stop. A proxy cannot know.
        404 when body.Form == AnswerForm.Other => Unproven(status, "with a page or a text, not JSON", body),
        404 => Delivered(new WarehouseAnswer.NotFound()),
        409 => TooLate(body),
        _ => null,
    };

    private static SendResult.Delivered Delivered(WarehouseAnswer answer) => new(answer);

    private static string? WhyNoProof(WarehouseAnswerBody body, string reference)
    {
        if (body.Form != AnswerForm.Object)
            return "without a JSON object";
        if (body.SaysFailed)
            return "but the answer says that it failed";
        return body.Reference is { } named && !named.Equals(reference, StringComparison.OrdinalIgnoreCase)
            ? "with another reference than ours" : null;
    }

    private static SendResult TooLate(WarehouseAnswerBody body) => body.Form == AnswerForm.Other
        ? Unproven(409, "with a page or a text, not JSON", body) : Delivered(new WarehouseAnswer.TooLate());

    private static bool IsCancelled(string? status) =>
        status?.ToLowerInvariant() is "cancelled" or "canceled";

    /// <summary>The words are cleaned of secrets by the caller, who knows them.</summary>
    private static SendResult.Unknown Unproven(int status, string wrong, WarehouseAnswerBody body) =>
        new(body.Detail is { } words ? $"{status} {wrong}: {words}" : $"{status} {wrong}");
}
