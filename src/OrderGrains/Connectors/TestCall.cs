using OrderGrains.Wire;

namespace OrderGrains.Connectors;

/// <summary>
/// The call by which an operator tests the way to a source. It is kept as any webhook, and ignored whatever its source
/// would make of it: no sender has a body like this.
/// </summary>
/// <param name="address">Where it goes.</param>
/// <param name="now">Our time.</param>
public sealed class TestCall(Uri address, DateTimeOffset now)
{
    /// <summary>Its topic, where a header says one.</summary>
    public const string Topic = "ordergrains.test";

    /// <summary>Why its receipt is ignored.</summary>
    public const string Reason = "a test by an operator";

    private static readonly byte[] Json = """{"type":"ordergrains.test","data":{}}"""u8.ToArray();
    private static readonly byte[] Xml = "<ordergrains.test/>"u8.ToArray();

    public Uri Address => address;

    public DateTimeOffset Now => now;

    /// <summary>What its source puts on it, beside <c>Content-Type</c>.</summary>
    public IHeaderDictionary Headers { get; } = new HeaderDictionary { ["Content-Type"] = BodyMedia.Json };

    public ReadOnlyMemory<byte> Body { get; private set; } = Json;

    public static bool Is(ReadOnlySpan<byte> body) => body.SequenceEqual(Json) || body.SequenceEqual(Xml);

    /// <summary>For a source that takes no JSON.</summary>
    public void BecomeXml()
    {
        Body = Xml;
        Headers.ContentType = BodyMedia.Xml;
    }
}
