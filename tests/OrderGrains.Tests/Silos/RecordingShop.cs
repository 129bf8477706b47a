using System.Collections.Concurrent;
using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Silos;

/// <summary>A storefront that takes what it is told, unless a test has written its next answers.</summary>
internal sealed class RecordingShop : IBatchDestination, IStockReader
{
    private readonly ConcurrentQueue<SendResult> _answers = new();
    private readonly ConcurrentQueue<ParcelContent> _parcels = new();
    private readonly ConcurrentQueue<IReadOnlyList<StockContent>> _stock = new();
    private int _fulfilments;

    /// <summary>The parcels that it was told of, in turn.</summary>
    public IReadOnlyList<ParcelContent> Parcels => [.. _parcels];

    /// <summary>What it was told of stock, call by call.</summary>
    public IReadOnlyList<IReadOnlyList<StockContent>> Stock => [.. _stock];

    /// <summary>No call about a parcel ends before this does.</summary>
    public Task ParcelsWait { get; set; } = Task.CompletedTask;

    /// <summary>No call about stock ends before this does.</summary>
    public Task StockWaits { get; set; } = Task.CompletedTask;

    /// <summary>The newest number of a SKU; null when it was told none.</summary>
    public int? Offered(string sku) => Stock.SelectMany(call => call).LastOrDefault(one => one.Sku == sku)?.Quantity;

    /// <summary>What it answers to parcels.</summary>
    public void Answer(params SendResult[] next)
    {
        foreach (var answer in next)
            _answers.Enqueue(answer);
    }

    /// <summary>What it answers to a number of stock.</summary>
    public Func<StockContent, SendResult> AnswerStock { get; set; } = _ => new SendResult.Delivered();

    /// <summary>What it says that it has when it is asked, by SKU; null: it cannot be asked.</summary>
    public Func<string, int?>? Has { get; set; }

    public Task<IReadOnlyList<int>?> CompareAsync(
        IReadOnlyList<StockContent> ours, Func<Task> nextCall, CancellationToken stopping) => Task.FromResult(
        Has is null ? null : (IReadOnlyList<int>?)[.. Enumerable.Range(0, ours.Count).Where(at =>
            Has(ours[at].Sku) is { } units && units != ours[at].Quantity)]);

    public int BatchMax(MessageKind kind) => kind == MessageKind.Stock ? 250 : 1;

    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping)
    {
        if (delivery.Message.Kind == MessageKind.Stock)
            return (await SendAsync([delivery], stopping))[0];
        if (await delivery.Content() is not ParcelContent parcel)
            return new SendResult.Withdrawn();
        _parcels.Enqueue(parcel);
        await ParcelsWait;
        return _answers.TryDequeue(out var scripted) ? scripted
            : new SendResult.Delivered(new ShopAnswer.Recorded($"{Interlocked.Increment(ref _fulfilments)}"));
    }

    public async Task<IReadOnlyList<SendResult>> SendAsync(
        IReadOnlyList<Delivery> deliveries, CancellationToken stopping)
    {
        var contents = await Task.WhenAll(deliveries.Select(delivery => delivery.Content()));
        _stock.Enqueue([.. contents.OfType<StockContent>()]);
        await StockWaits;
        return [.. contents.Select(content =>
            content is StockContent stock ? AnswerStock(stock) : new SendResult.Withdrawn())];
    }
}
