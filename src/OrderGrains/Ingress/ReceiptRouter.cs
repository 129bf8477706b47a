using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using OrderGrains.Connectors;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>Reads a receipt, once, and takes its change to the grain that it belongs to.</summary>
internal sealed partial class ReceiptRouter(
    Sources sources, OrderPolicies policies, IInbox inbox, Erasure erasure, IGrainFactory grains,
    IngressMetrics metrics, OperatorEvents events, TimeProvider time, ILogger<ReceiptRouter> log)
{
    /// <summary>SKUs of one count that are on their way to their grains: they share commits.</summary>
    private const int CountedAtOnceMax = 64;

    /// <summary>What is parked stands in an index by its reason, and PostgreSQL bounds what stands there.</summary>
    private const int ReasonCharsMax = 800;

    /// <summary>How long a receipt whose source nobody is configured with waits until a person must look.</summary>
    private static readonly TimeSpan SourceUnknownMax = TimeSpan.FromHours(1);

    private static readonly ActivitySource Activities = new("OrderGrains");

    /// <summary>Reads a receipt. What it throws is the receipt's own fault, or the connector's.</summary>
    public ReadReceipt Read(Receipt receipt)
    {
        var source = sources.Find(receipt.Source);
        var reading = TestCall.Is(receipt.Body.Span)
            ? new Reading.Ignored(TestCall.Reason) : source?.Connector.Read(receipt);
        return new ReadReceipt(receipt, source, reading, reading is Reading.Understood understood
            ? Topic(receipt, understood) : receipt.Topic);
    }

    /// <summary>
    /// Ends with the receipt's outcome when that is durable; throws when it is not, and may be called again.
    /// </summary>
    public async Task<ReceiptOutcome> ApplyAsync(ReadReceipt read)
    {
        using var activity = Activities.StartActivity("receipt", ActivityKind.Consumer, read.Receipt.TraceParent);
        var outcome = await RouteAsync(read);
        metrics.Settled(read.Receipt.Source, outcome);
        if (outcome == ReceiptOutcome.Parked)
            await SayParkedAsync(read.Receipt);
        return outcome;
    }

    /// <summary>Parks it for a person, and says so.</summary>
    public async Task ParkAsync(Receipt receipt, string reason)
    {
        await inbox.SettleAsync(
            new ReceiptSettlement(receipt.Id, ReceiptOutcome.Parked, reason, null, time.GetUtcNow()));
        await SayParkedAsync(receipt);
    }

    /// <summary>A receipt is parked: said of the first of its source and reason, not of each.</summary>
    private Task SayParkedAsync(Receipt receipt) => events.SayAsync(
        EventTypes.ReceiptParked, new Subject(SubjectKind.Source, receipt.Source), async () =>
        {
            if (await inbox.FindAsync(receipt.Id) is not { Outcome: ReceiptOutcome.Parked, Reason: { } reason } row)
                return null;
            return await inbox.FindFirstParkedAsync(receipt.Source, reason) == receipt.Id
                && events.IsNews(EventTypes.ReceiptParked, receipt.Source, reason)
                ? new ReceiptParkedData(receipt.Source, row.Id, row.Topic, row.OrderKey, reason) : null;
        });

    private async Task<ReceiptOutcome> RouteAsync(ReadReceipt read)
    {
        var receipt = read.Receipt;
        if (read.Source is not { } source)
        {
            // Another process took it, which knew the source: so may this one, once it is started anew.
            return time.GetUtcNow() - receipt.ReceivedAt < SourceUnknownMax
                ? throw new SourceUnknownException(receipt.Source)
                : await SettleAsync(receipt, ReceiptOutcome.Parked, "its source is not configured any more");
        }

        switch (read.Reading)
        {
            case Reading.Ignored ignored:
                return await SettleAsync(receipt, ReceiptOutcome.Ignored, ignored.Reason);
            case Reading.Unreadable unreadable:
                return await SettleAsync(receipt, ReceiptOutcome.Parked, unreadable.Reason);
            case Reading.Divided divided:
                return await DivideAsync(receipt, divided);
            case Reading.Understood { Change: OrderChange change } understood:
                return await grains.Find<IOrderGrain>(change.Order.ToString()).ApplyAsync(
                    change, new ReceiptRef(
                        receipt.Id, read.Topic, understood.EventKey, receipt.ReceivedAt,
                        source.Connector.Warehouse, understood.Note));
            case Reading.Understood { Change: StockCounted counted } understood:
                return FindLocation(source, counted.Location) is { } place
                    ? await CountAsync(receipt, understood, counted with { Location = place })
                    : await SettleAsync(receipt, ReceiptOutcome.Parked, NotServed(source, counted.Location));
            case Reading.Understood { Change: StockAdjusted adjusted } understood:
                return FindLocation(source, adjusted.Stock.Location) is { } where
                    ? await AdjustAsync(receipt, understood, adjusted with
                    {
                        Stock = adjusted.Stock with { Location = where },
                    })
                    : await SettleAsync(receipt, ReceiptOutcome.Parked, NotServed(source, adjusted.Stock.Location));
            case Reading.Understood { Change: BuyerAsked }:
                return await SettleAsync(receipt, ReceiptOutcome.Parked,
                    "a buyer asks for a copy of what is held of them: export it from this receipt's page, hand it "
                    + "over, then discard this");
            case Reading.Understood { Change: BuyerErased erased }:
                return await EraseAsync(receipt, read.Topic, erased.Buyer);
            default:
                throw new InvalidOperationException("No station for this change.");
        }
    }

    /// <summary>
    /// Each part is durable before the whole is settled. After a crash in between they are appended again, and what
    /// they say takes effect once.
    /// </summary>
    private async Task<ReceiptOutcome> DivideAsync(Receipt receipt, Reading.Divided divided)
    {
        foreach (var part in divided.Parts)
        {
            var now = time.GetUtcNow();
            if (!await inbox.AppendAsync(new Receipt
            {
                Id = Guid.CreateVersion7(now),
                Source = receipt.Source,
                Topic = part.Topic,
                DeliveryId = part.DeliveryId,
                Body = part.Body,
                ReceivedAt = now,
                TraceParent = receipt.TraceParent,
            }, held: false))
                throw new StorageException("too many receipts wait");
        }

        await inbox.EraseAsync(new ReceiptSettlement(
            receipt.Id, ReceiptOutcome.Applied, divided.Why, null, time.GetUtcNow()));
        ReceiptSettled(receipt.Source, receipt.Topic, receipt.Id, ReceiptOutcome.Applied, divided.Why);
        return ReceiptOutcome.Applied;
    }

    /// <summary>The request names the buyer itself: its body goes last.</summary>
    private async Task<ReceiptOutcome> EraseAsync(Receipt receipt, string topic, Buyer buyer)
    {
        var erased = await erasure.OfBuyerAsync(receipt.Source, buyer, $"{receipt.Source} {topic}", receipt.Id);
        if (erased.Receipts.Left is > 0 and var left)
        {
            return await SettleAsync(receipt, ReceiptOutcome.Parked,
                $"{left} webhooks that are parked or not settled yet name the buyer: resume or discard those, then "
                + "resume this");
        }

        // Parked for the same reason, and now there is none.
        foreach (var request in erased.Receipts.Requests)
            await inbox.ResumeAsync(request);

        await inbox.EraseAsync(new ReceiptSettlement(
            receipt.Id, ReceiptOutcome.Applied,
            $"personal data of {erased.Orders} orders is erased, of {erased.WhenOver} once they are over", null,
            time.GetUtcNow()));
        ReceiptSettled(receipt.Source, receipt.Topic, receipt.Id, ReceiptOutcome.Applied, null);
        return ReceiptOutcome.Applied;
    }

    /// <summary>
    /// A warehouse counts its own locations alone, in whatever case it writes their names; null when this is none.
    /// </summary>
    private string? FindLocation(Source source, string location) =>
        source.Connector.Warehouse is { } warehouse ? policies.FindLocation(warehouse, location) : null;

    private static string NotServed(Source source, string location) =>
        $"{source.Connector.Warehouse} does not serve location '{location}'";

    /// <summary>What the timeline calls it: a warehouse names its events in the body alone.</summary>
    private static string Topic(Receipt receipt, Reading.Understood understood) => receipt.Topic.Length > 0
        ? receipt.Topic : $"{receipt.Source} {understood.EventKey.Split(':', 2)[0]}";

    /// <summary>
    /// One count of many SKUs. Counting again what was counted changes nothing, so a retry is safe. What a row of it
    /// has left to a person parks the receipt once the others are counted.
    /// </summary>
    private async Task<ReceiptOutcome> CountAsync(
        Receipt receipt, Reading.Understood understood, StockCounted counted)
    {
        var tally = new CountTally();
        var id = $"count:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(understood.EventKey)))}";
        foreach (var chunk in counted.Items.Chunk(CountedAtOnceMax))
        {
            var answers = await Task.WhenAll(chunk.Select(item => grains
                .Find<IInventoryGrain>(new StockKey(counted.Location, item.Sku).ToString())
                .CountAsync(item.OnHand, counted.AsOf, id, once: !counted.IsDated)));
            for (var at = 0; at < chunk.Length; at++)
                tally.Add(chunk[at].Sku, answers[at]);
            // A count of a whole warehouse has many chunks: whatever else came goes on between them.
            await Task.Yield();
        }

        var (outcome, reason) = tally.Sum();
        if (understood.Left is not { } left)
            return await SettleAsync(receipt, outcome, Reason(understood.Note, reason));
        return await SettleAsync(receipt, ReceiptOutcome.Parked, Reason(
            left, understood.Note, outcome == ReceiptOutcome.Applied ? reason : null));
    }

    private async Task<ReceiptOutcome> AdjustAsync(
        Receipt receipt, Reading.Understood understood, StockAdjusted adjusted)
    {
        // Warehouses write their ids in one case here and in another there.
        var answer = await grains.Find<IInventoryGrain>(adjusted.Stock.ToString()).AdjustAsync(
            adjusted.Delta, adjusted.Reason, adjusted.At, $"adjust:{adjusted.AdjustmentId.ToUpperInvariant()}");
        return answer.Outcome switch
        {
            StockOutcome.Applied => await SettleAsync(
                receipt, ReceiptOutcome.Applied, Reason(understood.Note, WordOf(adjusted, answer))),
            StockOutcome.Duplicate => await SettleAsync(receipt, ReceiptOutcome.Duplicate,
                $"adjustment {adjusted.AdjustmentId} took effect before"),
            _ => throw new InvalidOperationException($"An adjustment cannot be {answer.Outcome}."),
        };
    }

    private static string? WordOf(StockAdjusted adjusted, StockAnswer answer) =>
        answer.InCountOf is { } asOf ? StockHistory.InCountOf(asOf)
        : answer.Shortfall == 0 ? null
        : $"{adjusted.Stock} is {answer.Shortfall} units short: warehouses have orders for more";

    private static string? Reason(params ReadOnlySpan<string?> said)
    {
        var reason = string.Join("; ", said.ToArray().Where(s => s is not null));
        return reason.Length == 0 ? null : Printable.Of(reason, ReasonCharsMax);
    }

    private async Task<ReceiptOutcome> SettleAsync(Receipt receipt, ReceiptOutcome outcome, string? reason)
    {
        await inbox.SettleAsync(new ReceiptSettlement(receipt.Id, outcome, reason, null, time.GetUtcNow()));
        ReceiptSettled(receipt.Source, receipt.Topic, receipt.Id, outcome, reason);
        return outcome;
    }

    [LoggerMessage(1, LogLevel.Information, "{Source} {Topic} {ReceiptId}: {Outcome} {Reason}",
        EventName = "receipt.settled")]
    private partial void ReceiptSettled(
        string source, string topic, Guid receiptId, ReceiptOutcome outcome, string? reason);
}

/// <summary>A receipt as its connector reads it.</summary>
/// <param name="Receipt">The receipt.</param>
/// <param name="Source">Where it came from; null when that is not configured any more.</param>
/// <param name="Reading">What it says; null without a source.</param>
/// <param name="Topic">The event's name, also where only the body tells it; empty when not even that does.</param>
internal sealed record ReadReceipt(Receipt Receipt, Source? Source, Reading? Reading, string Topic);

/// <summary>A webhook waits for a person, the first for this reason.</summary>
/// <param name="Source">Who sent it.</param>
/// <param name="ReceiptId">Its id with us.</param>
/// <param name="Topic">What it tells of.</param>
/// <param name="OrderKey">Its order, as far as that is known.</param>
/// <param name="Reason">Why it could not be applied.</param>
public sealed record ReceiptParkedData(
    string Source, Guid ReceiptId, string Topic, string? OrderKey, string Reason);
