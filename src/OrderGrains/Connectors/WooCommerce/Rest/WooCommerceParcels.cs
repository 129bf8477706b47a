using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>
/// Records parcels at the shop, and then the order's status. Nothing there is idempotent, so the order is read before
/// each attempt, and what is there already is not written again.
/// </summary>
internal sealed class WooCommerceParcels
{
    /// <summary>A plugin may come or go.</summary>
    private static readonly TimeSpan WayKeptFor = TimeSpan.FromHours(1);

    private readonly WooCommerceRest _rest;
    private readonly WooCommerceShopOptions _options;
    private readonly TimeProvider _time;

    /// <summary>In the order of <see cref="ParcelTracking"/>, and of what is best for the buyer.</summary>
    private readonly ITrackingWay[] _ways;

    private readonly FulfillmentWay _fulfillments;

    private KnownWay? _known;

    public WooCommerceParcels(WooCommerceRest rest, WooCommerceShopOptions options, TimeProvider time)
    {
        (_rest, _options, _time) = (rest, options, time);
        var notes = new NoteWay(rest, options.NotifyCustomer);
        _fulfillments = new FulfillmentWay(rest, options.NotifyCustomer);
        _ways = [_fulfillments, new ShipmentTrackingWay(rest, notes), notes];
    }

    /// <summary>One attempt.</summary>
    public async Task<SendResult> SendAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        if (!HasNumber(parcel))
            return NoNumber();
        var read = await _rest.CallAsync<OrderNode>(
            HttpMethod.Get, $"wc/v3/orders/{parcel.OrderId}?_fields=id,status,line_items", null, calls, stopping);
        if (read.Data is not { } order)
            return read.Failed!;
        if ($"{order.Id}" != parcel.OrderId.TrimStart('0'))
            return new SendResult.Unknown("the answer is about another order");
        if (order.Status == "trash")
            return new SendResult.Delivered(new ShopAnswer.NothingToRecord("the order is in the shop's trash"));
        var tracked = await RecordAsync(order, parcel, calls, stopping);
        if (tracked is Tracked.Failed failed)
            return failed.Result;
        var status = parcel.AllGone ? await SetStatusAsync(order, calls, stopping) : new StatusSet();
        if (status.Failed is not null)
            return status.Failed;
        return tracked switch
        {
            Tracked.Nothing nothing => new SendResult.Delivered(new ShopAnswer.NothingToRecord(nothing.Why)),
            Tracked.Deleted => Found(new ShopAnswer.TakenBack()),
            Tracked.There there => Found(Recorded(there.Id, there.Note, there.InPart)),
            Tracked.Written written => new SendResult.Delivered(
                Recorded(written.Id, written.Note, written.InPart)),
            _ => throw new InvalidOperationException($"{tracked.GetType().Name} is no end."),
        };

        SendResult Found(ShopAnswer answer) =>
            status.HasWritten ? new SendResult.Delivered(answer) : new SendResult.AlreadyThere(answer);

        ShopAnswer.Recorded Recorded(string id, string? note, bool inPart) => new(
            id, note is null || status.Note is null ? note ?? status.Note : $"{note}; {status.Note}", inPart);
    }

    /// <summary>Takes back what records a parcel.</summary>
    public Task<SendResult> TakeBackAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping) =>
        HasNumber(parcel) ? _fulfillments.TakeBackAsync(parcel, calls, stopping)
            : Task.FromResult<SendResult>(NoNumber());

    private static bool HasNumber(ParcelContent parcel) =>
        parcel.OrderId.Length is > 0 and <= 20 && parcel.OrderId.All(char.IsAsciiDigit);

    private static SendResult.Refused NoNumber() =>
        new("the order's id must be a number, as WooCommerce gives it");

    private async Task<Tracked> RecordAsync(
        OrderNode order, ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        if (_options.Tracking != ParcelTracking.Auto)
        {
            var only = await _ways[_options.Tracking - ParcelTracking.Fulfillments].RecordAsync(
                order, parcel, calls, stopping);
            return only is not Tracked.NoSuchWay ? only : new Tracked.Failed(new SendResult.Refused(
                $"the shop does not have {_options.Tracking}, as Tracking says: Auto takes what it has"));
        }

        var known = _known is { } kept && kept.Until > _time.GetUtcNow() ? kept : null;
        for (var at = known?.At ?? 0; ; at++)
        {
            var tracked = await _ways[at].RecordAsync(order, parcel, calls, stopping);
            if (tracked is Tracked.NoSuchWay)
                continue;
            if (known?.At != at && tracked is not Tracked.Failed)
                _known = new KnownWay(at, _time.GetUtcNow() + WayKeptFor);
            return tracked;
        }
    }

    /// <summary>The same status once more would change nothing, but tell all that the order has changed.</summary>
    private async Task<StatusSet> SetStatusAsync(OrderNode order, AttemptCalls calls, CancellationToken stopping)
    {
        if (_options.ShippedStatus is not { } shipped || order.Status == shipped)
            return new StatusSet();
        if (!ShippedStatuses.MayLeave(order.Status))
            return new StatusSet(Note: ShippedStatuses.WhyLeft(order.Status));
        var written = await _rest.CallAsync<OrderNode>(
            HttpMethod.Put, $"wc/v3/orders/{order.Id}?_fields=id,status", new { status = shipped }, calls, stopping);
        return written.Data is not { } now ? new StatusSet(Failed: written.Failed)
            : new StatusSet(true, now.Status == shipped ? null : _rest.Words($"the shop made its status {now.Status}"));
    }

    private sealed record KnownWay(int At, DateTimeOffset Until);

    private readonly record struct StatusSet(bool HasWritten = false, string? Note = null, SendResult? Failed = null);
}
