using System.Net.Http.Headers;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>A warehouse that serves the HTTP protocol of CONTRACT section 3.</summary>
/// <param name="http">As of <see cref="CallTools"/>.</param>
/// <param name="options">Where the warehouse is, the secrets that sign, and how long one call may take.</param>
/// <param name="time">The clock of the timeout, the signatures and the request ids.</param>
public sealed class HttpWarehouse(HttpClient http, HttpWarehouseOptions options, TimeProvider time) : IWarehouse
{
    private static readonly MediaTypeHeaderValue Json = new("application/json", "utf-8");

    private readonly HttpCalls _calls = new(http, options.TimeoutSeconds, options.Secrets, time);

    /// <inheritdoc/>
    public Task<SendResult> ReleaseAsync(
        ReleaseRequest request, Delivery delivery, CancellationToken cancellationToken) =>
        CallAsync(
            HttpMethod.Put, request.Reference, "", ReleaseRequestJson.Serialize(request), WarehouseAnswers.OfRelease,
            cancellationToken);

    /// <inheritdoc/>
    public Task<SendResult> FindAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Get, reference, "", default, WarehouseAnswers.OfFind, cancellationToken);

    /// <inheritdoc/>
    public Task<SendResult> CancelAsync(string reference, Delivery delivery, CancellationToken cancellationToken) =>
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
        return await _calls.SendAsync(request, MeaningAsync, cancellationToken);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            var answer = await WarehouseAnswerBody.ReadAsync(response.Content, bounded);
            return meaning(status, answer, reference) switch
            {
                SendResult.Unknown unknown => new SendResult.Unknown(
                    _calls.Words(unknown.Why), _calls.RetryAfter(response.Headers)),
                { } meant => meant,
                null when status == 422 && answer.Detail is { } told => new SendResult.Refused(_calls.Words(told)),
                null => _calls.OfStatus(response, answer.Detail, final: true),
            };
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
            StandardWebhooks.Sign(request.Headers, [secret], Guid.CreateVersion7(now).ToString(), now, body);
        }

        return request;
    }
}
