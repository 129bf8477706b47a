namespace OrderGrains.Connectors;

/// <summary>Reads the body of an answer, which may be endless.</summary>
internal static class AnswerBytes
{
    private const int ChunkBytes = 16 * 1024;

    /// <summary>The first bytes of it, no more than so many; null when it breaks off.</summary>
    public static async Task<byte[]?> ReadAsync(HttpContent content, int bytesMax, CancellationToken bounded)
    {
        try
        {
            await using var stream = await content.ReadAsStreamAsync(bounded);
            using var body = new MemoryStream();
            var chunk = new byte[ChunkBytes];
            while (body.Length < bytesMax && await stream.ReadAsync(chunk, bounded) is > 0 and var read)
                await body.WriteAsync(chunk.AsMemory(0, (int)Math.Min(read, bytesMax - body.Length)), bounded);
            return body.ToArray();
        }
        catch (Exception error) when (error is IOException or HttpRequestException)
        {
            return null;
        }
    }

    /// <summary>All of it; null when it breaks off, or is longer than it may be.</summary>
    public static async Task<byte[]?> ReadWholeAsync(HttpContent content, int bytesMax, CancellationToken bounded) =>
        await ReadAsync(content, bytesMax + 1, bounded) is { } read && read.Length <= bytesMax ? read : null;
}
