using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using OrderGrains.Connectors;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Silos;
using OrderGrains.Tests.Storage.Sqlite;
using OrderGrains.Wire;
using Xunit;

namespace OrderGrains.Tests.Running;

/// <summary>The whole product in this process, on SQLite, with sources and warehouses of a test's own.</summary>
internal sealed class SmallProduct : IAsyncDisposable
{
    /// <summary>A secret of Standard Webhooks.</summary>
    public const string Secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

    private const string Key = "an-operators-key-of-a-test";

    private readonly TempDirectory _data = new();
    private readonly WebApplication _app;

    private SmallProduct(IEnumerable<string> settings, Kinds? kinds) => _app = OrderGrainsApp.Create(
        [
            "--urls=http://127.0.0.1:0", $"--DataDirectory={_data.Path}",
            "--Api:Keys:0:Name=a test", "--Api:Keys:0:Role=Operator", $"--Api:Keys:0:Secret={Key}", .. settings,
        ],
        builder => builder.Logging.ClearProviders(), kinds);

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public Uri Address => new(_app.Urls.First());

    public IServiceProvider Services => _app.Services;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <param name="settings">On the command line, such as <c>--Sources:shop:Kind=Hmac</c>.</param>
    /// <param name="kinds">The systems that they can name; null: those that the product knows.</param>
    public static async Task<SmallProduct> StartAsync(IEnumerable<string> settings, Kinds? kinds = null)
    {
        var product = new SmallProduct(settings, kinds);
        await product._app.StartAsync(Cancelled);
        return product;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
        Http.Dispose();
        _data.Dispose();
    }

    /// <summary>An event of our own form, signed by <see cref="Secret"/>; it must be taken.</summary>
    public async Task PlaceAsync(string source, string type, string data)
    {
        using var answer = await PostAsync(source, type, data);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    /// <summary>The same, whatever it is answered.</summary>
    /// <param name="source">Where it is posted.</param>
    /// <param name="type">Of our own form.</param>
    /// <param name="data">Of our own form.</param>
    /// <param name="more">Adds headers.</param>
    public async Task<HttpResponseMessage> PostAsync(
        string source, string type, string data, Action<HttpRequestHeaders>? more = null)
    {
        var body = Encoding.UTF8.GetBytes(OrderSample.Event(type, data));
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(Address, $"/webhooks/v1/{source}"));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        StandardWebhooks.Sign(
            request.Headers, [Secret], $"msg_{type.Replace('.', '_')}", TimeProvider.System.GetUtcNow(), body);
        more?.Invoke(request.Headers);
        return await Http.SendAsync(request, Cancelled);
    }

    /// <summary>What the operator's API answers; null when that is no success.</summary>
    public async Task<JsonElement?> AskAsync(string path, HttpMethod? method = null)
    {
        using var request = new HttpRequestMessage(method ?? HttpMethod.Get, new Uri(Address, path));
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Key);
        using var answer = await Http.SendAsync(request, Cancelled);
        return answer.IsSuccessStatusCode
            ? JsonElement.Parse(await answer.Content.ReadAsStringAsync(Cancelled)) : null;
    }

    /// <summary>The order, once it has this status.</summary>
    public async Task<JsonElement> OrderIsAsync(string path, string status)
    {
        JsonElement? order = null;
        await Eventually.EqualAsync(
            status, async () => (order = await AskAsync(path))?.GetProperty("status").GetString());
        return order!.Value;
    }
}
