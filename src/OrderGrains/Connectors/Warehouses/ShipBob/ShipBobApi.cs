using System.Net.Http.Headers;
using System.Text.Json;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Warehouses.ShipBob;

/// <summary>Calls ShipBob's API and reads its answers as JSON.</summary>
/// <param name="http">As of <see cref="CallTools"/>.</param>
/// <param name="access">Where, and as whom.</param>
/// <param name="channelId">The channel that is written to; null where nothing is written.</param>
/// <param name="time">The clock of the timeout.</param>
internal sealed class ShipBobApi(HttpClient http, ShipBobAccess access, string? channelId, TimeProvider time)
{
    /// <summary>A page of 250 products or orders is far smaller.</summary>
    private const int AnswerBytesMax = 4 * 1024 * 1024;

    private const int FailureBytesMax = 16 * 1024;

    private readonly HttpCalls _calls = new(http, access.TimeoutSeconds, [access.AccessToken!], time);

    /// <summary>Where everything is, without a slash at its end.</summary>
    public string Root { get; } = access.BaseUrl!.GetLeftPart(UriPartial.Path).TrimEnd('/');

    /// <param name="method">GET or POST.</param>
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
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access.AccessToken);
        if (channelId is not null)
            request.Headers.TryAddWithoutValidation("shipbob_channel_id", channelId);
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
                    _calls.Words(unknown.Why), _calls.RetryAfter(response.Headers)),
                SendResult.Refused refused => new SendResult.Refused(_calls.Words(refused.Why)),
                { } meant => meant,
                null => _calls.OfStatus(response, JsonAnswer.Words(answer), final: true),
            };
        }
    }

    /// <summary>Words for people: bounded, printable and without the token.</summary>
    public string Words(string text) => _calls.Words(text);
}
