using System.Diagnostics;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Wms;
using OrderGrains.Inventory;
using OrderGrains.Orders;

namespace OrderGrains.Ingress;

/// <summary>Reads a receipt, once, and takes its change to the grain that it belongs to.</summary>
internal sealed partial class ReceiptRouter(
    Sources sources, Warehouses warehouses, IInbox inbox, IGrainFactory grains, IngressMetrics metrics,
    TimeProvider time, ILogger<ReceiptRouter> log)
{
    private static readonly ActivitySource Activities = new("OrderGrains");

    /// <summary>Ends when the receipt's outcome is durable; throws when it is not, and may be called again.</summary>
    public async Task RouteAsync(Receipt receipt)
    {
        using var activity = Activities.StartActivity("receipt", ActivityKind.Consumer, receipt.TraceParent);
        var outcome = await ApplyAsync(receipt);
        metrics.Settled(receipt.Source, outcome);
    }

    private async Task<ReceiptOutcome> ApplyAsync(Receipt receipt)
    {
        if (sources.Find(receipt.Source) is not { } source)
            return await SettleAsync(receipt, ReceiptOutcome.Parked, "its source is not configured any more");
        switch (source.Connector.Read(source.Name, source.Options, receipt))
        {
            case Reading.Ignored ignored:
                return await SettleAsync(receipt, ReceiptOutcome.Ignored, ignored.Reason);
            case Reading.Unreadable unreadable:
                return await SettleAsync(receipt, ReceiptOutcome.Parked, unreadable.Reason);
            case Reading.Understood { Change: OrderChange change } understood:
                return await grains.Find<IOrderGrain>(change.Order.ToString()).ApplyAsync(
                    change, new ReceiptRef(
                        receipt.Id, Topic(receipt, change), understood.EventKey, receipt.ReceivedAt,
                        source.Options.Warehouse));
            case Reading.Understood { Change: StockCounted counted } when !Serves(source, counted.Location):
                return await SettleAsync(receipt, ReceiptOutcome.Parked, NotServed(source, counted.Location));
            case Reading.Understood { Change: StockAdjusted adjusted } when !Serves(source, adjusted.Stock.Location):
                return await SettleAsync(receipt, ReceiptOutcome.Parked, NotServed(source, adjusted.Stock.Location));
            case Reading.Understood { Change: StockCounted counted }:
                return await CountAsync(receipt, counted);
            case Reading.Understood { Change: StockAdjusted adjusted }:
                return await AdjustAsync(receipt, adjusted);
            default:
                throw new InvalidOperationException("No station for this change.");
        }
    }

    /// <summary>A warehouse counts its own locations alone.</summary>
    private bool Serves(Source source, string location) =>
        source.Options.Warehouse is { } warehouse
        && warehouses.Find(warehouse)?.Options.Locations.Contains(location, StringComparer.Ordinal) == true;

    private static string NotServed(Source source, string location) =>
        $"{source.Options.Warehouse} does not serve location '{location}'";

    /// <summary>What the timeline calls it: a warehouse names its events in the body alone.</summary>
    private static string Topic(Receipt receipt, OrderChange change) =>
        receipt.Topic.Length > 0 ? receipt.Topic : $"{receipt.Source} {change.GetType().Name}";

    /// <summary>One count of many SKUs. Counting again what was counted changes nothing, so a retry is safe.</summary>
    private async Task<ReceiptOutcome> CountAsync(Receipt receipt, StockCounted counted)
    {
        var answers = new List<(string Sku, StockAnswer Answer)>(counted.Items.Count);
        foreach (var chunk in counted.Items.Chunk(64))
        {
            answers.AddRange(await Task.WhenAll(chunk.Select(async item => (item.Sku, await grains
                .Find<IInventoryGrain>(new StockKey(counted.Location, item.Sku).ToString())
                .CountAsync(item.OnHand, counted.AsOf, $"count:{receipt.Id:N}")))));
        }

        if (answers.Any(a => a.Answer.Outcome == StockOutcome.Applied))
        {
            var missing = answers.Where(a => a.Answer.Shortfall > 0).ToArray();
            var skus = string.Join(", ", missing.Take(5).Select(s => $"{s.Sku} ({s.Answer.Shortfall} short)"));
            return await SettleAsync(receipt, ReceiptOutcome.Applied, missing.Length == 0 ? null
                : $"warehouses have orders for more than was counted of {missing.Length} SKUs: {skus}");
        }

        return answers.Any(a => a.Answer.Outcome == StockOutcome.Stale)
            ? await SettleAsync(receipt, ReceiptOutcome.Stale, "every SKU has a newer count")
            : await SettleAsync(receipt, ReceiptOutcome.Duplicate, "every SKU is counted so already");
    }

    private async Task<ReceiptOutcome> AdjustAsync(Receipt receipt, StockAdjusted adjusted)
    {
        var answer = await grains.Find<IInventoryGrain>(adjusted.Stock.ToString()).AdjustAsync(
            adjusted.Delta, adjusted.Reason, adjusted.At, $"adjust:{adjusted.AdjustmentId}");
        return answer.Outcome switch
        {
            StockOutcome.Applied => await SettleAsync(receipt, ReceiptOutcome.Applied, WordOf(adjusted, answer)),
            StockOutcome.Duplicate => await SettleAsync(receipt, ReceiptOutcome.Duplicate,
                $"adjustment {adjusted.AdjustmentId} took effect before"),
            _ => throw new InvalidOperationException($"An adjustment cannot be {answer.Outcome}."),
        };
    }

    private static string? WordOf(StockAdjusted adjusted, StockAnswer answer) =>
        answer.InCountOf is { } asOf ? StockHistory.InCountOf(asOf)
        : answer.Shortfall == 0 ? null
        : $"{adjusted.Stock} is {answer.Shortfall} units short: warehouses have orders for more";

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
