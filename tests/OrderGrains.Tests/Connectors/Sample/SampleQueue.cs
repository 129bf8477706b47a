using OrderGrains.Connectors;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Connectors.Sample;

/// <summary>A shop that puts each order into a folder as a file, written as <see cref="SampleShop"/> does.</summary>
internal sealed class SampleQueue(string name, SampleQueueOptions options) : IPulledSource
{
    private readonly SampleShop _shop = new(name, new SampleShopOptions());

    public Reading Read(Receipt receipt) => _shop.Read(receipt);

    public async Task<TimeSpan> PullAsync(Intake intake, CancellationToken stopping)
    {
        var files = Directory.GetFiles(options.Folder!, "*.order");
        var items = new List<PulledItem>();
        foreach (var file in files)
            items.Add(new PulledItem(await File.ReadAllBytesAsync(file, stopping), "order", Path.GetFileName(file)));
        if (items.Count > 0)
            await intake.AppendAsync(items, null);
        foreach (var file in files)
            File.Delete(file);
        return TimeSpan.FromSeconds(1);
    }
}
