using System.Buffers;
using System.IO.Compression;

namespace OrderGrains.Ingress;

/// <summary>
/// A webhook's body on its way in, in pooled memory that grows with the bytes that come, and not by what the sender
/// says will come. Its bytes count against what sources share, from the first to the end.
/// </summary>
/// <param name="shares">Bytes of bodies that may be on their way in.</param>
/// <param name="source">Whose body it is.</param>
/// <param name="bytesMax">A longer one is not taken.</param>
internal sealed class IncomingBody(FairShares shares, string source, int bytesMax) : IDisposable
{
    private const int FirstBytes = 4 * 1024;

    private byte[] _buffer = [];
    private int _length;

    /// <summary>What came so far.</summary>
    public ReadOnlySpan<byte> Bytes => _buffer.AsSpan(0, _length);

    /// <summary>Reads to the end; null when that was reached, or why not.</summary>
    public async ValueTask<BodyFault?> ReadAsync(Stream body, CancellationToken cancelled)
    {
        while (true)
        {
            if (_length == _buffer.Length && !TryGrow())
                return BodyFault.NoRoom;
            var read = await body.ReadAsync(_buffer.AsMemory(_length), cancelled);
            if (read == 0)
                return null;
            _length += read;
            if (_length > bytesMax)
                return BodyFault.TooLong;
        }
    }

    /// <summary>
    /// Undoes the encoding that its headers state (RFC 9110, section 8.4.1). The signature covers it as it was sent, so
    /// this comes after; null when it is undone, or why not.
    /// </summary>
    public async ValueTask<BodyFault?> DecodeAsync(string encoding, CancellationToken cancelled)
    {
        await using var sent = new MemoryStream(_buffer, 0, _length, writable: false);
        using var decoded = new IncomingBody(shares, source, bytesMax);
        await using Stream? decoder = encoding.Trim().ToUpperInvariant() switch
        {
            "GZIP" or "X-GZIP" => new GZipStream(sent, CompressionMode.Decompress),
            "DEFLATE" => new ZLibStream(sent, CompressionMode.Decompress),
            "BR" => new BrotliStream(sent, CompressionMode.Decompress),
            _ => null,
        };
        if (decoder is null)
            return BodyFault.EncodingUnknown;
        try
        {
            if (await decoded.ReadAsync(decoder, cancelled) is { } fault)
                return fault;
        }
        catch (Exception wrong) when (wrong is InvalidDataException or InvalidOperationException)
        {
            return BodyFault.EncodingWrong;
        }

        // What was sent goes with the other.
        (_buffer, decoded._buffer, _length) = (decoded._buffer, _buffer, decoded._length);
        return null;
    }

    /// <summary>The exact bytes, in memory of their own, which count no more here.</summary>
    public byte[] Detach()
    {
        var exact = Bytes.ToArray();
        Give(ref _buffer);
        _length = 0;
        return exact;
    }

    public void Dispose() => Give(ref _buffer);

    private bool TryGrow()
    {
        var wanted = _buffer.Length == 0 ? FirstBytes : (int)Math.Min(2L * _buffer.Length, bytesMax + 1L);
        // One byte beyond what is allowed tells that there are too many.
        wanted = Math.Max(wanted, _length + 1);
        var larger = ArrayPool<byte>.Shared.Rent(wanted);
        if (!shares.TryTake(source, larger.Length - _buffer.Length, mine: _buffer.Length))
        {
            ArrayPool<byte>.Shared.Return(larger);
            return false;
        }

        Bytes.CopyTo(larger);
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer, clearArray: true);
        _buffer = larger;
        return true;
    }

    private void Give(ref byte[] buffer)
    {
        if (buffer.Length == 0)
            return;
        shares.Return(source, buffer.Length);
        // Personal data does not stay for whoever has the memory next.
        ArrayPool<byte>.Shared.Return(buffer, clearArray: true);
        buffer = [];
    }
}

/// <summary>Why a body is not taken.</summary>
internal enum BodyFault
{
    /// <summary>It is longer than it may be, as sent or decoded.</summary>
    TooLong,

    /// <summary>There is no memory for it now.</summary>
    NoRoom,

    /// <summary>Nobody knows the encoding that it states.</summary>
    EncodingUnknown,

    /// <summary>It is not in the encoding that it states.</summary>
    EncodingWrong,
}
