using System.Collections.Concurrent;
using System.Text.Json;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>
/// ShipBob as a warehouse (developer.shipbob.com, API 2026-01). It refuses a reference that it has, and cannot change
/// an order: a change stops it, and its order is released anew.
/// </summary>
internal sealed class ShipBobWarehouse(JsonApi api, ShipBobOptions options) : IWarehouse
{
    /// <summary>SKUs that are remembered; beyond, all are asked for again.</summary>
    private const int KnownMax = 10_000;

    private const int PageMax = 250;

    private readonly ConcurrentDictionary<string, bool> _known = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    public async Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        if (request.Reference.Contains(',', StringComparison.Ordinal))
            return new SendResult.Refused("its reference has a comma, by which ShipBob could not find it again");
        foreach (var sku in request.Lines.Select(l => l.Sku).Distinct(StringComparer.Ordinal))
        {
            if (_known.ContainsKey(sku))
                continue;
            if (await FindProductAsync(sku, cancellationToken) is { } wrong)
                return wrong;
            await delivery.NextCall();
        }

        var isConflict = false;
        var made = await api.AskAsync(
            HttpMethod.Post, $"{api.Root}/order", ShipBobOrder.Write(request, options), OfRelease, cancellationToken);
        if (!isConflict)
            return made;

        // It has the reference, or something else is wrong: its words do not tell reliably.
        await delivery.NextCall();
        var found = await FindAsync(request.Reference, delivery, cancellationToken);
        return found switch
        {
            SendResult.Delivered { Answer: WarehouseAnswer.NotFound } => made,
            SendResult.Delivered there => new SendResult.AlreadyThere(there.Answer),
            _ => found,
        };

