using System.Text.Json;
using GraphQL;
using GraphQL.SystemTextJson;
using GraphQLParser;
using GraphQLParser.AST;

namespace OrderGrains.Sandbox.Shops.Shopify;

/// <summary>
/// A make-believe shop's Admin API, stricter than the real one: each request is held against Shopify's own schema, and
/// against the rules that the schema does not say. What the shop has is in <see cref="Shop"/>.
/// </summary>
public sealed class ShopifyAdminServer : IAsyncDisposable
{
    public const string Version = "2026-07";

    private const string WrongToken = """{"errors":"[API] Invalid API key or access token"}""";

    private readonly ShopifyAdminOptions _options;
    private readonly TimeProvider _time;
    private readonly ShopifySchema _schema;
    private readonly ShopifyPoints _points;
    private readonly Dictionary<string, DateTimeOffset> _tokens = new(StringComparer.Ordinal);
    private readonly List<string> _requests = [];
    private readonly List<string> _complaints = [];
    private readonly GraphQLSerializer _serializer = new();
    private WebApplication? _host;
    private int _tokensMade;

    public ShopifyAdminServer(ShopifyAdminOptions options, TimeProvider time)
    {
        (_options, _time) = (options, time);
        Shop = new ShopifyShopState();
        _points = new ShopifyPoints(time, options.PointsMax, options.PointsPerSecond);
        _schema = new ShopifySchema(Shop.Roots);
    }

    /// <summary>What the shop has.</summary>
    public ShopifyShopState Shop { get; }

    public Uri Url { get; private set; } = new("http://127.0.0.1");

    /// <summary>The token that does not end.</summary>
    public string AccessToken => _options.AccessToken;

    /// <summary>What goes wrong with a request, by the name of its operation; null: nothing.</summary>
    public Func<string, ShopifyFault>? Fault { get; set; }

    /// <summary>A request is to be left without an answer: it has been done.</summary>
    public Action? Silent { get; set; }

    /// <summary>What the shop says to be deprecated, with each answer; null: nothing.</summary>
    public string? Deprecated { get; set; }

    /// <summary>Names of the operations that came, in their order.</summary>
    public IReadOnlyList<string> Requests => Shop.Locked(() => _requests.ToArray());

    /// <summary>What no client may do, and one did.</summary>
    public IReadOnlyList<string> Complaints => Shop.Locked(() => _complaints.ToArray());

    public double PointsSpent => Shop.Locked(() => _points.Spent);

    public int TokensMade => Shop.Locked(() => _tokensMade);

    /// <summary>Takes every token back that was asked for.</summary>
    public void RevokeTokens() => Shop.Do(() =>
    {
        _tokens.Clear();
    });

    public async Task StartAsync(CancellationToken cancellation)
    {
        _host = await SandboxHost.StartAsync(
            _options.Listen,
            host =>
            {
                host.MapPost($"/admin/api/{Version}/graphql.json", ServeAsync);
                host.MapPost("/admin/oauth/access_token", GiveTokenAsync);
            },
            cancellation);
        Url = new Uri(_host.Urls.First());
    }

    public async ValueTask DisposeAsync() => await SandboxHost.EndAsync(_host);

    /// <summary>What the schema has against a document; empty: nothing.</summary>
    public Task<IReadOnlyList<string>> FaultsAsync(string document, string variables = "{}") =>
        _schema.FaultsAsync(Parser.Parse(document), _serializer.Deserialize<Inputs>(variables)!);

    /// <summary>What a document costs at most, in points.</summary>
    public int CostOf(string document) => _schema.CostOf(Parser.Parse(document));

    private async Task ServeAsync(HttpContext context)
    {
        if (!IsAuthentic(context.Request.Headers["X-Shopify-Access-Token"].ToString()))
        {
            await WriteAsync(context, 401, WrongToken);
            return;
        }

        if (Deprecated is { } deprecated)
            context.Response.Headers["X-Shopify-API-Deprecated-Reason"] = deprecated;
        try
        {
            using var reader = new StreamReader(context.Request.Body);
            var request = JsonElement.Parse(await reader.ReadToEndAsync(context.RequestAborted));
            var document = Parser.Parse(request.GetProperty("query").GetString()!);
            var variables = _serializer.Deserialize<Inputs>(request.GetProperty("variables").GetRawText())!;
            var name = document.Definitions.OfType<GraphQLOperationDefinition>().Single().Name?.StringValue ?? "";
            var fault = Fault?.Invoke(name) ?? ShopifyFault.None;
            if (fault == ShopifyFault.KeyFails && request.GetProperty("variables").TryGetProperty("key", out var key))
                Shop.FailKey(key.GetString()!);
            if (!await MeetsAsync(context, fault))
                return;
            var answer = await AnswerAsync(name, document, variables);
            await GiveAsync(context, fault, answer);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The caller hung up: there is nobody to answer.
        }
    }

