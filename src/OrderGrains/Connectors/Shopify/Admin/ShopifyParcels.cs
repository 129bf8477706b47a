using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>
/// Records parcels at the shop. Shopify has no idempotency for it, so the order is read before each attempt: a parcel
/// is there when a fulfilment has its id, its tracking number, or, without any number, exactly its lines.
/// </summary>
internal sealed class ShopifyParcels(ShopifyAdmin admin, bool notifyCustomer)
{
    /// <summary>How soon an order is looked at again that the shop holds, or sends later.</summary>
    private static readonly TimeSpan HeldFor = TimeSpan.FromMinutes(10);

    /// <summary>The shop makes fulfilment orders a moment after the order.</summary>
    private static readonly TimeSpan RoutedWithin = TimeSpan.FromSeconds(30);

    private const string NoSuchOrder = "the shop has no such order, or the app may not read it";

    private readonly OrderReader _reader = new(admin);

    /// <summary>One attempt.</summary>
    public async Task<SendResult> SendAsync(ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        if (AdminId.Of("Order", parcel.OrderId) is not { } orderId)
            return NoNumber();
        if (!parcel.Lines.Any(line => line.Quantity > 0))
            return new SendResult.Delivered(new ShopAnswer.NothingToRecord(
                "no unit of what the shop sold is complete with this parcel"))
            { Asked = false };
        var again = await TryAsync(parcel, orderId, isLast: false, calls, stopping);
        // Somebody was faster, and what is there now tells more than the shop's words.
        return again ?? (await TryAsync(parcel, orderId, isLast: true, calls, stopping))!;
    }

    /// <summary>
    /// Cancels each fulfilment that records the parcel: their units are the shop's to fulfil again. One that is
    /// cancelled already is none.
    /// </summary>
    public async Task<SendResult> TakeBackAsync(
        ParcelContent parcel, AttemptCalls calls, CancellationToken stopping)
    {
        if (AdminId.Of("Order", parcel.OrderId) is not { } orderId)
            return NoNumber();
        var (order, failed) = await _reader.ReadAsync(orderId, calls, stopping);
        if (failed is not null)
            return failed;
        if (order is null)
            return new SendResult.Delivered(new ShopAnswer.NotTakenBack(NoSuchOrder));
        var (ours, _, unread) = await FindOursAsync(order, parcel, WantedOf(parcel), calls, stopping);
        if (unread is not null)
            return unread;
        foreach (var fulfilment in ours)
        {
            var (answer, broken) = await admin.CallAsync<CancelFulfilmentAnswer>(
                AdminDocuments.CancelFulfilment, new { id = fulfilment.Id }, calls, stopping);
            if (Take(answer?.FulfillmentCancel, broken, new Recording(null)) is not { } failure)
                continue;
            return failure is { IsShopsWord: true, Result: SendResult.Refused { Why: var why } }
                ? new SendResult.Delivered(new ShopAnswer.NotTakenBack(why)) : failure.Result;
        }

        return ours.Count > 0 ? new SendResult.Delivered(new ShopAnswer.TakenBack())
            : new SendResult.AlreadyThere(new ShopAnswer.TakenBack());
    }

    /// <summary>Null when the shop had something against it, which another look may explain.</summary>
    private async Task<SendResult?> TryAsync(
        ParcelContent parcel, string orderId, bool isLast, AttemptCalls calls, CancellationToken stopping)
    {
        var (order, failed) = await _reader.ReadAsync(orderId, calls, stopping);
        if (failed is not null)
            return failed;
        if (order is null)
            return new SendResult.Refused(NoSuchOrder);
        var wanted = WantedOf(parcel);
        var (ours, missing, unread) = await FindOursAsync(order, parcel, wanted, calls, stopping);
        if (unread is not null)
            return unread;
        var plan = FulfilmentPlan.Of(order.Orders, missing, PlaceOf(parcel));
        if (ours.Count == 0 && WhyNothing(order, plan, wanted) is { } nothing)
            return nothing;
        var recording = new Recording(ours.FirstOrDefault()?.Number);
        foreach (var fulfilment in ours.Where(fulfilment => !HasNewest(fulfilment, parcel)))
        {
            if (await UpdateAsync(fulfilment, parcel, recording, calls, stopping) is { } broken)
                return Judge(broken, isLast);
        }

        // A parcel is recorded whole, so that the buyer hears of it once.
        if (plan.Waits is not null)
            return new SendResult.NotYet(admin.Words(plan.Waits), HeldFor, IsHeld: true);
        foreach (var parts in plan.Calls)
        {
            if (await CreateAsync(parts, parcel, recording, calls, stopping) is { } broken)
                return Judge(broken, isLast);
        }

        var unrecorded = missing.Values.Sum() - plan.Units;
        var recorded = new ShopAnswer.Recorded(
            recording.Id, NoteOf(wanted.Values.Sum(), unrecorded, plan.Refused), unrecorded > 0);
        return recording.HasWritten ? new SendResult.Delivered(recorded) : new SendResult.AlreadyThere(recorded);
    }

