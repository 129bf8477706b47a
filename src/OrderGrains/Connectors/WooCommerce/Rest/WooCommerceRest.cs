using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using OrderGrains.Connectors.Warehouses;

namespace OrderGrains.Connectors.WooCommerce.Rest;

/// <summary>What a call came to: an answer, or the result that the message has by it.</summary>
/// <typeparam name="T">What the shop answers.</typeparam>
/// <param name="Data">Null when it failed.</param>
/// <param name="Failed">Null when it did not.</param>
/// <param name="Code">The shop's own code of an error, such as <c>rest_no_route</c>.</param>
internal readonly record struct RestAnswer<T>(T? Data, SendResult? Failed, string? Code = null) where T : class
{
    /// <summary>The shop has no such call: a feature is off, or a plugin is not there.</summary>
    public bool HasNoRoute => Code == "rest_no_route";

    /// <summary>What the address names is not there.</summary>
    public bool IsNotThere => WooCommerceRest.IsInvalidId(Code);
}

/// <summary>
/// Calls WooCommerce's REST API, and says of each way to fail what it means to the message. A page, a 200 that is no
/// JSON, and JSON of another shape prove nothing (WooCommerce REST API, "Authentication", "Errors").
/// </summary>
internal sealed class WooCommerceRest
{
    /// <summary>A batch of products tells each of them whole, with its description.</summary>
    private const int BodyBytesMax = 16 * 1024 * 1024;

    private const int CodeCharsMax = 80;

