using OrderGrains.Connectors.Warehouses;
using OrderGrains.Vocabulary;

namespace OrderGrains.Connectors.Webhook;

/// <summary>
/// Posts events to a subscriber. Whether an earlier call arrived is not asked: the subscriber knows a repeated event by
/// its id.
/// </summary>
/// <param name="http">Calls only what may be called, and follows no redirects.</param>
/// <param name="options">The subscriber's settings.</param>
/// <param name="time">The clock of the timeout and the signatures.</param>
internal sealed class WebhookDestination(HttpClient http, SubscriberWebhookOptions options, TimeProvider time)
    : IDestination
{
    private readonly HttpCalls _calls = new(http, options.TimeoutSeconds, options.Secrets, time);

    /// <inheritdoc/>
    public async Task<SendResult> SendAsync(Delivery delivery, CancellationToken stopping)
    {
        if (await delivery.Content() is not EventContent content)
            return new SendResult.Withdrawn();
        using var request = EventRequest.Of(content, delivery.Message.Id, options, time.GetUtcNow());
        return await _calls.SendAsync(request, MeaningAsync, stopping);
    }

    private async Task<SendResult> MeaningAsync(HttpResponseMessage response, CancellationToken bounded)
    {
        var status = (int)response.StatusCode;
        // Whatever the body says: the subscriber has nothing to tell us.
        if (status is >= 200 and < 300)
            return new SendResult.Delivered();
        if (status is >= 300 and < 400)
            return _calls.NotFollowed(status, options.Url!, response.Headers.Location);
        var body = await WarehouseAnswerBody.ReadAsync(response.Content, bounded);
        return _calls.OfStatus(response, body.Detail, IsFinal(status));
    }

    /// <summary>
    /// Such an answer is about the event itself, or says that nobody wants any. Others, a 404 among them, come and go
    /// while a subscriber is deployed.
    /// </summary>
    private static bool IsFinal(int status) => status is 400 or 405 or 406 or 410 or 411 or 413 or 414 or 415 or 422;
}
