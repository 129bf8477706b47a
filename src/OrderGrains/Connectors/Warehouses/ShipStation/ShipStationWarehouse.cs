using System.Text.Json;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipStation;

/// <summary>
/// ShipStation as a warehouse (docs.shipstation.com, API V2). It refuses a reference that it has. An order is changed
/// by stopping it, and released anew.
/// </summary>
internal sealed class ShipStationWarehouse(JsonApi api, ShipStationOptions options) : IWarehouse
{
    private static readonly SendResult.Delivered Cancelled = new(new WarehouseAnswer.Cancelled());

    /// <inheritdoc/>
    public async Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var mayBeThere = false;
        var made = await api.AskAsync(
            HttpMethod.Post, $"{api.Root}/shipments", ShipStationShipment.Write(request, options), OfRelease,
            cancellationToken);
        if (!mayBeThere)
            return made;

        // It has the reference, or something else is wrong: the words do not tell reliably.
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
            if (status is < 200 or > 299)
            {
                var meant = ShipStationErrors.Of(status, body);
                mayBeThere = status is 400 or 409 or 422 && meant is null or SendResult.Refused;
                return meant;
            }

            if (WhyNotMade(body) is { } why)
            {
                mayBeThere = true;
                return new SendResult.Refused(why);
            }

            return ShipStationShipment.ReadAll(body, request.Reference) is [{ IsCancelled: false } made]
                ? new SendResult.Delivered(made.Answer) : Unproven(status, "without a shipment of our reference");
        }
    }

    /// <inheritdoc/>
    public async Task<SendResult> ChangeAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        var (stopped, isOurs) = await StopAsync(request.Reference, delivery, cancellationToken);
        return StoppedOrder.ToChange(stopped, isOurs, "404 for the order, which it had before");
    }

    /// <inheritdoc/>
    public async Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
        (await LookUpAsync(reference, cancellationToken)).Result;

    /// <inheritdoc/>
    public async Task<SendResult> CancelAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken) =>
        (await StopAsync(reference, delivery, cancellationToken)).Result;

    /// <summary>
    /// What came of it, and whether it is this attempt that has stopped it. Nothing is stopped where a part has its
    /// label: then all of it ships. Once a part is stopped, not all of it can ship, and the release ends: what got its
    /// label meanwhile has left, as its webhook says.
    /// </summary>
    private async Task<(SendResult Result, bool IsOurs)> StopAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        var (found, first) = await LookUpAsync(reference, cancellationToken);
        if (first is null)
            return (found, false);
        await delivery.NextCall();
        var (listed, others) = await ListAsync(reference, cancellationToken);
        if (listed is not SendResult.Delivered)
            return (listed, false);
        var parts = others.Append(first).DistinctBy(part => part.Id, StringComparer.Ordinal).ToArray();
        var anyStopped = parts.Any(part => part.IsCancelled);
        if (!anyStopped && parts.Any(part => part.HasLabel))
            return (TooLate("its label is bought"), false);

        var isOurs = !anyStopped;
        foreach (var part in parts.Where(part => part is { IsCancelled: false, HasLabel: false }))
        {
            await delivery.NextCall();
            var result = await api.AskAsync(
                HttpMethod.Put, $"{api.Root}/shipments/{Uri.EscapeDataString(part.Id)}/cancel", null, OfCancel,
                cancellationToken);
            if (result is SendResult.Refused refused)
            {
                await delivery.NextCall();
                var (looked, now) = await LookUpPartAsync(part.Id, reference, cancellationToken);
                if (now is null)
                    return (looked, false);
                if (!now.IsCancelled && !anyStopped)
                    return (TooLate(refused.Why), false);
                if (now is { IsCancelled: false, HasLabel: false })
                    return (new SendResult.Unknown($"only a part of it is stopped: {refused.Why}"), false);
                isOurs = false;
            }
            else if (result is not SendResult.Delivered)
            {
                return (result, false);
            }

            anyStopped = true;
        }

        return (Cancelled, isOurs);
    }

    /// <summary>204 and nothing else is the proof. Why it refuses, only another look tells.</summary>
    private static SendResult? OfCancel(int status, JsonElement? body) => status switch
    {
        204 => Cancelled,
        < 300 => Unproven(status, "which does not say that the order is stopped"),
        // It was there a moment ago.
        404 => new SendResult.Unknown("404 to the cancelling of an order that is there"),
        // Not everyone who says 400 is ShipStation.
        400 or 409 or 422 =>
            ShipStationErrors.Of(status, body) ?? Unproven(status, "without an error of ShipStation's"),
        _ => ShipStationErrors.Of(status, body),
    };

    private Task<(SendResult Result, ShipStationShipment? Shipment)> LookUpAsync(
        string reference, CancellationToken cancellationToken) => LookUpAsync(
            $"external_shipment_id/{Uri.EscapeDataString(ShipStationReference.Of(reference))}", reference,
            new SendResult.Delivered(new WarehouseAnswer.NotFound()), cancellationToken);

    private Task<(SendResult Result, ShipStationShipment? Shipment)> LookUpPartAsync(
        string id, string reference, CancellationToken cancellationToken) => LookUpAsync(
            Uri.EscapeDataString(id), reference, Unproven(404, "for a part that was there a moment ago"),
            cancellationToken);

    private async Task<(SendResult Result, ShipStationShipment? Shipment)> LookUpAsync(
        string path, string reference, SendResult notThere, CancellationToken cancellationToken)
    {
        ShipStationShipment? shipment = null;
        var result = await api.AskAsync(
            HttpMethod.Get, $"{api.Root}/shipments/{path}", null,
            (status, body) =>
            {
                if (status == 404)
                {
                    return ShipStationErrors.AreIn(body) ? notThere
                        : Unproven(status, "without an error of ShipStation's");
                }

                if (status is < 200 or > 299)
                    return ShipStationErrors.Of(status, body);
                shipment = ShipStationShipment.Read(body, reference);
                return shipment is null ? Unproven(status, "without a shipment of our reference")
                    : new SendResult.Delivered(shipment.Answer);
            },
            cancellationToken);
        return (result, shipment);
    }

    /// <summary>All that people there have made of it.</summary>
    private async Task<(SendResult Result, ShipStationShipment[] Shipments)> ListAsync(
        string reference, CancellationToken cancellationToken)
    {
        ShipStationShipment[]? all = null;
        var result = await api.AskAsync(
            HttpMethod.Get,
            $"{api.Root}/shipments?external_shipment_id={Uri.EscapeDataString(ShipStationReference.Of(reference))}"
                + $"&page_size={ShipStationPages.PartsMax}",
            null,
            (status, body) =>
            {
                if (status is < 200 or > 299)
                    return ShipStationErrors.Of(status, body);
                all = ShipStationShipment.ReadAll(body, reference);
                return all is null ? Unproven(status, "without a list of shipments") : new SendResult.Delivered();
            },
            cancellationToken);
        return (result, all ?? []);
    }

    /// <summary>
    /// A 200 may say of a shipment that it failed, and why: in words, or in errors as a failed call has them.
    /// </summary>
    private static string? WhyNotMade(JsonElement? body)
    {
        if (body is not { ValueKind: JsonValueKind.Object } told)
            return null;
        var root = new JsonFields(told, "", new JsonFault());
        var shipments = root.Items("shipments", ShipStationPages.PartsMax) ?? [];
        var words = shipments.SelectMany(s => s.Texts("errors", ShipStationPages.PartsMax)
                .Concat((s.Items("errors", ShipStationPages.PartsMax) ?? [])
                    .Select(e => e.Text("message")).OfType<string>()))
            .Distinct(StringComparer.Ordinal).ToArray();
        if (words.Length == 0 && root.Flag("has_errors") != true)
            return null;
        return $"200 {(words.Length == 0 ? "with errors that it does not name" : string.Join("; ", words))}";
    }

    private SendResult.Delivered TooLate(string words) => new(new WarehouseAnswer.TooLate(api.Words(words)));

    private static SendResult.Unknown Unproven(int status, string wrong) => new($"{status} {wrong}");
}