    /// <summary>What there is to say when none is ours, and none can be made; null: some can.</summary>
    private static SendResult? WhyNothing(
        OrderAtShop order, FulfilmentPlan plan, Dictionary<string, int> wanted)
    {
        if (order.Orders.Count == 0)
        {
            return new SendResult.NotYet(
                "the shop has not decided yet from where the order is sent", RoutedWithin, IsHeld: true);
        }

        if (plan.Units > 0 || plan.Waits is not null)
            return null;
        // What an app may not see is as if it were not there.
        if (!order.Orders.Any(one => one.Lines.Any(line => wanted.ContainsKey(line.LineId))))
        {
            return new SendResult.Refused("the shop shows no fulfilment order with these lines: may the app read and "
                + "write the fulfilment orders of this location?");
        }

        return plan.Refused is { } why ? new SendResult.Refused(why)
            : new SendResult.Delivered(new ShopAnswer.NothingToRecord(
                "the shop has nothing left to fulfil for these lines"));
    }

    /// <summary>The fulfilments that record the parcel, and the units that none of them has.</summary>
    private async Task<(List<ShopFulfilment> Ours, Dictionary<string, int> Missing, SendResult? Failed)> FindOursAsync(
        OrderAtShop order, ParcelContent parcel, Dictionary<string, int> wanted, AttemptCalls calls,
        CancellationToken stopping)
    {
        var (known, others) = (Numbers([parcel.FulfilmentId]), Numbers(parcel.OtherFulfilmentIds));
        var numbers = parcel.EarlierNumbers.Append(parcel.TrackingNumber).OfType<string>().ToList();
        var (ours, missing) = (new List<ShopFulfilment>(), new Dictionary<string, int>(wanted, StringComparer.Ordinal));
        // What is known is first, so that another of the same lines is not taken for it.
        foreach (var one in order.Fulfilments.Where(one => !others.Contains(one.Number))
            .OrderByDescending(one => known.Contains(one.Number)))
        {
            var isKnown = known.Contains(one.Number);
            if (!isKnown && !HasNumber(one, numbers))
                continue;
            var (units, failed) = await _reader.ReadLinesAsync(one, calls, stopping);
            if (failed is not null)
                return (ours, missing, failed);
            // Two parcels may have one number. One without any is ours where nothing else is in it.
            if (!isKnown && !(numbers.Count > 0 ? units.Keys.Any(wanted.ContainsKey)
                : units.All(line => line.Value <= missing.GetValueOrDefault(line.Key))))
                continue;
            ours.Add(one);
            foreach (var (line, count) in units.Where(line => missing.ContainsKey(line.Key)))
                missing[line] = Math.Max(0, missing[line] - count);
        }

        return (ours, missing, null);
    }

    private async Task<Failure?> CreateAsync(
        IReadOnlyList<FulfilmentPart> parts, ParcelContent parcel, Recording recording, AttemptCalls calls,
        CancellationToken stopping)
    {
        var (answer, failed) = await admin.CallAsync<CreateFulfilmentAnswer>(AdminDocuments.CreateFulfilment, new
        {
            fulfillment = new
            {
                lineItemsByFulfillmentOrder = parts.Select(part => new
                {
                    fulfillmentOrderId = part.FulfillmentOrderId,
                    fulfillmentOrderLineItems = part.Lines.Select(line => new { id = line.Id, quantity = line.Units }),
                }),
                notifyCustomer,
                trackingInfo = Tracking(parcel),
            },
        }, calls, stopping);
        return Take(answer?.FulfillmentCreate, failed, recording);
    }

