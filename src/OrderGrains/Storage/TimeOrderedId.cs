using System.Buffers.Binary;

namespace OrderGrains.Storage;

/// <summary>Times as ids: a UUIDv7 begins with its milliseconds since 1970 (RFC 9562 section 5.7).</summary>
internal static class TimeOrderedId
{
    /// <summary>The least id that something of this time can have.</summary>
    public static Guid First(DateTimeOffset time)
    {
        Span<byte> id = stackalloc byte[16];
        id.Clear();
        BinaryPrimitives.WriteInt64BigEndian(id, time.ToUnixTimeMilliseconds() << 16);
        return new Guid(id, bigEndian: true);
    }

    /// <summary>The time that an id begins with.</summary>
    public static DateTimeOffset TimeOf(Guid id)
    {
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return DateTimeOffset.FromUnixTimeMilliseconds(BinaryPrimitives.ReadInt64BigEndian(bytes) >>> 16);
    }
}
