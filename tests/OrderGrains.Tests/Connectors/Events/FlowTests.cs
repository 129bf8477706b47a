using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Inventory;
using OrderGrains.Tests.Connectors.Sample;
using OrderGrains.Tests.Running;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Connectors.Events;

/// <summary>From the webhook of each kind to the warehouse.</summary>
public sealed class FlowTests : IAsyncLifetime
{
    private const string Secret = SmallProduct.Secret;

    private readonly TempDirectory _files = new();
    private SmallProduct _product = null!;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Directory.CreateDirectory(_files.Path);
        _product = await SmallProduct.StartAsync(
            [
                "--Sources:standard:Kind=StandardWebhooks", $"--Sources:standard:Secrets:0={Secret}",
                "--Sources:standard:Locations:0=shelf",
                "--Sources:cloud:Kind=CloudEvents", $"--Sources:cloud:Secrets:0={Secret}",
                "--Sources:cloud:Locations:0=shelf",
                "--Sources:own:Kind=Hmac", "--Sources:own:Secrets:0=hush", "--Sources:own:Header=X-Signature",
                "--Sources:own:Content={target}.{body}", "--Sources:own:Locations:0=shelf",
                "--Warehouses:shelf-wms:Kind=Files", $"--Warehouses:shelf-wms:Folder={_files.Path}",
                "--Warehouses:shelf-wms:Locations:0=shelf", "--Warehouses:shelf-wms:CallsAtOnceMax=1",
            ],
            SampleKinds.WithSample);
    }

    public async ValueTask DisposeAsync()
    {
        await _product.DisposeAsync();
        _files.Dispose();
    }

    [Fact]
    public async Task An_order_of_each_kind_of_sender_comes_to_the_warehouse_once()
    {
        await _product.Services.GetRequiredService<IGrainFactory>()
            .GetGrain<IInventoryGrain>(new StockKey("shelf", "MUG").ToString()).SetAsync(9, "a test");
        var whole = OrderSample.Event("order.placed", OrderSample.Placed);

        for (var times = 0; times < 2; times++)
        {
            Assert.Equal(HttpStatusCode.OK, await PostAsync("standard", whole, Standard(whole)));
            Assert.Equal(HttpStatusCode.OK, await PostAsync("cloud", OrderSample.Placed,
            [
                .. Standard(OrderSample.Placed), ("ce-specversion", "1.0"), ("ce-type", "order.placed"),
                ("ce-source", "/shop"), ("ce-id", "e-1"),
            ]));
            Assert.Equal(HttpStatusCode.OK, await PostAsync("own", whole, Own("/webhooks/v1/own", whole)));
        }

        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("own", whole, Own("/webhooks/v1/other", whole)));
        Assert.Equal(HttpStatusCode.Unauthorized, await PostAsync("standard", whole + " ", Standard(whole)));

        string[] sources = ["cloud", "own", "standard"];
        foreach (var source in sources)
        {
            var file = Path.Combine(_files.Path, $"{source}-A-1001-1");
            await Eventually.TrueAsync(() => File.Exists(file) && File.ReadAllText(file).Length > 0);
            Assert.Equal("2 × MUG", (await File.ReadAllTextAsync(file, Cancelled)).Trim());
        }

        Assert.Equal(sources.Length, Directory.GetFiles(_files.Path).Length);
    }

    /// <summary>Shops that are not Shopify number their orders as they like.</summary>
    [Theory]
    [InlineData("2026/1001")]
    [InlineData("Größe 1 & 2?#%")]
    public async Task An_order_whose_id_is_no_number_is_seen_and_acted_on_all_the_same(string orderId)
    {
        var body = OrderSample.Event("order.placed", OrderSample.Placed.Replace(
            "A-1001", orderId, StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.OK, await PostAsync("standard", body, Standard(body)));
        var path = $"/api/v1/orders/standard/{Uri.EscapeDataString(orderId)}";

        await Eventually.TrueAsync(async () => await _product.AskAsync(path) is { } order
            && order.GetProperty("orderId").GetString() == orderId);
        var held = await _product.AskAsync($"{path}/hold", HttpMethod.Post);

        Assert.Equal("onHold", held?.GetProperty("status").GetString());
    }

    private static (string, string)[] Standard(string body)
    {
        var now = TimeProvider.System.GetUtcNow();
        return
        [
            (StandardWebhooks.IdHeader, "msg_1"),
            (StandardWebhooks.TimestampHeader, now.ToUnixTimeSeconds().ToString()),
            (StandardWebhooks.SignatureHeader,
                StandardWebhooks.Sign(Secret, "msg_1", now, Encoding.UTF8.GetBytes(body))),
        ];
    }

    private static (string, string)[] Own(string path, string body) =>
    [
        ("X-Signature", Convert.ToHexString(
            HMACSHA256.HashData("hush"u8, Encoding.UTF8.GetBytes($"{path}.{body}")))),
    ];

    private async Task<HttpStatusCode> PostAsync(string source, string body, (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(_product.Address, $"/webhooks/v1/{source}"));
        request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        foreach (var (name, value) in headers)
            request.Headers.Add(name, value);
        using var answer = await _product.Http.SendAsync(request, Cancelled);
        return answer.StatusCode;
    }
}
