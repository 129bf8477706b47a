using System.Text;
using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Events;

/// <summary>
/// A storefront that sends CloudEvents 1.0 (HTTP Protocol Binding, "Binary Content Mode", "Structured Content Mode";
/// JSON Event Format), whose data are those of our own form.
/// </summary>
/// <remarks>
/// In structured mode all is in the body, and so is signed. In binary mode type, source and id are headers that a
/// signature over the body does not cover. Then a captured body can come back under another type, where each type takes
/// only the shape that is its own, and a cancellation must say in its data that it is one (<see cref="OrderEvents"/>);
/// under another id, where versions and refund ids know it;
/// and under an id that is yet to come, which must not hide the event that will have it: so the body's digest is a part
/// of the key.
/// </remarks>
/// <param name="name">The source's name: the beginning of its order keys.</param>
/// <param name="proof">Who may send.</param>
/// <param name="typeIsSigned">The signature reaches the header of the type.</param>
/// <param name="fetch">From where orders may be fetched that it does not send whole; null: from nowhere.</param>
internal sealed class CloudEventSource(string name, IProof proof, bool typeIsSigned, FetchRules? fetch = null)
    : IWebhookSource
{
    public const string TypeHeader = "ce-type";
    public const string StructuredType = "application/cloudevents+json";

    private const string Version = "1.0";

    public IFetching? Fetch => fetch;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (BodyMedia.Fault(request.Headers, BodyMedia.Json, StructuredType) is { } wrong)
            return wrong;
        var verified = proof.Verify(request, now);
        return verified is Verification.Authentic && FindBinary(request.Headers) is { } binary
            ? binary with { StatedAt = verified.StatedAt } : verified;
    }

    public string? Sign(TestCall call) => proof.Sign(call);

    /// <summary>Only in binary mode does the receipt have a topic.</summary>
    public Reading Read(Receipt receipt) => JsonBody.Read(receipt, root => receipt.Topic.Length > 0
        ? OrderEvents.Read(name, receipt.Topic, root, receipt with
        {
            DeliveryId = $"{receipt.DeliveryId} {EventKey.Digest(receipt.Body.Span)}",
        }, typeIsSigned, fetch)
        : Structured(receipt, root));

    private Reading Structured(Receipt receipt, JsonFields root)
    {
        if (root.OptionalCode("specversion", ConnectorLimits.IdCharsMax) != Version)
        {
            root.Fault("specversion",
                $"must be {Version}, or else the headers ce-specversion ({Version}), ce-type, ce-source and ce-id "
                + "must be there, each once and in visible ASCII");
        }

        if (root.Has("data_base64"))
            root.Fault("data_base64", "is not read: data must be a JSON object");
        var source = root.Code("source", ConnectorLimits.UrlCharsMax);
        var id = root.Code("id", ConnectorLimits.TextCharsMax);
        return OrderEvents.Read(
            name, root.Code("type", OrderEvents.TypeCharsMax), root.Object("data"),
            receipt with { DeliveryId = Event(source, id) }, fetch: fetch);
    }

    /// <summary>
    /// What the headers say of an event in binary mode; null when they name none. Their values are percent-encoded
    /// (HTTP Protocol Binding, section 3.1.3.2); source and id stay so, for they only have to be the same each time.
    /// </summary>
    private static Verification.Authentic? FindBinary(IHeaderDictionary headers)
    {
        if (BodyMedia.Is(headers, StructuredType) || headers["ce-specversion"] != Version
            || HeaderText.Bounded(headers[TypeHeader], int.MaxValue) is not { } written
            || HeaderText.Bounded(headers["ce-source"], int.MaxValue) is not { } source
            || HeaderText.Bounded(headers["ce-id"], int.MaxValue) is not { } id)
            return null;
        var type = Uri.UnescapeDataString(written);
        return type.Length is > 0 and <= OrderEvents.TypeCharsMax && HeaderText.IsVisible(type)
            ? new Verification.Authentic(type, Event(source, id)) : null;
    }

    /// <summary>A source is a URI, which has no blank: no two pairs read the same.</summary>
    private static string Event(string source, string id) => $"{source} {id}" is { Length: <= HeaderText.CharsMax } both
        ? both : EventKey.Digest(Encoding.UTF8.GetBytes($"{source} {id}"));
}
