using System.Net.Http.Headers;
using System.Text;

namespace OrderGrains.Connectors.Fetching;

/// <summary>
/// Fetches documents by the rules of one source: no redirects, no address that may not be called, and no more of an
/// answer than is allowed, be it in memory or in time.
/// </summary>
internal sealed class Fetcher : IFetcher
{
    private static readonly MediaTypeWithQualityHeaderValue Json = new("application/json");

    private readonly HttpClient _http;
    private readonly FetchOptions _options;
    private readonly HttpCalls _calls;

    /// <param name="rules">The source's.</param>
    /// <param name="tools">What is called with.</param>
    public Fetcher(FetchRules rules, CallTools tools)
    {
        _options = rules.Options;
        _http = tools.Guarded.Client(rules.AllowedNetworks, plainInside: true);
        _calls = new HttpCalls(_http, _options.TimeoutSeconds, Secrets(_options), tools.Time);
    }

    /// <inheritdoc/>
    /// <param name="address">One that the rules let through.</param>
    /// <param name="stopping">As there.</param>
    public async Task<FetchResult> GetAsync(Uri address, CancellationToken stopping)
    {
        byte[] body = [];
        using var request = Request(address);
        var result = await _calls.SendAsync(request, TakeAsync, stopping);
        return result is SendResult.Delivered ? new FetchResult.Got(body) : FetchResult.Of(address.IdnHost, result);

        async Task<SendResult> TakeAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            if (status is >= 300 and < 400)
                return _calls.NotFollowed(status, address, response.Headers.Location);
            if (status is < 200 or >= 300)
                return _calls.OfStatus(response, null, final: true);
            if (FindFault(response) is { } fault)
                return new SendResult.Refused(fault);
            try
            {
                if (await ReadAsync(response.Content, bounded) is not { } whole)
                    return new SendResult.Refused($"the answer is longer than {_options.BodyBytesMax} bytes");
                body = whole;
                return new SendResult.Delivered();
            }
            catch (IOException)
            {
                return new SendResult.Unknown("the answer broke off");
            }
        }
    }

    private HttpRequestMessage Request(Uri address)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.UserAgent.Add(HttpCalls.UserAgent);
        request.Headers.Accept.Add(Json);
        if (_options is { Secret: { } own, Header: { } header })
            request.Headers.TryAddWithoutValidation(header, own);
        else if (_options.Secret is { } secret)
            request.Headers.Authorization = new(_options.Scheme.ToString(), Credentials(_options, secret));
        return request;
    }

    private string? FindFault(HttpResponseMessage response)
    {
        var (status, headers) = ((int)response.StatusCode, response.Content.Headers);
        if (status != 200)
            return $"{status} is no answer that has a document";
        var type = headers.ContentType?.MediaType;
        if (type is null || !(type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || type.EndsWith("+json", StringComparison.OrdinalIgnoreCase)))
            return "the answer's Content-Type is not application/json";
        if (headers.ContentEncoding.Any(one => !one.Equals("identity", StringComparison.OrdinalIgnoreCase)))
            return "the answer has a Content-Encoding, which was not asked for";
        return headers.ContentLength > _options.BodyBytesMax
            ? $"the answer is longer than {_options.BodyBytesMax} bytes" : null;
    }

    /// <summary>All of it; null when it is longer than allowed, however long it said that it is.</summary>
    private async Task<byte[]?> ReadAsync(HttpContent content, CancellationToken bounded)
    {
        await using var stream = await content.ReadAsStreamAsync(bounded);
        var max = _options.BodyBytesMax + 1;
        var body = new byte[Math.Min(max, (int)(content.Headers.ContentLength ?? 4095) + 1)];
        for (var length = 0; ;)
        {
            var read = await stream.ReadAsync(body.AsMemory(length), bounded);
            if (read == 0)
                return body[..length];
            length += read;
            if (length == max)
                return null;
            if (length == body.Length)
                Array.Resize(ref body, Math.Min(max, length * 2));
        }
    }

    private static string Credentials(FetchOptions options, string secret) => options.Scheme == FetchScheme.Basic
        ? Convert.ToBase64String(Encoding.UTF8.GetBytes(secret)) : secret;

    /// <summary>The secret in each form in which an answer may repeat it.</summary>
    private static IEnumerable<string> Secrets(FetchOptions options) => options.Secret is not { } secret ? []
        : [secret, Credentials(options, secret), secret[(secret.IndexOf(':', StringComparison.Ordinal) + 1)..]];
}
