using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OrderGrains.Connectors.Warehouses;

namespace OrderGrains.Connectors.Shopify.Admin;

/// <summary>What a call came to: an answer, or the result that the message has by it.</summary>
/// <typeparam name="T">What the document answers.</typeparam>
internal readonly record struct AdminAnswer<T>(T? Data, SendResult? Failed) where T : class;

/// <summary>
/// Calls Shopify's Admin API (GraphQL). It keeps within the shop's points, and says of each way to fail what it means
/// to the message. A 200 proves nothing before its body does.
/// </summary>
internal sealed partial class ShopifyAdmin
{
    /// <summary>Pinned: each version is served for a year (shopify.dev, "About Shopify API versioning").</summary>
    public const string Version = "2026-07";

    public const string TokenHeader = "X-Shopify-Access-Token";

    private const string DeprecatedHeader = "X-Shopify-API-Deprecated-Reason";

    /// <summary>Other words than these are none of Shopify's, and are not remembered one by one.</summary>
    private const int DeprecationsMax = 100;

    /// <summary>The same is said again after so long.</summary>
    private static readonly TimeSpan DeprecationSaidFor = TimeSpan.FromDays(1);

    /// <summary>An answer is far shorter; what is longer is none of the shop's.</summary>
    private const int BodyBytesMax = 4 * 1024 * 1024;

    /// <summary>Whoever has to wait longer for points comes again.</summary>
    private static readonly TimeSpan PaceMax = TimeSpan.FromSeconds(5);

    /// <summary>Where the shop does not say how many points are missing.</summary>
    private static readonly TimeSpan ThrottledFor = TimeSpan.FromSeconds(1);

    private static readonly JsonSerializerOptions Camel = new(JsonSerializerDefaults.Web)
    {
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
    };

    private readonly Uri _root;
    private readonly Uri _address;
    private readonly HttpCalls _calls;
    private readonly AdminTokens _tokens;
    private readonly PointBucket _bucket;
    private readonly TimeProvider _time;
    private readonly ILogger _log;

    /// <summary>What the shop has said to be deprecated, and when that was logged.</summary>
    private readonly ConcurrentDictionary<string, DateTimeOffset> _deprecated = new(StringComparer.Ordinal);

    /// <summary>What documents cost by the shop's own count, once it has told.</summary>
    private readonly ConcurrentDictionary<AdminDocument, double> _costs = new();

    /// <param name="http">As of <see cref="CallTools"/>.</param>
    /// <param name="options">Where the shop is, and what proves us.</param>
    /// <param name="time">The clock of timeouts, tokens and points.</param>
    /// <param name="logs">Told of what the shop will not serve for ever; null: nobody is.</param>
    public ShopifyAdmin(HttpClient http, ShopifyShopOptions options, TimeProvider time, ILoggerFactory? logs = null)
    {
        _log = (logs ?? NullLoggerFactory.Instance).CreateLogger<ShopifyAdmin>();
        _root = RootOf(options.Domain!)!;
        _address = new Uri(_root, $"admin/api/{Version}/graphql.json");
        _tokens = new AdminTokens(options, time);
        _calls = new HttpCalls(http, options.TimeoutSeconds, _tokens.Secrets, time);
        _bucket = new PointBucket(time);
        _time = time;
    }

    /// <summary>
    /// Where a domain's API is; null when it is neither a host nor an https address. The token goes over plain http on
    /// this machine alone.
    /// </summary>
    public static Uri? RootOf(string domain)
    {
        var isHost = Uri.CheckHostName(domain) == UriHostNameType.Dns && domain.Contains('.', StringComparison.Ordinal);
        return Uri.TryCreate(isHost ? $"https://{domain}" : domain, UriKind.Absolute, out var uri)
            && (uri.Scheme == "https" || (uri.Scheme == "http" && uri.IsLoopback)) && uri.UserInfo.Length == 0
                ? new Uri(uri.GetLeftPart(UriPartial.Authority) + "/") : null;
    }

