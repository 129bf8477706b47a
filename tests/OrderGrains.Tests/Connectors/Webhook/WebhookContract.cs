using System.Net;
using OrderGrains.Connectors;
using OrderGrains.Connectors.Webhook;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Tests.Connectors.Webhook;

/// <summary>A subscriber has heard of an event when its status says so.</summary>
public sealed class WebhookContract : DestinationContract, IDisposable
{
    private readonly GuardedHttp _guarded = new();

    protected override MessageContent Content => Events.Shipped;

    protected override string Proof => "";

    protected override Type OutcomeWithoutProof => typeof(SendResult.Delivered);

    public void Dispose() => _guarded.Dispose();

    protected override IDestination Open(Uri url) => new WebhookDestination(
        _guarded.Client([IPNetwork.Parse("127.0.0.0/8")]),
        new SubscriberWebhookOptions { Url = url, Secrets = [Secret] }, Time);

    protected override Type OutcomeOf(int status) => status switch
    {
        < 300 => typeof(SendResult.Delivered),
        401 or 403 => typeof(SendResult.Unauthorized),
        425 or 429 => typeof(SendResult.Again),
        < 400 or 400 or 405 or 406 or 410 or 411 or 413 or 414 or 415 or 422 => typeof(SendResult.Refused),
        // A 404 among them: it comes and goes while a subscriber is deployed.
        _ => typeof(SendResult.Unknown),
    };
}