        SendResult? OfRelease(int status, JsonElement? body)
        {
            isConflict = status is 409 or 422;
            if (status is < 200 or > 299)
                return null;
            return ShipBobOrder.Read(body, request.Reference) is { } order
                ? new SendResult.Delivered(order.Answer) : Unproven(status, "without an order of our reference");
        }
    }

    /// <inheritdoc/>
    public async Task<SendResult> ChangeAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var (stopped, isOurs) = await StopAsync(request.Reference, delivery, true, cancellationToken);
        return StoppedOrder.ToChange(stopped, isOurs, "200 without the order, which it had before");
    }

    /// <inheritdoc/>
    public async Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
        (await LookUpAsync(reference, cancellationToken)).Result;

    /// <inheritdoc/>
    public async Task<SendResult> CancelAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken) =>
        (await StopAsync(reference, delivery, false, cancellationToken)).Result;

    /// <summary>What came of it, and whether it is this call that has stopped it.</summary>
    /// <param name="reference">Ours.</param>
    /// <param name="delivery">The attempt.</param>
    /// <param name="toChange">
    /// Only whole: what has left, while its webhook is still on its way, must not be released anew with the rest.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    private async Task<(SendResult Result, bool IsOurs)> StopAsync(
        string reference, Delivery delivery, bool toChange, CancellationToken cancellationToken)
    {
        var (found, order) = await LookUpAsync(reference, cancellationToken);
        if (order is null or { IsCancelled: true })
            return (found, false);
        if (order.IsFulfilled || (toChange && order.HasLeft))
            return (new SendResult.Delivered(new WarehouseAnswer.TooLate()), false);
        await delivery.NextCall();
        return (await api.AskAsync(
            HttpMethod.Post, $"{api.Root}/order/{order.Id}:cancel", null,
            (status, body) => OfCancel(status, body, order.Id, reference), cancellationToken), true);
    }

    private SendResult? OfCancel(int status, JsonElement? body, string id, string reference) => status switch
    {
        200 when body is { ValueKind: JsonValueKind.Object } told => OfCancel(told, id, reference),
        >= 200 and < 300 => Unproven(status, "which does not say whether the order is stopped"),
        422 => TooLate(JsonAnswer.Words(body)),
        // It was there a moment ago.
        404 => new SendResult.Unknown("404 to the cancelling of an order that is there"),
        _ => null,
    };

    /// <summary>A 200 may say that it failed, and of each shipment why.</summary>
    private SendResult OfCancel(JsonElement told, string id, string reference)
    {
        var fault = new JsonFault();
        var fields = new JsonFields(told, "", fault);
        var results = fields.Items("canceled_shipment_results", ConnectorLimits.LinesMax) ?? [];
        var failed = results.Where(result => result.Flag("is_success") == false)
            .Select(result => result.Text("reason")).OfType<string>().ToArray();
        var anyFailed = results.Any(result => result.Flag("is_success") == false);
        var status = fields.Text("status") ?? "";
        if (fault.First is not null || (fields.Text("order_id") is { } other && other != id))
            return Unproven(200, "that is not of this order");
        if (anyFailed || status is "Failure" or "PartialSuccess")
        {
            return TooLate(string.Join("; ", failed.Distinct(StringComparer.Ordinal)
                .Prepend(status == "PartialSuccess" ? "only a part of it is stopped" : "")
                .Where(words => words.Length > 0)));
        }

        // It left between the look-up and this.
        if (JsonText.TryGet(told, "order", out var after) && ShipBobOrder.Read(after, reference) is { HasLeft: true })
            return TooLate("a part of it has left");
        return status == "Success" ? new SendResult.Delivered(new WarehouseAnswer.Cancelled())
            : Unproven(200, "which does not say that the order is stopped");
    }

    private async Task<(SendResult Result, ShipBobOrder? Order)> LookUpAsync(
        string reference, CancellationToken cancellationToken)
    {
        ShipBobOrder? order = null;
        var result = await api.AskAsync(
            HttpMethod.Get, $"{api.Root}/order?ReferenceIds={Uri.EscapeDataString(reference)}&Limit={PageMax}", null,
            (status, body) =>
            {
                if (status is < 200 or > 299)
                    return null;
                if (body is not { ValueKind: JsonValueKind.Array } list)
                    return Unproven(status, "without a list of orders");
                var ours = list.EnumerateArray().Select(item => ShipBobOrder.Read(item, reference))
                    .OfType<ShipBobOrder>().ToArray();
                order = ours.FirstOrDefault(o => !o.IsCancelled) ?? ours.FirstOrDefault();
                return new SendResult.Delivered(order?.Answer ?? new WarehouseAnswer.NotFound());
            },
            cancellationToken);
        return (result, order);
    }

    /// <summary>Null when ShipBob has a product of this very SKU, which is remembered.</summary>
    private async Task<SendResult?> FindProductAsync(string sku, CancellationToken cancellationToken)
    {
        var isKnown = false;
        var result = await api.AskAsync(
            HttpMethod.Get, $"{api.Root}/product?SKU={Uri.EscapeDataString(sku)}&PageSize={PageMax}", null,
            (status, body) =>
            {
                if (status is < 200 or > 299)
                    return null;
                if (body is not { ValueKind: JsonValueKind.Object } page
                    || !JsonText.TryGet(page, "items", out var items) || items.ValueKind != JsonValueKind.Array)
                {
                    return Unproven(status, "without a list of products");
                }

                isKnown = items.EnumerateArray().SelectMany(VariantsOf).Any(variant =>
                    new JsonFields(variant, "", new JsonFault()).FindSku("sku") == sku);
                return new SendResult.Refused(
                    $"ShipBob has no product with the SKU {sku}: make it there, then resume this");
            },
            cancellationToken);
        if (!isKnown)
            return result;
        Know(sku);
        return null;
    }

    internal void Know(string sku)
    {
        if (_known.Count >= KnownMax)
            _known.Clear();
        _known[sku] = true;
    }

    private static IEnumerable<JsonElement> VariantsOf(JsonElement product) =>
        product.ValueKind == JsonValueKind.Object && JsonText.TryGet(product, "variants", out var variants)
        && variants.ValueKind == JsonValueKind.Array
            ? variants.EnumerateArray().Where(variant => variant.ValueKind == JsonValueKind.Object) : [];

    private SendResult.Delivered TooLate(string? words) => new(new WarehouseAnswer.TooLate(
        string.IsNullOrWhiteSpace(words) ? null : api.Words(words)));

    private static SendResult.Unknown Unproven(int status, string wrong) => new($"{status} {wrong}");
}
