using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>
/// What each scheme's name stands for. Only what a vendor's own document, or library, says is here.
/// </summary>
internal static class Presets
{
    public static HmacOptions Of(Scheme scheme) => scheme switch
    {
        Scheme.Hmac => new HmacOptions(),
        // Their own code reads and writes it.
        Scheme.StandardWebhooks => new HmacOptions { Header = StandardWebhooks.SignatureHeader },
        // docs.stripe.com, "Receive Stripe events in your webhook endpoint", "Verify webhook signatures manually".
        Scheme.Stripe => new HmacOptions
        {
            Header = "Stripe-Signature",
            Separator = ",",
            Prefix = "v1=",
            TimestampPrefix = "t=",
            Content = "{timestamp}.{body}",
        },
        // docs.github.com, "Validating webhook deliveries"; "Webhook events and payloads", "Delivery headers".
        Scheme.GitHub => new HmacOptions
        {
            Header = "X-Hub-Signature-256",
            Prefix = "sha256=",
            TopicHeader = "X-GitHub-Event",
        },
        // developer.squareup.com, "Verify and Validate an Event Notification".
        Scheme.Square => new HmacOptions
        {
            Header = "x-square-hmacsha256-signature",
            Encoding = SignatureEncoding.Base64,
            Content = "{url}{body}",
        },
        // developers.squarespace.com, "Verifying notifications", "Webhooks overview".
        Scheme.Squarespace => new HmacOptions
        {
            Header = "Squarespace-Signature",
            SecretEncoding = SecretEncoding.Hex,
            TopicField = "topic",
        },
        // docs.fourthwall.com, "Signature Verification".
        Scheme.Fourthwall => new HmacOptions
        {
            Header = "X-Fourthwall-Hmac-SHA256",
            Encoding = SignatureEncoding.Base64,
        },
        Scheme.Basic => new HmacOptions { Header = "Authorization", Prefix = "Basic " },
        Scheme.Bearer => new HmacOptions { Header = "Authorization", Prefix = "Bearer " },
        _ => throw new ArgumentOutOfRangeException(nameof(scheme)),
    };
}
