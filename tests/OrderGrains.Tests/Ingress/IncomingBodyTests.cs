using System.IO.Compression;
using OrderGrains.Ingress;
using Xunit;

namespace OrderGrains.Tests.Ingress;

/// <summary>Bodies on their way in, and what they count.</summary>
public sealed class IncomingBodyTests
{
    private const int BytesMax = 100_000;

    private readonly FairShares _shares = new(1_000_000);

    private static CancellationToken Never => TestContext.Current.CancellationToken;

    public static TheoryData<string> Encodings => ["gzip", "deflate", "br", "GZip"];

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_096)]
    [InlineData(BytesMax)]
    public async Task Every_byte_comes_and_counts_until_it_is_handed_over(int bytes)
    {
        var sent = Random(bytes);
        using (var body = new IncomingBody(_shares, "acme", BytesMax))
        {
            Assert.Null(await body.ReadAsync(Dribble(sent), Never));
            Assert.Equal(sent, body.Bytes.ToArray());
            Assert.InRange(_shares.Taken, bytes, Math.Max(4_096, 4 * bytes));

            Assert.Equal(sent, body.Detach());
            Assert.Equal(0, _shares.Taken);
        }

        Assert.Equal(0, _shares.Taken);
    }

    [Fact]
    public async Task One_byte_more_than_it_may_have_is_too_many()
    {
        using (var body = new IncomingBody(_shares, "acme", BytesMax))
            Assert.Equal(BodyFault.TooLong, await body.ReadAsync(Dribble(Random(BytesMax + 1)), Never));
        Assert.Equal(0, _shares.Taken);
    }

    [Fact]
    public async Task The_only_body_of_its_source_may_have_all_there_is()
    {
        var shares = new FairShares(2 * BytesMax);
        using (var body = new IncomingBody(shares, "acme", BytesMax))
        {
            Assert.Null(await body.ReadAsync(Dribble(Random(BytesMax)), Never));
            Assert.InRange(shares.Taken, BytesMax, 2 * BytesMax);
        }

        Assert.Equal(0, shares.Taken);
    }

    [Fact]
    public async Task What_comes_counts_and_not_what_is_promised()
    {
        using var body = new IncomingBody(_shares, "acme", 64 * 1024 * 1024);
        Assert.Null(await body.ReadAsync(Dribble(Random(10)), Never));
        Assert.InRange(_shares.Taken, 10, 4_096);
    }

    [Fact]
    public async Task Without_room_it_is_not_taken()
    {
        var others = 0;
        while (_shares.TryTake($"{others}", 100_000))
            others++;
        using (var body = new IncomingBody(_shares, "acme", BytesMax))
            Assert.Equal(BodyFault.NoRoom, await body.ReadAsync(Dribble(Random(BytesMax)), Never));
        Assert.Equal(others * 100_000, _shares.Taken);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task An_encoding_is_undone(string encoding)
    {
        var plain = Random(5_000);
        using (var body = await ReadAsync(Encoded(encoding, plain)))
        {
            Assert.Null(await body.DecodeAsync(encoding, Never));
            Assert.Equal(plain, body.Bytes.ToArray());
        }

        Assert.Equal(0, _shares.Taken);
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task A_little_that_becomes_much_is_too_long(string encoding)
    {
        using (var body = await ReadAsync(Encoded(encoding, new byte[50 * BytesMax])))
        {
            Assert.Equal(BodyFault.TooLong, await body.DecodeAsync(encoding, Never));
            Assert.InRange(_shares.Taken, 1, 4 * BytesMax);
        }

        Assert.Equal(0, _shares.Taken);
    }

    [Theory]
    [InlineData("gzip", BodyFault.EncodingWrong)]
    [InlineData("br", BodyFault.EncodingWrong)]
    [InlineData("deflate", BodyFault.EncodingWrong)]
    [InlineData("zstd", BodyFault.EncodingUnknown)]
    [InlineData("gzip, br", BodyFault.EncodingUnknown)]
    internal async Task What_cannot_be_undone_is_said_so(string encoding, BodyFault fault)
    {
        using (var body = await ReadAsync("this is not encoded at all"u8.ToArray()))
            Assert.Equal(fault, await body.DecodeAsync(encoding, Never));
        Assert.Equal(0, _shares.Taken);
    }

    private async Task<IncomingBody> ReadAsync(byte[] sent)
    {
        var body = new IncomingBody(_shares, "acme", BytesMax);
        Assert.Null(await body.ReadAsync(Dribble(sent), Never));
        return body;
    }

    private static byte[] Random(int count)
    {
        var bytes = new byte[count];
        new Random(count).NextBytes(bytes);
        return bytes;
    }

    private static byte[] Encoded(string encoding, byte[] plain)
    {
        var encoded = new MemoryStream();
        using (Stream encoder = encoding.ToUpperInvariant() switch
        {
            "GZIP" => new GZipStream(encoded, CompressionMode.Compress),
            "DEFLATE" => new ZLibStream(encoded, CompressionMode.Compress),
            _ => new BrotliStream(encoded, CompressionMode.Compress),
        })
        {
            encoder.Write(plain);
        }

        return encoded.ToArray();
    }

    /// <summary>Comes in small pieces, as from a network.</summary>
    private static Pieces Dribble(byte[] bytes) => new Pieces(bytes);

    private sealed class Pieces(byte[] bytes) : MemoryStream(bytes)
    {
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            base.ReadAsync(buffer[..Math.Min(1_000, buffer.Length)], cancellationToken);
    }
}