    private async Task<Failure?> UpdateAsync(
        ShopFulfilment fulfilment, ParcelContent parcel, Recording recording, AttemptCalls calls,
        CancellationToken stopping)
    {
        var (answer, failed) = await admin.CallAsync<UpdateTrackingAnswer>(AdminDocuments.UpdateTracking, new
        {
            id = fulfilment.Id,
            tracking = Tracking(parcel),
            notify = notifyCustomer,
        }, calls, stopping);
        return Take(answer?.FulfillmentTrackingInfoUpdate, failed, recording);
    }

    private Failure? Take(FulfillmentPayload? payload, SendResult? failed, Recording recording)
    {
        if (payload is null)
            return new Failure(failed!, IsShopsWord: false);
        if (payload.UserErrors.Count > 0)
        {
            var words = string.Join("; ", payload.UserErrors.Select(error => error.Message));
            return new Failure(new SendResult.Refused(admin.Words(words)), IsShopsWord: true);
        }

        if (payload.Fulfillment is not { } made)
            return new Failure(new SendResult.Unknown("200 without the fulfilment"), IsShopsWord: false);
        recording.Wrote(AdminId.Number(made.Id));
        return null;
    }

    private static SendResult.Refused NoNumber() =>
        new("the order's id must be a number, as Shopify gives it") { Asked = false };

    /// <summary>Units by the order's own line.</summary>
    private static Dictionary<string, int> WantedOf(ParcelContent parcel) => parcel.Lines
        .Where(line => line.Quantity > 0).GroupBy(line => line.LineId, StringComparer.Ordinal)
        .ToDictionary(line => line.Key, line => line.Sum(one => one.Quantity), StringComparer.Ordinal);

    /// <summary>One of the numbers; none, where the parcel has none.</summary>
    private static bool HasNumber(ShopFulfilment fulfilment, List<string> numbers) => numbers.Count == 0
        ? fulfilment.Tracking.All(tracking => string.IsNullOrWhiteSpace(tracking.Number))
        : fulfilment.Tracking.Any(tracking => tracking.Number is { } theirs
            && numbers.Exists(number => TrackingNumbers.Same(number, theirs)));

    private static SendResult? Judge(Failure failure, bool isLast) =>
        failure.IsShopsWord && !isLast ? null : failure.Result;

    private static bool HasNewest(ShopFulfilment fulfilment, ParcelContent parcel) =>
        parcel.TrackingNumber is not { } newest || fulfilment.Tracking.Any(tracking =>
            tracking.Number is { } theirs && TrackingNumbers.Same(newest, theirs)
            && (parcel.Carrier is null
                || string.Equals(parcel.Carrier, tracking.Company, StringComparison.OrdinalIgnoreCase)));

    /// <summary>An address needs a number, says Shopify.</summary>
    private static object? Tracking(ParcelContent parcel) => parcel switch
    {
        { TrackingNumber: { } number, TrackingUrl: { } url } => new { company = parcel.Carrier, number, url },
        { TrackingNumber: { } number } => new { company = parcel.Carrier, number },
        { Carrier: { } company } => new { company },
        _ => null,
    };

    private static string? NoteOf(int wanted, int unrecorded, string? refused) => unrecorded <= 0 ? null
        : $"the shop had {wanted - unrecorded} of {wanted} units left to fulfil"
            + (refused is null ? "" : $"; {refused}");

    private static string? PlaceOf(ParcelContent parcel) =>
        parcel.Place is { } place ? AdminId.Of("Location", place) : null;

    private static HashSet<string> Numbers(IEnumerable<string?> ids) =>
        [.. ids.OfType<string>().Select(AdminId.Number)];

    /// <param name="IsShopsWord">The shop said no to the write itself.</param>
    private sealed record Failure(SendResult Result, bool IsShopsWord);

    /// <summary>What this attempt has written.</summary>
    private sealed class Recording(string? id)
    {
        public string? Id { get; private set; } = id;

        public bool HasWritten { get; private set; }

        public void Wrote(string fulfilment) => (Id, HasWritten) = (Id ?? fulfilment, true);
    }
}
