using OrderGrains.Connectors;
using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Sample;

/// <summary>A warehouse that is a folder: an order is a file that names its units.</summary>
internal sealed class FileWarehouse(string folder) : IWarehouse
{
    public async Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken)
    {
        await File.WriteAllLinesAsync(
            PathOf(request.Reference), request.Lines.Select(line => $"{line.Quantity} × {line.Sku}"),
            cancellationToken);
        return new SendResult.Delivered(new WarehouseAnswer.Taken(request.Reference));
    }

    public Task<SendResult> FindAsync(
        string reference, Delivery delivery, CancellationToken cancellationToken) => AnswerAsync(
        File.Exists(PathOf(reference)) ? new WarehouseAnswer.Taken(reference) : new WarehouseAnswer.NotFound());

    public Task<SendResult> CancelAsync(string reference, Delivery delivery, CancellationToken cancellationToken)
    {
        var was = File.Exists(PathOf(reference));
        File.Delete(PathOf(reference));
        return AnswerAsync(was ? new WarehouseAnswer.Cancelled() : new WarehouseAnswer.NotFound());
    }

    private static Task<SendResult> AnswerAsync(WarehouseAnswer answer) =>
        Task.FromResult<SendResult>(new SendResult.Delivered(answer));

    private string PathOf(string reference) => Path.Combine(folder, reference);
}
