using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Proofs;

/// <summary>Standard Webhooks.</summary>
/// <param name="secrets">Secrets and public keys.</param>
/// <param name="tolerance">How far a timestamp may lie from our time, either way.</param>
internal sealed class StandardProof(IEnumerable<string> secrets, TimeSpan tolerance) : IProof
{
    public Verification Verify(WebhookRequest request, DateTimeOffset now) =>
        StandardWebhooks.Verify(secrets, request.Headers, request.Body, now, tolerance);

    public string? Sign(TestCall call)
    {
        if (secrets.FirstOrDefault(StandardWebhooks.IsSecret) is not { } secret)
            return "its Secrets are public keys (whpk_) alone, and only the sender can sign by those";
        var id = $"test_{Guid.CreateVersion7(call.Now):N}";
        call.Headers[StandardWebhooks.IdHeader] = id;
        call.Headers[StandardWebhooks.TimestampHeader] = UnixTime.Text(call.Now);
        call.Headers[StandardWebhooks.SignatureHeader] =
            StandardWebhooks.Sign(secret, id, call.Now, call.Body.Span);
        return null;
    }
}
