using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>A warehouse that serves the HTTP protocol of CONTRACT section 3.</summary>
/// <param name="http">
/// Its handler must not follow redirects (a redirect would resend the order elsewhere), and its own timeout must be
/// longer than that of the options, which is the one that counts.
/// </param>
/// <param name="options">Where the warehouse is, the secrets that sign, and how long one call may take.</param>
/// <param name="time">The clock of the timeout, the signatures and the request ids.</param>
public sealed class HttpWarehouse(HttpClient http, HttpWarehouseOptions options, TimeProvider time) : IWarehouse
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    /// <inheritdoc/>
    public Task<SendResult> ReleaseAsync(ReleaseRequest request, CancellationToken cancellationToken) =>
        CallAsync(
            HttpMethod.Put, request.Reference, "", ReleaseRequestJson.Serialize(request), WarehouseAnswers.OfRelease,
            cancellationToken);

    /// <inheritdoc/>
    public Task<SendResult> FindAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, reference, "", default, WarehouseAnswers.OfFind, cancellationToken);

    /// <inheritdoc/>
    public Task<SendResult> CancelAsync(string reference, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Post, reference, "/cancel", default, WarehouseAnswers.OfCancel, cancellationToken);

    private async Task<SendResult> CallAsync(
        HttpMethod method,
        string reference,
        string act,
        ReadOnlyMemory<byte> body,
        Func<int, WarehouseAnswerBody, string, SendResult?> meaning,
        CancellationToken cancellationToken)
    {
        using var request = Request(method, reference, act, body);
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(options.TimeoutSeconds), time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            using var response = await http.SendAsync(
                request, HttpCompletionOption.ResponseHeadersRead, either.Token);
            var status = (int)response.StatusCode;
            var answer = await WarehouseAnswerBody.ReadAsync(response.Content, either.Token);
            return meaning(status, answer, reference) switch
            {
                SendResult.Unknown unknown => new SendResult.Unknown(
                    WarehouseAnswers.Detail(unknown.Why, options.Secrets), RetryAfter(response.Headers)),
                { } meant => meant,
                null => WarehouseAnswers.OfFailure(status, answer, RetryAfter(response.Headers), options.Secrets),
            };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return new SendResult.Unknown($"no answer within {options.TimeoutSeconds} s");
        }
        catch (SocketException error)
        {
            // The client lets it out when a connection ends in the moment in which it came about.
            return new SendResult.Again($"no connection: {error.SocketErrorCode}");
        }
        catch (HttpRequestException error)
        {
            var why = WarehouseAnswers.Detail($"{error.HttpRequestError}: {error.Message}", options.Secrets);
            return error.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError
                or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError
                    ? new SendResult.Again(why) : new SendResult.Unknown(why);
        }
    }

    private HttpRequestMessage Request(HttpMethod method, string reference, string act, ReadOnlyMemory<byte> body)
    {
        // The path of the base may end with a slash or not; its query, if any, is not ours to keep.
        var root = options.BaseUrl!.GetLeftPart(UriPartial.Path).TrimEnd('/');
        var request = new HttpRequestMessage(method, $"{root}/orders/{Uri.EscapeDataString(reference)}{act}");
        if (method == HttpMethod.Put)
            request.Content = new ReadOnlyMemoryContent(body) { Headers = { ContentType = Json } };
        if (options.Secrets is [var secret, ..])
        {
            var now = time.GetUtcNow();
            var id = Guid.CreateVersion7(now).ToString();
            var seconds = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
            request.Headers.Add(StandardWebhooks.IdHeader, id);
            request.Headers.Add(StandardWebhooks.TimestampHeader, seconds);
            request.Headers.Add(StandardWebhooks.SignatureHeader, StandardWebhooks.Sign(secret, id, now, body.Span));
        }

        return request;
    }

    /// <summary>Seconds or a date (RFC 9110, section 10.2.3), capped: none may put a warehouse off for days.</summary>
    private TimeSpan? RetryAfter(HttpResponseHeaders headers)
    {
        TimeSpan? after = headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - time.GetUtcNow(),
            // More seconds than an int holds.
            null when headers.TryGetValues("Retry-After", out var values)
                && values.First() is { Length: > 0 } text && text.All(char.IsAsciiDigit) => TimeSpan.MaxValue,
            _ => null,
        };
        return after is { } wait
            ? TimeSpan.FromTicks(Math.Clamp(wait.Ticks, 0, WarehouseAnswers.RetryAfterMax.Ticks))
            : null;
    }
}
