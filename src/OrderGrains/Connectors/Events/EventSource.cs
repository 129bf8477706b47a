using OrderGrains.Connectors.Fetching;
using OrderGrains.Connectors.Mapping;
using OrderGrains.Connectors.Proofs;
using OrderGrains.Vocabulary;
using OrderGrains.Wire;

namespace OrderGrains.Connectors.Events;

/// <summary>
/// A storefront that speaks our own form, <c>{"type","timestamp","data"}</c>, or whose own is translated into it.
/// </summary>
/// <param name="name">The source's name: the beginning of its order keys.</param>
/// <param name="proof">Who may send.</param>
/// <param name="mapping">Translates what it sends; null: it speaks our own form.</param>
/// <param name="typeHeader">The header that names the type; null: the body does.</param>
/// <param name="typeIsSigned">The signature reaches that header.</param>
/// <param name="typeField">The field of the body that does, with full stops between names.</param>
/// <param name="fetch">From where orders may be fetched that it does not send whole; null: from nowhere.</param>
internal sealed class EventSource(
    string name, IProof proof, EventMapping? mapping = null, string? typeHeader = null, bool typeIsSigned = true,
    string typeField = "type", FetchRules? fetch = null)
    : IWebhookSource
{
    public IFetching? Fetch => fetch;

    public Verification Verify(WebhookRequest request, DateTimeOffset now)
    {
        if (FindWrongMedia(request.Headers) is { } wrong)
            return wrong;
        var verified = proof.Verify(request, now);
        return typeHeader is not null && verified is Verification.Authentic authentic
            ? authentic with { Topic = HeaderText.Bounded(request.Headers[typeHeader]) ?? "" }
            : verified;
    }

    public string? Sign(TestCall call)
    {
        if (mapping is { IsXml: true })
            call.BecomeXml();
        if (typeHeader is not null)
            call.Headers[typeHeader] = TestCall.Topic;
        return proof.Sign(call);
    }

    public Reading Read(Receipt receipt) => mapping is not null
        ? mapping.Read(name, receipt, fetch)
        : typeHeader is not null && receipt.Topic.Length == 0
        ? new Reading.Unreadable(HeaderText.BoundedFault(typeHeader))
        : JsonBody.Read(receipt, root => OrderEvents.Read(
            name, typeHeader is null ? Type(root) : receipt.Topic, root.Object("data"), receipt, typeIsSigned,
            fetch));

    private Verification.WrongMediaType? FindWrongMedia(IHeaderDictionary headers) => mapping is { IsXml: true }
        ? BodyMedia.Fault(headers, BodyMedia.Xml, "text/xml") : BodyMedia.Fault(headers);

    private string Type(JsonFields root)
    {
        var (at, names) = (root, typeField.Split('.'));
        foreach (var outer in names.AsSpan(0, names.Length - 1))
        {
            if (at.Object(outer) is not { } inner)
                return at.Missing(outer);
            at = inner;
        }

        return at.Code(names[^1], OrderEvents.TypeCharsMax);
    }
}
