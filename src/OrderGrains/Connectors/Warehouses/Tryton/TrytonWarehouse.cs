using System.Text.Json;
using System.Text.Json.Nodes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Warehouses.Tryton;

/// <summary>
/// Tryton as a warehouse: an order is a customer shipment under our reference. Tryton takes the same reference as often
/// as it is told, so it is looked up before each taking and after it. A change stops the shipment, and its order is
/// released anew.
/// </summary>
/// <param name="api">Tryton.</param>
/// <param name="options">Its settings.</param>
/// <param name="company">The company, where it is known already.</param>
internal sealed class TrytonWarehouse(TrytonApi api, TrytonOptions options, TrytonCompany? company = null)
    : DraftedWarehouse<TrytonShipment>
{
    private const string Model = TrytonShipment.Model;

    private readonly TrytonDirectory _directory = new(api, options);
    private readonly TrytonDrafts _drafts = new(api, options);
    private TrytonCompany? _company = company;

    protected override string Gone => "200 without the shipment, which it had before";

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
        (wrong, var id) = await _drafts.MakeAsync(request, _company!, delivery, cancellationToken);
        if (wrong is not null)
            return wrong;
        await delivery.NextCall();
        (wrong, there) = await LookUpAsync(request.Reference, delivery, cancellationToken);
        if (there is null)
            return wrong ?? new SendResult.Unknown("200 without the shipment that it has made");
        if (there.Id == id)
            return await HandOverAsync(there, delivery, cancellationToken);

        // An earlier call was made after all, while nobody waited for it any more.
        return await UndoAsync(id, delivery, cancellationToken) is { } kept
            ? kept : await AlreadyThereAsync(there, delivery, cancellationToken);
    }

    /// <summary>
    /// Stops a draft of ours. First it loses our reference: an order must not hear that its shipment is cancelled when
    /// there is another. Null when that is done.
    /// </summary>
    private async Task<SendResult?> UndoAsync(int id, Delivery delivery, CancellationToken cancellationToken)
    {
        await delivery.NextCall();
        var parted = await api.AskAsync(
            $"{Model}.write", [new JsonArray(id), new JsonObject { ["reference"] = null }, _company!.Context()], Done,
            cancellationToken);
        if (parted is not SendResult.Delivered)
            return parted;
        await delivery.NextCall();
        var stopped = await api.AskAsync(
            $"{Model}.cancel", [new JsonArray(id), _company.Context()], Done, cancellationToken);
        return stopped is SendResult.Delivered ? null : stopped;
    }

    /// <summary>
    /// Makes a draft the warehouse's own work, and reserves the goods. Where they are not all there it waits for them
    /// in Tryton, and is taken all the same.
    /// </summary>
    protected override async Task<SendResult> HandOverAsync(
        TrytonShipment there, Delivery delivery, CancellationToken cancellationToken)
    {
        var taken = new SendResult.Delivered(there.Answer);
        if (there.State == "draft")
        {
            await delivery.NextCall();
            var waiting = await api.AskAsync(
                $"{Model}.wait", [new JsonArray(there.Id), there.Unchanged(_company!)], Done, cancellationToken);
            if (waiting is not SendResult.Delivered)
                return waiting;
        }

        if (there.State is not ("draft" or "waiting"))
            return taken;
        await delivery.NextCall();
        var assigned = await api.AskAsync(
            $"{Model}.assign_try", [new JsonArray(there.Id), _company!.Context()],
            told => told.ValueKind is JsonValueKind.True or JsonValueKind.False ? new SendResult.Delivered() : null,
            cancellationToken);
        return assigned is SendResult.Delivered or SendResult.Refused ? taken : assigned;
    }

    /// <inheritdoc/>
    protected override async Task<(SendResult Result, bool IsOurs)> StopAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        var (wrong, there) = await LookUpAsync(reference, delivery, cancellationToken);
        if (there is null || !there.CanBeStopped)
            return (wrong ?? Stopped(there), false);
        await delivery.NextCall();
        var stopped = await api.AskAsync(
            $"{Model}.cancel", [new JsonArray(there.Id), there.Unchanged(_company!)], Done, cancellationToken);
        if (stopped is not SendResult.Delivered)
            return (stopped, true);

        // Tryton says nothing of a cancelling that has no effect, so its state is what counts.
        await delivery.NextCall();
        (wrong, there) = await LookUpAsync(reference, delivery, cancellationToken);
        return (wrong ?? (there is { CanBeStopped: true }
            ? new SendResult.Unknown($"200, and the shipment is {there.State}") : Stopped(there)), true);
    }

    private static SendResult.Delivered Stopped(TrytonShipment? there) => new(there switch
    {
        null => new WarehouseAnswer.NotFound(),
        { IsCancelled: true } => there.Answer,
        _ => new WarehouseAnswer.TooLate($"shipment {there.Number} is {there.State} there"),
    });

    /// <summary>The first shipment of the reference that is not cancelled, or else the first.</summary>
    protected override async Task<(SendResult? Wrong, TrytonShipment? Found)> LookUpAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        if (_company is null)
        {
            var (missing, companies) = await _directory.CompaniesAsync(cancellationToken);
            if (missing is not null || companies.Count != 1)
            {
                return (missing ?? new SendResult.Refused(WarehouseLocations.WhyNotOne(
                    "Tryton", "companies", companies.Count, options.Company, "Company")), null);
            }

            _company = companies[0];
            await delivery.NextCall();
        }

        var (wrong, found) = await api.SearchAsync(
            new TrytonQuery(
                Model, [new JsonArray("reference", "=", reference), new JsonArray("company", "=", _company.Id)],
                TrytonShipment.Fields, _company.Context()),
            TrytonShipment.Read, cancellationToken);
        return (wrong, found.OrderBy(shipment => shipment.IsCancelled).FirstOrDefault());
    }

    private static SendResult? Done(JsonElement told) =>
        told.ValueKind == JsonValueKind.Null ? new SendResult.Delivered() : null;
}
