using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Odoo;

/// <summary>
/// Odoo as a warehouse: an order is a sale order under our reference, first as a quotation and then confirmed, which
/// makes its deliveries by the warehouse's own routes. Odoo takes the same reference as often as it is told, so it is
/// looked up before each taking and after it, and only one is confirmed. A change stops the order, and it is released
/// anew.
/// </summary>
internal sealed class OdooWarehouse(OdooApi api, OdooOptions options) : DraftedWarehouse<OdooOrder>
{
    /// <summary>Looks at what calls in hand have made meanwhile.</summary>
    private const int LooksMax = 3;

    private readonly OdooDrafts _drafts = new(api, options);

    protected override string Gone => "200 without the order, which it had before";

    /// <inheritdoc/>
    public override async Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, there) = await LookUpAsync(request.Reference, delivery, cancellationToken);
        if (wrong is not null)
            return wrong;
        if (there is not null)
            return await AlreadyThereAsync(there, delivery, cancellationToken);
        await delivery.NextCall();
        (wrong, var id) = await _drafts.MakeAsync(request, delivery, cancellationToken);
        if (wrong is not null)
            return wrong;
        await delivery.NextCall();
        (wrong, there) = await LookUpAsync(request.Reference, delivery, cancellationToken);
        if (there is null)
        {
            return wrong ?? new SendResult.Refused(
                "Odoo does not show the order that it has just made: let the user see all orders, then resume this");
        }

        return there.Id == id
            ? await HandOverAsync(there, delivery, cancellationToken)
            : await AlreadyThereAsync(there, delivery, cancellationToken);
    }

    /// <summary>Makes a quotation the warehouse's work. Odoo confirms none twice, and says no to the second.</summary>
    protected override async Task<SendResult> HandOverAsync(
        OdooOrder there, Delivery delivery, CancellationToken cancellationToken)
    {
        var taken = new SendResult.Delivered(there.Answer);
        if (there.IsConfirmed || there.IsCancelled)
            return taken;
        await delivery.NextCall();
        var confirmed = await DoAsync("action_confirm", there.Id, [], cancellationToken, told =>
            told.ValueKind == JsonValueKind.True ? taken : new SendResult.Refused(
                $"Odoo asks something before it confirms {there.Name}: confirm it there, then resume this"));
        if (confirmed is not SendResult.Refused)
            return confirmed;
        await delivery.NextCall();
        var (wrong, orders) = await OrdersAsync(
            [new JsonArray("id", "=", there.Id)], cancellationToken);
        return wrong ?? (orders is [{ IsConfirmed: true }] ? taken : confirmed);
    }

    /// <inheritdoc/>
    protected override async Task<(SendResult Result, bool IsOurs)> StopAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, there) = await LookUpAsync(reference, delivery, cancellationToken);
        if (there is null || there.IsCancelled || there.HasLeft)
            return (wrong ?? Stopped(there), false);
        await delivery.NextCall();
        var stopped = await StopAsync(there, cancellationToken);
        if (stopped is not SendResult.Delivered)
            return (stopped, true);

        // A 200 may be a question to a person, so the order's state is what counts.
        await delivery.NextCall();
        (wrong, there) = await LookUpAsync(reference, delivery, cancellationToken);
        return (wrong ?? (there is { IsCancelled: false, HasLeft: false }
            ? new SendResult.Refused($"Odoo does not cancel {there.Name} without a person: cancel it there")
            : Stopped(there)), true);
    }

    private static SendResult.Delivered Stopped(OdooOrder? there) => new(there switch
    {
        null => new WarehouseAnswer.NotFound(),
        { IsCancelled: true } => there.Answer,
        _ => new WarehouseAnswer.TooLate($"goods of order {there.Name} are picked there, or have left"),
    });

    /// <summary>
    /// The order of the reference: one that is confirmed, or else the first that is not cancelled. Should calls whose
    /// answers are lost have made several, the others are cancelled before anything is confirmed: whoever confirmed
    /// them would send the goods twice. What is confirmed beside is by people, and left to them.
    /// </summary>
    protected override async Task<(SendResult? Wrong, OdooOrder? Found)> LookUpAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        for (var look = 1; look <= LooksMax; look++)
        {
            var (wrong, orders) = await OrdersAsync(
                [new JsonArray("client_order_ref", "=", reference)], cancellationToken);
            var ranked = orders.OrderBy(order => order.IsCancelled).ThenBy(order => !order.IsConfirmed).ToArray();
            var spare = ranked.Skip(1).Where(order => !order.IsCancelled && !order.IsConfirmed).ToArray();
            if (wrong is not null || spare.Length == 0)
                return (wrong, ranked.FirstOrDefault());
            foreach (var order in spare)
            {
                await delivery.NextCall();
                if (await UndoAsync(order, delivery, cancellationToken) is { } kept)
                    return (kept, null);
            }

            await delivery.NextCall();
        }

        return (new SendResult.Unknown($"there is more than one order {reference}, and ever another"), null);
    }

    /// <summary>
    /// Cancels an order that is too many, and takes our reference from it: a delivery of it that is cancelled says
    /// nothing of the other. Null when that is done.
    /// </summary>
    private async Task<SendResult?> UndoAsync(
        OdooOrder spare, Delivery delivery, CancellationToken cancellationToken)
    {
        var stopped = await StopAsync(spare, cancellationToken);
        if (stopped is not SendResult.Delivered)
            return stopped;
        await delivery.NextCall();
        var parted = await DoAsync(
            "write", spare.Id, new JsonObject { ["vals"] = new JsonObject { ["client_order_ref"] = false } },
            cancellationToken);
        return parted is SendResult.Delivered ? null : parted;
    }

    /// <summary>Odoo 18 and older asked a person first unless told otherwise; add-ons of others still do.</summary>
    private Task<SendResult> StopAsync(OdooOrder order, CancellationToken cancellationToken) => DoAsync(
        "action_cancel", order.Id,
        new JsonObject { ["context"] = new JsonObject { ["disable_cancel_warning"] = true } }, cancellationToken);

    private Task<(SendResult? Wrong, IReadOnlyList<OdooOrder> Found)> OrdersAsync(
        JsonArray domain, CancellationToken cancellationToken) =>
        api.SearchAsync(new OdooQuery(OdooOrder.Model, domain, OdooOrder.Fields), OdooOrder.Read, cancellationToken);

    private Task<SendResult> DoAsync(
        string method, int id, JsonObject arguments, CancellationToken cancellationToken,
        Func<JsonElement, SendResult?>? meaning = null)
    {
        arguments["ids"] = new JsonArray(id);
        return api.AskAsync(
            OdooOrder.Model, method, arguments, meaning ?? (_ => new SendResult.Delivered()), cancellationToken);
    }
}