    /// <summary>Makes one call. Throws for nothing that the shop can do.</summary>
    /// <param name="document">What is asked.</param>
    /// <param name="variables">An object with the document's variables.</param>
    /// <param name="calls">The attempt that it belongs to.</param>
    /// <param name="stopping">Ends the call; its outcome is then unknown.</param>
    public async Task<AdminAnswer<T>> CallAsync<T>(
        AdminDocument document, object variables, AttemptCalls calls, CancellationToken stopping) where T : class
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new { query = document.Text, variables }, Camel);
        for (var isFirst = true; ; isFirst = false)
        {
            var (token, none) = await _tokens.GetAsync(_calls, _root, calls, stopping);
            if (token is null)
                return new(null, none);
            var (points, later) = await PaceAsync(document, stopping);
            if (later is not null)
                return new(null, later);
            await calls.BeforeAsync();
            var reply = new AdminReply();
            var result = await PostAsync(body, token, reply, stopping);
            _bucket.End(points, reply.Cost?.ThrottleStatus);
            if (reply.Cost?.RequestedQueryCost is > 0 and var cost)
                _costs[document] = cost;
            // A token ends before its time when the app is installed anew.
            if (reply.Status == 401 && isFirst && _tokens.Renew(token))
                continue;
            return result is SendResult.Delivered ? DataOf<T>(reply) : new(null, result);
        }
    }

    /// <summary>Another system's words, for people.</summary>
    public string Words(string text) => _calls.Words(text);

    /// <summary>Takes the points that a call may need, and waits for them a little.</summary>
    private async Task<(double Points, SendResult? Later)> PaceAsync(AdminDocument document, CancellationToken stopping)
    {
        var points = _costs.GetValueOrDefault(document, document.Points);
        var startedAt = _time.GetTimestamp();
        while (!_bucket.TryTake(points, out var wait))
        {
            if (wait + _time.GetElapsedTime(startedAt) > PaceMax)
                return (0, new SendResult.NotYet("the shop's points for calls are used up", wait) { Asked = false });
            await Task.Delay(wait, _time, stopping);
        }

        return (points, null);
    }

    private async Task<SendResult> PostAsync(
        byte[] body, string token, AdminReply reply, CancellationToken stopping)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _address)
        {
            Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            },
        };
        request.Headers.TryAddWithoutValidation(TokenHeader, token);
        request.Headers.UserAgent.Add(HttpCalls.UserAgent);
        return await _calls.SendAsync(request, MeaningAsync, stopping);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            reply.Status = (int)response.StatusCode;
            if (response.Headers.TryGetValues(DeprecatedHeader, out var reasons))
                NoteDeprecated(_calls.Words(string.Join("; ", reasons)));
            if (reply.Status is >= 300 and < 400)
                return _calls.NotFollowed(reply.Status, _address, response.Headers.Location);
            if (reply.Status != 200)
            {
                var told = await WarehouseAnswerBody.ReadAsync(response.Content, bounded);
                return OfStatus(response, told.Detail);
            }

            reply.Read(await AnswerBytes.ReadWholeAsync(response.Content, BodyBytesMax, bounded) ?? []);
            return OfBody(reply);
        }
    }

    private void NoteDeprecated(string reason)
    {
        var now = _time.GetUtcNow();
        if (_deprecated.TryGetValue(reason, out var said) && now - said < DeprecationSaidFor)
            return;
        if (_deprecated.Count >= DeprecationsMax)
            _deprecated.Clear();
        _deprecated[reason] = now;
        Deprecated(_root.Host, Version, reason);
    }

    [LoggerMessage(1, LogLevel.Warning,
        "{Host} says that what is asked of its Admin API in version {Version} is deprecated: {Reason}",
        EventName = "shopify.deprecated")]
    private partial void Deprecated(string host, string version, string reason);

    private SendResult OfStatus(HttpResponseMessage response, string? told) => (int)response.StatusCode switch
    {
        402 => new SendResult.Unauthorized(_calls.Words($"402 the shop is frozen. {told}")),
        423 => new SendResult.Unauthorized(_calls.Words($"423 the shop is locked. {told}")),
        // It is so for every message, until somebody mends the settings.
        404 => new SendResult.Unauthorized(
            _calls.Words($"404 wrong Domain, or a version that is not served: {Version}. {told}")),
        // A success that no version of the API has.
        < 300 and var status => new SendResult.Unknown($"{status} is no answer of the Admin API"),
        _ => _calls.OfStatus(response, told, final: true),
    };

    /// <summary>Errors of GraphQL (shopify.dev, "API response status and error codes").</summary>
    private SendResult OfBody(AdminReply reply)
    {
        if (!reply.IsObject)
            return new SendResult.Unknown("200 with what is no answer of the Admin API");
        if (reply.ErrorCode is null && reply.ErrorWords is null)
            return new SendResult.Delivered();
        var words = _calls.Words($"{reply.ErrorCode ?? "error"}: {reply.ErrorWords}");
        return reply.ErrorCode switch
        {
            "THROTTLED" => new SendResult.NotYet(words, reply.Cost?.Wait ?? ThrottledFor),
            "ACCESS_DENIED" or "SHOP_INACTIVE" => new SendResult.Unauthorized(words),
            // It may have been done before it failed.
            "INTERNAL_SERVER_ERROR" => new SendResult.Unknown(words),
            _ => new SendResult.Refused(words),
        };
    }

    private static AdminAnswer<T> DataOf<T>(AdminReply reply) where T : class
    {
        try
        {
            if (reply.Data.ValueKind == JsonValueKind.Object && reply.Data.Deserialize<T>(Camel) is { } data)
                return new(data, null);
        }
        catch (JsonException)
        {
            // Something else answers in the shop's place, or the version has changed.
        }

        return new(null, new SendResult.Unknown($"200 with another answer than version {Version} has"));
    }
}
