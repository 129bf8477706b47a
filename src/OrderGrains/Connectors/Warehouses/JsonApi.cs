using System.Net.Http.Headers;
using System.Text.Json;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses;

/// <summary>Calls a warehouse's API and reads its answers as JSON.</summary>
/// <param name="http">As of <see cref="CallTools"/>.</param>
/// <param name="baseUrl">Where everything is.</param>
/// <param name="timeoutSeconds">One call in all.</param>
/// <param name="secret">What no message for people may repeat.</param>
/// <param name="prove">Puts on a request who we are.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class JsonApi(
    HttpClient http, Uri baseUrl, int timeoutSeconds, string secret, Action<HttpRequestHeaders> prove,
    TimeProvider time)
{
    /// <summary>A page of 250 products or orders is far smaller.</summary>
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    /// <summary>Odoo adds a traceback.</summary>
    private const int FailureBytesMax = 64 * 1024;

    private readonly HttpCalls _calls = new(http, timeoutSeconds, [secret], time);

    /// <summary>Where everything is, without a slash at its end.</summary>
    public string Root { get; } = baseUrl.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <param name="method">GET, POST or PUT.</param>
    /// <param name="address">Under <see cref="Root"/>, its parts escaped.</param>
    /// <param name="body">JSON; null: none.</param>
    /// <param name="meaning">
    /// What status and body mean; the body is null when it is no JSON. Null: what the status means to every call.
    /// </param>
    /// <param name="cancellationToken">Ends the call.</param>
    public async Task<SendResult> AskAsync(
        HttpMethod method, string address, byte[]? body, Func<int, JsonElement?, SendResult?> meaning,
        CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address);
        prove(request.Headers);
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body)
            {
                Headers = { ContentType = new MediaTypeHeaderValue(BodyMedia.Json) },
            };
        }

        return await _calls.SendAsync(request, MeaningAsync, cancellationToken);

        async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
        {
            var status = (int)response.StatusCode;
            var answer = await JsonAnswer.ReadAsync(
                response.Content, status < 300 ? AnswerBytesMax : FailureBytesMax, bounded);
            return meaning(status, answer) switch
            {
                SendResult.Unknown unknown => new SendResult.Unknown(
                    Words(unknown.Why), _calls.RetryAfter(response.Headers)),
                SendResult.Again again => new SendResult.Again(Words(again.Why), _calls.RetryAfter(response.Headers)),
                SendResult.Refused refused => new SendResult.Refused(Words(refused.Why)),
                SendResult.Unauthorized no => new SendResult.Unauthorized(Words(no.Why)),
                { } meant => meant,
                null => _calls.OfStatus(response, JsonAnswer.Words(answer), final: true),
            };
        }
    }

    /// <summary>Words for people: bounded, printable and without the secret.</summary>
    public string Words(string text) => _calls.Words(text);

    /// <summary>Where an address of theirs leads, which bears our secret; null when it is at another host.</summary>
    public string? Within(string address) =>
        Uri.TryCreate(new Uri($"{Root}/"), address, out var whole)
        && whole.AbsoluteUri.StartsWith(
            $"{new Uri(Root).GetLeftPart(UriPartial.Authority)}/", StringComparison.OrdinalIgnoreCase)
            ? whole.AbsoluteUri : null;
}
