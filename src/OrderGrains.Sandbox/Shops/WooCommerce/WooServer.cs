using System.Text;
using System.Text.Json.Nodes;

namespace OrderGrains.Sandbox.Shops.WooCommerce;

/// <summary>
/// A make-believe shop's REST API, as far as we call it, and stricter than the real one: what a client may not do is a
/// complaint. Its shapes are those of WooCommerce 11.0.1. What the shop has is in <see cref="Shop"/>.
/// </summary>
public sealed class WooServer : IAsyncDisposable
{
    private const string Page = "<!DOCTYPE html><html><title>Just a moment</title></html>";

    private readonly WooOptions _options;
    private readonly string _proof;
    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];
    private WebApplication? _host;

    public WooServer(WooOptions options, TimeProvider time)
    {
        _options = options;
        _proof = "Basic " + Convert.ToBase64String(
            Encoding.UTF8.GetBytes($"{options.ConsumerKey}:{options.ConsumerSecret}"));
        Shop = new WooShopState(time);
    }

    /// <summary>What the shop has.</summary>
    public WooShopState Shop { get; }

    /// <summary>The site's address.</summary>
    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>What goes wrong with a request, by its name such as <c>POST wc/v3/orders/#/notes</c>.</summary>
    public Func<string, WooFault>? Fault { get; set; }

    /// <summary>A request is to be left without an answer: it has been done.</summary>
    public Action? Silent { get; set; }

    /// <summary>Names of the requests that came, in their order.</summary>
    public IReadOnlyList<string> Requests => Shop.Locked(() => _requests.ToArray());

    /// <summary>What no client may do, and one did.</summary>
    public IReadOnlyList<string> Complaints => Shop.Locked(() => _complaints.ToArray());

    public async Task StartAsync(CancellationToken cancellation)
    {
        _host = await SandboxHost.StartAsync(_options.Listen, host => host.Run(ServeAsync), cancellation);
        Url = new Uri(_host.Urls.First());
    }

    public async ValueTask DisposeAsync() => await SandboxHost.EndAsync(_host);

    private async Task ServeAsync(HttpContext context)
    {
        try
        {
            var request = await ReadAsync(context);
            if (request is null)
            {
                await WriteAsync(context, 404, Page, "text/html");
                return;
            }

            if (context.Request.Headers.Authorization != _proof)
            {
                await GiveAsync(context, NotYou());
                return;
            }

            var fault = Fault?.Invoke(request.Name) ?? WooFault.None;
            if (!await MeetsAsync(context, fault))
                return;
            var answer = Shop.Locked(() =>
            {
                _requests.Add(request.Name);
                return Shop.Answer(request);
            });
            await GiveAsync(context, fault, answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: there is nobody to answer.
        }
    }

    /// <summary>Null when it is no request to the API.</summary>
    private async Task<WooRequest?> ReadAsync(HttpContext context)
    {
        var path = (context.Request.Path.Value ?? "").Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (path is not ["wp-json", .. var parts])
            return null;
        using var reader = new StreamReader(context.Request.Body);
        var text = await reader.ReadToEndAsync(context.RequestAborted);
        var body = text.Length == 0 ? null : JsonNode.Parse(text) as JsonObject;
        var query = context.Request.Query;
        if (query.ContainsKey("consumer_key") || query.ContainsKey("consumer_secret"))
            Complain("the key stands in the address");
        return new WooRequest(context.Request.Method, parts, query, body, Complain);
    }

    private void Complain(string what) => Shop.Do(() =>
    {
        _complaints.Add(what);
    });

    /// <summary>False: the fault has answered already, and nothing is done.</summary>
    private static async Task<bool> MeetsAsync(HttpContext context, WooFault fault)
    {
        switch (fault)
        {
            case WooFault.FailsBefore:
                await GiveAsync(context, Broken());
                return false;
            case WooFault.LostBefore:
                context.Abort();
                return false;
            case WooFault.Busy:
                context.Response.Headers.RetryAfter = "2";
                await WriteAsync(context, 429, Page, "text/html");
                return false;
            case WooFault.Unauthorized:
                await GiveAsync(context, NotYou());
                return false;
            case WooFault.PageBefore:
                await WriteAsync(context, 200, Page, "text/html");
                return false;
            case WooFault.Maintenance:
                await WriteAsync(context, 503, Page, "text/html");
                return false;
            default:
                return true;
        }
    }

    private async Task GiveAsync(HttpContext context, WooFault fault, WooAnswer answer)
    {
        switch (fault)
        {
            case WooFault.FailsAfter:
                await GiveAsync(context, Broken());
                return;
            case WooFault.PageAfter:
                await WriteAsync(context, 200, Page, "text/html");
                return;
            case WooFault.Notice:
                await WriteAsync(
                    context, answer.Status, $"<br /><b>Notice</b>: something<br />{answer.Body.ToJsonString()}",
                    "text/html");
                return;
            case WooFault.LostAfter:
                context.Abort();
                return;
            case WooFault.Silent:
                Silent?.Invoke();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                return;
            default:
                await GiveAsync(context, answer);
                return;
        }
    }

    private static WooAnswer NotYou() => WooAnswer.Error(
        401, "woocommerce_rest_cannot_view", "Sorry, you cannot list resources.");

    private static WooAnswer Broken() => WooAnswer.Error(
        500, "internal_server_error", "There has been a critical error on this website.");

    private static Task GiveAsync(HttpContext context, WooAnswer answer) =>
        WriteAsync(context, answer.Status, answer.Body.ToJsonString(), "application/json; charset=UTF-8");

    private static Task WriteAsync(HttpContext context, int status, string body, string type)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