    private static readonly JsonSerializerOptions Snake = new(JsonSerializerDefaults.Web)
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        MaxDepth = 256,
    };

    private readonly string _root;
    private readonly AuthenticationHeaderValue _proof;
    private readonly HttpCalls _calls;

    /// <param name="http">As of <see cref="CallTools"/>.</param>
    /// <param name="options">Where the shop is, and what proves us.</param>
    /// <param name="time">The clock of timeouts.</param>
    public WooCommerceRest(HttpClient http, WooCommerceShopOptions options, TimeProvider time)
    {
        _root = options.BaseUrl!.TrimEnd('/') + "/wp-json/";
        var (key, secret) = (options.ConsumerKey!, options.ConsumerSecret!);
        var pair = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{key}:{secret}"));
        _proof = new AuthenticationHeaderValue("Basic", pair);
        _calls = new HttpCalls(http, options.TimeoutSeconds, [pair, secret, key], time);
    }

    /// <summary>The rule that a site's address breaks; null when it can be called.</summary>
    public static string? WhyNotSite(string site)
    {
        if (!Uri.TryCreate(site, UriKind.Absolute, out var uri) || uri.Scheme is not ("http" or "https")
            || uri.UserInfo.Length + uri.Query.Length + uri.Fragment.Length > 0)
        {
            return "must be the site's address, such as https://shop.example, without user, query and fragment";
        }

        if (uri.AbsolutePath.Contains("/wp-json", StringComparison.OrdinalIgnoreCase))
            return "must be the site's address alone: /wp-json/wc/v3 follows it by itself";
        return uri.Scheme == "https" || uri.IsLoopback ? null
            : "must be https, but for an address of this machine: the key and its secret go with each call";
    }

    /// <summary>Makes one call. Throws for nothing that the shop can do.</summary>
    /// <param name="method">The method.</param>
    /// <param name="path">Namespace, path and query, such as <c>wc/v3/orders/12</c>.</param>
    /// <param name="body">Its names become snake case; null: it has none.</param>
    /// <param name="calls">The attempt that it belongs to.</param>
    /// <param name="stopping">Ends the call; its outcome is then unknown.</param>
    public async Task<RestAnswer<T>> CallAsync<T>(
        HttpMethod method, string path, object? body, AttemptCalls calls, CancellationToken stopping) where T : class
    {
        await calls.BeforeAsync();
        using var request = new HttpRequestMessage(method, _root + path);
        request.Headers.Authorization = _proof;
        request.Headers.UserAgent.Add(HttpCalls.UserAgent);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body, Snake))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        T? data = null;
        string? code = null;
        var result = await _calls.SendAsync(request, MeaningAsync, stopping);
        return data is null ? new(null, result, code) : new(data, null);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400)
                return _calls.NotFollowed(status, request.RequestUri!, response.Headers.Location);
            var isGood = status is 200 or 201;
            var read = await AnswerBytes.ReadAsync(
                response.Content, isGood ? BodyBytesMax : WarehouseAnswerBody.BytesMax, bounded) ?? [];
            if (isGood)
            {
                data = Find<T>(read);
                return new SendResult.Unknown($"{status} with what is no answer of WooCommerce's to this call");
            }

            code = CodeOf(Find<ErrorNode>(read)?.Code);
            return OfError(response, code, WarehouseAnswerBody.Parse(read).Detail);
        }
    }

    /// <summary>Asks for a list; what is null in it is passed over.</summary>
    /// <inheritdoc cref="CallAsync"/>
    public async Task<RestAnswer<List<T>>> ListAsync<T>(string path, AttemptCalls calls, CancellationToken stopping)
        where T : class
    {
        var listed = await CallAsync<List<T?>>(HttpMethod.Get, path, null, calls, stopping);
        return new(listed.Data?.OfType<T>().ToList(), listed.Failed, listed.Code);
    }

    /// <summary>Another system's words, for people.</summary>
    public string Words(string text) => _calls.Words(text);

    /// <summary>What an error that stands within an answer means to the one that it is of.</summary>
    public SendResult OfItem(ErrorNode error)
    {
        var code = CodeOf(error.Code);
        var words = Words($"{code ?? "error"}: {RestValue.Text(error.Message)}");
        return (code, StatusOf(error)) switch
        {
            (not null, _) when SaysMayNot(code) => new SendResult.Unauthorized(words),
            (_, >= 500) => new SendResult.Unknown(words),
            _ => new SendResult.Refused(words),
        };
    }

    /// <summary>Whether an error within an answer says that what it is of is not there.</summary>
    public static bool SaysNotThere(ErrorNode error) => IsInvalidId(CodeOf(error.Code));

    private SendResult OfError(HttpResponseMessage response, string? code, string? words)
    {
        var status = (int)response.StatusCode;
        var told = code is null ? words : $"{code}: {words}";
        return status switch
        {
            // A success that no call of ours has.
            < 300 => new SendResult.Unknown($"{status} is no answer of WooCommerce's to this call"),
            < 500 when SaysMayNot(code) => new SendResult.Unauthorized(Words($"{status} {told}")),
            // The plugin is off, or its addresses are: that passes, and is not the message's fault.
            404 when !IsInvalidId(code) => new SendResult.Unknown(
                Words($"404, so that BaseUrl does not lead to WooCommerce's REST API, or it is off. {told}".TrimEnd())),
            _ => _calls.OfStatus(response, told, final: true),
        };
    }

    internal static bool IsInvalidId(string? code) => code?.EndsWith("_invalid_id", StringComparison.Ordinal) == true;

    private static bool SaysMayNot(string? code) =>
        code?.StartsWith("woocommerce_rest_cannot_", StringComparison.Ordinal) == true;

    /// <summary>Null when it is no name: it may be a number, or the words of another program.</summary>
    private static string? CodeOf(JsonElement? code) =>
        RestValue.Text(code) is { Length: > 0 and <= CodeCharsMax } name
            && name.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '-') ? name : null;

    private static int StatusOf(ErrorNode error) =>
        error.Data is { ValueKind: JsonValueKind.Object } data && data.TryGetProperty("status", out var status)
            && status.ValueKind == JsonValueKind.Number && status.TryGetInt32(out var number) ? number : 0;

    private static T? Find<T>(ReadOnlySpan<byte> body) where T : class
    {
        // Some themes write a mark before all that they say.
        if (body.StartsWith("\uFEFF"u8))
            body = body["\uFEFF"u8.Length..];
        try
        {
            return JsonSerializer.Deserialize<T>(body, Snake);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