    /// <summary>False: the fault has answered already, and nothing is done.</summary>
    private static async Task<bool> MeetsAsync(HttpContext context, ShopifyFault fault)
    {
        switch (fault)
        {
            case ShopifyFault.FailsBefore or ShopifyFault.KeyFails:
                await WriteAsync(context, 500, """{"errors":"Internal Server Error"}""");
                return false;
            case ShopifyFault.LostBefore:
                context.Abort();
                return false;
            case ShopifyFault.Busy:
                context.Response.Headers.RetryAfter = "2";
                await WriteAsync(context, 429, """{"errors":"Exceeded the limit of requests"}""");
                return false;
            case ShopifyFault.Unauthorized:
                await WriteAsync(context, 401, WrongToken);
                return false;
            case ShopifyFault.Page:
                await WriteAsync(context, 200, "<!DOCTYPE html><title>Something went wrong</title>", "text/html");
                return false;
            default:
                return true;
        }
    }

    private async Task GiveAsync(HttpContext context, ShopifyFault fault, string answer)
    {
        switch (fault)
        {
            case ShopifyFault.FailsAfter:
                await WriteAsync(context, 500, """{"errors":"Internal Server Error"}""");
                return;
            case ShopifyFault.SaysFailed:
                await WriteAsync(context, 200,
                    """{"errors":[{"message":"Internal error","extensions":{"code":"INTERNAL_SERVER_ERROR"}}]}""");
                return;
            case ShopifyFault.LostAfter:
                context.Abort();
                return;
            case ShopifyFault.Silent:
                Silent?.Invoke();
                await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
                return;
            default:
                await WriteAsync(context, 200, answer);
                return;
        }
    }

    private async Task<string> AnswerAsync(string name, GraphQLDocument document, Inputs variables)
    {
        var faults = await _schema.FaultsAsync(document, variables);
        if (faults.Count > 0)
        {
            Note(name, faults);
            return JsonSerializer.Serialize(new { errors = faults.Select(fault => new { message = fault }) });
        }

        var cost = _schema.CostOf(document);
        if (cost > 1000)
        {
            Note(name, [$"costs {cost} points; no query may cost more than 1000"]);
            return """{"errors":[{"message":"Query cost is too high","extensions":{"code":"MAX_COST_EXCEEDED"}}]}""";
        }

        if (!Shop.Locked(() => _points.TryTake(cost)))
        {
            return JsonSerializer.Serialize(new
            {
                errors = new[] { new { message = "Throttled", extensions = new { code = "THROTTLED" } } },
                extensions = Shop.Locked(() => _points.Tell(cost, null)),
            });
        }

        var count = new ObjectCount();
        var result = await _schema.ExecuteAsync(document, variables, count);
        var operation = document.Definitions.OfType<GraphQLOperationDefinition>().Single();
        var actual = operation.Operation == OperationType.Mutation ? cost : count.Objects;
        Note(name, result.Errors?.Select(error => error.Message) ?? []);
        result.Extensions = Shop.Locked(() =>
        {
            _points.Settle(cost, actual);
            return _points.Tell(cost, actual);
        });
        return _serializer.Serialize(result);
    }

    private void Note(string name, IEnumerable<string> complaints) => Shop.Do(() =>
    {
        _requests.Add(name);
        _complaints.AddRange(complaints.Select(complaint => $"{name}: {complaint}"));
    });

    private bool IsAuthentic(string token) => Shop.Locked(() => token == _options.AccessToken
        || (_tokens.TryGetValue(token, out var ends) && ends > _time.GetUtcNow()));

    private async Task GiveTokenAsync(HttpContext context)
    {
        var form = await context.Request.ReadFormAsync(context.RequestAborted);
        if (form["grant_type"] != "client_credentials" || form["client_id"] != _options.ClientId
            || form["client_secret"] != _options.ClientSecret)
        {
            await WriteAsync(context, 400, """{"error":"invalid_client"}""");
            return;
        }

        var token = Shop.Locked(() =>
        {
            var made = $"shpat_made_{++_tokensMade}";
            _tokens[made] = _time.GetUtcNow() + _options.TokenLasts;
            return made;
        });
        await WriteAsync(context, 200, JsonSerializer.Serialize(new
        {
            access_token = token,
            scope = "write_inventory,write_merchant_managed_fulfillment_orders",
            expires_in = (int)_options.TokenLasts.TotalSeconds,
        }));
    }

    private static Task WriteAsync(HttpContext context, int status, string body, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        return context.Response.WriteAsync(body, context.RequestAborted);
    }
}
