using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OrderGrains.Configuration;
using OrderGrains.Inventory;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Sample;

/// <summary>A system of somebody else's: its folder and its line in the list are the whole cost.</summary>
public sealed class SampleTests : IAsyncLifetime
{
    private readonly TempDirectory _data = new();
    private readonly TempDirectory _files = new();
    private readonly TempDirectory _queue = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
    private WebApplication _app = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_files.Path);
        Directory.CreateDirectory(_queue.Path);
        _app = OrderGrainsApp.Create(
            [
                "--urls=http://127.0.0.1:0", $"--DataDirectory={_data.Path}", "--Sources:corner:Kind=sample",
                "--Sources:corner:Password=open sesame", "--Sources:corner:Locations:0=shelf",
                "--Sources:queue:Kind=SampleQueue", $"--Sources:queue:Folder={_queue.Path}",
                "--Sources:queue:Locations:0=shelf",
                "--Warehouses:shelf-wms:Kind=Files", $"--Warehouses:shelf-wms:Folder={_files.Path}",
                "--Warehouses:shelf-wms:Locations:0=shelf", "--Warehouses:shelf-wms:CallsAtOnceMax=1",
            ],
            builder => builder.Logging.ClearProviders(), SampleKinds.WithSample);
        await _app.StartAsync(Cancellation);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        _http.Dispose();
        _data.Dispose();
        _files.Dispose();
        _queue.Dispose();
    }

    [Fact]
    public async Task An_order_of_the_sample_shop_comes_to_the_sample_warehouse_once()
    {
        await _app.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IInventoryGrain>(new StockKey("shelf", "MUG").ToString()).SetAsync(5, "a test");

        Assert.Equal(HttpStatusCode.OK, await PostAsync("77;2026-11-01T10:00:00Z;MUG;2"));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("77;2026-11-01T10:00:00Z;MUG;2"));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("78;2026-11-01T10:00:00Z;MUG;2", "sesame"));

        var file = Path.Combine(_files.Path, "corner-77-1");
        await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).Length > 0);
        Assert.Equal("2 × MUG", (await File.ReadAllTextAsync(file, Cancellation)).Trim());
        Assert.Single(Directory.GetFiles(_files.Path));
    }

    [Fact]
    public async Task An_order_that_is_asked_for_is_taken_from_there_once_it_is_durable()
    {
        await _app.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IInventoryGrain>(new StockKey("shelf", "MUG").ToString()).SetAsync(5, "a test");
        var queued = Path.Combine(_queue.Path, "1.order");

        await File.WriteAllTextAsync($"{queued}.new", "91;2026-11-01T10:00:00Z;MUG;1", Cancellation);
        File.Move($"{queued}.new", queued);

        await Eventually.TrueAsync(() => File.Exists(Path.Combine(_files.Path, "queue-91-1")));
        await Eventually.TrueAsync(() => !File.Exists(queued));
        using var answer = await _http.PostAsync(
            new Uri(new Uri(_app.Urls.First()), "/webhooks/v1/queue"), new StringContent("92;x"), Cancellation);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    [Fact]
    public void Its_mistakes_are_named_with_their_paths_like_all_others()
    {
        var settings = new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["Sources:corner:Kind"] = "Sample",
            ["Sources:corner:Password"] = "short",
            ["Sources:corner:Locations:0"] = "shelf",
            ["Sources:corner:Secrets:0"] = "not known here",
            ["Warehouses:shelf-wms:Kind"] = "Files",
            ["Warehouses:shelf-wms:Folder"] = Path.Combine(_files.Path, "nowhere"),
            ["Warehouses:shelf-wms:CallsAtOnceMax"] = "0",
        };

        var wrong = Assert.Throws<ConfigurationException>(() => ConfigurationCheck.Read(
            new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), SampleKinds.WithSample));

        Assert.Equal(
            [
                "Sources:corner:Locations: no warehouse serves 'shelf'",
                "Sources:corner:Password: must have at least 8 characters",
                "Sources:corner:Secrets: there is no such setting; known here: Kind, Password, AllowedNetworks, "
                    + "WebhooksPerSecondMax, WebhooksAtOnceMax, PendingMax, SilentAfter, Weight, Locations, "
                    + "ReleaseWhen, ReserveWhen, UnpaidReservedMax, Splitting, Backorders, "
                    + "OrdersSince, Buffer, Share, Shop",
                "Warehouses:shelf-wms:CallsAtOnceMax: must be between 1 and 1024",
                "Warehouses:shelf-wms:Folder: must be there",
                "Warehouses:shelf-wms:Locations: must have at least 1 entries",
            ],
            wrong.Mistakes.Order(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    private async Task<HttpStatusCode> PostAsync(string body, string password = "open sesame")
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(new Uri(_app.Urls.First()), "/webhooks/v1/corner"));
        request.Content = new StringContent(body);
        request.Headers.Add("X-Password", password);
        using var answer = await _http.SendAsync(request, Cancellation);
        return answer.StatusCode;
    }
}
