using System.Security.Cryptography;

namespace OrderGrains.Bench.Load;

/// <summary>
/// Orders that are signed ahead, so that no hashing disturbs what is measured. Numbers go up over the whole run of a
/// subject, and each is taken once.
/// </summary>
/// <param name="template">What they look like.</param>
/// <param name="first">The first number: each load of a run has numbers of its own.</param>
internal sealed class SignedOrders(OrderTemplate template, long first = 0)
{
    private byte[] _digests = [];
    private long _first;
    private long _end;
    private long _next = first;

    public OrderTemplate Template => template;

    /// <summary>The number that the next taker gets.</summary>
    public long Next => Volatile.Read(ref _next);

    /// <summary>Signs this many orders after those that were taken.</summary>
    public void Prepare(long count)
    {
        (_first, _end) = (_next, _next + count);
        var (first, digests) = (_first, new byte[count * HMACSHA256.HashSizeInBytes]);
        const int Chunk = 256;
        Parallel.For(0, (count + Chunk - 1) / Chunk, template.Copy, (chunk, _, scratch) =>
        {
            for (var at = chunk * Chunk; at < Math.Min(count, (chunk + 1) * Chunk); at++)
                template.Sign(scratch, first + at, digests.AsSpan((int)(at * 32), 32));
            return scratch;
        }, _ => { });
        _digests = digests;
    }

    /// <summary>False when all that were prepared are taken.</summary>
    public bool TryTake(out long number)
    {
        number = Interlocked.Increment(ref _next) - 1;
        if (number < _end) return true;
        Interlocked.Decrement(ref _next);
        return false;
    }

    public void Write(Span<byte> request, long number) =>
        template.Write(request, number, _digests.AsSpan((int)((number - _first) * 32), 32));
}
