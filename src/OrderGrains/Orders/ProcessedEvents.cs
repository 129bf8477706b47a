using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrderGrains.Orders;

/// <summary>
/// The event keys that took effect on one order, as 8-byte digests, oldest first. Bounded by
/// <see cref="CountMax"/>: senders retry an event for hours (Shopify: 8 times in 4 hours), and an order sees tens of
/// events in its life; even past the bound, versions and ids in the state make a replay harmless.
/// </summary>
[JsonConverter(typeof(ProcessedEventsJsonConverter))]
public sealed class ProcessedEvents
{
    public const int CountMax = 1024;
    private const int DigestBytes = 8;
    private readonly byte[] _digests;

    internal ProcessedEvents(byte[] digests) => _digests = digests;

    public static ProcessedEvents None { get; } = new([]);

    public int Count => _digests.Length / DigestBytes;

    public bool Contains(string eventKey)
    {
        Span<byte> digest = stackalloc byte[DigestBytes];
        Digest(eventKey, digest);
        var sought = BinaryPrimitives.ReadUInt64LittleEndian(digest);
        for (var at = 0; at < _digests.Length; at += DigestBytes)
        {
            if (BinaryPrimitives.ReadUInt64LittleEndian(_digests.AsSpan(at)) == sought)
                return true;
        }

        return false;
    }

    public ProcessedEvents With(string eventKey)
    {
        var kept = Count < CountMax ? _digests.AsSpan() : _digests.AsSpan(DigestBytes);
        var next = new byte[kept.Length + DigestBytes];
        kept.CopyTo(next);
        Digest(eventKey, next.AsSpan(kept.Length));
        return new ProcessedEvents(next);
    }

    private static void Digest(string eventKey, Span<byte> digest)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(eventKey), hash);
        hash[..DigestBytes].CopyTo(digest);
    }

    internal sealed class ProcessedEventsJsonConverter : JsonConverter<ProcessedEvents>
    {
        public override ProcessedEvents Read(
            ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(reader.GetBytesFromBase64());

        public override void Write(Utf8JsonWriter writer, ProcessedEvents value, JsonSerializerOptions options) =>
            writer.WriteBase64StringValue(value._digests);
    }
}
