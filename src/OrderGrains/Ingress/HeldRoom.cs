using System.Collections.Concurrent;
using System.Threading.Channels;
using OrderGrains.Vocabulary;

namespace OrderGrains.Ingress;

/// <summary>
/// Places and bytes for receipts in memory, which sources share, and of which sources more may wait in the database for
/// want of them.
/// </summary>
/// <param name="options">How much there is.</param>
/// <param name="sources">Their weights.</param>
internal sealed class HeldRoom(IngressOptions options, Sources sources)
{
    /// <summary>Bytes that one claim brings at most, but for a single receipt that is longer.</summary>
    private const long ClaimBytesMax = 16 * 1024 * 1024;

    /// <summary>Under this name a claim takes what it may bring: no source has it.</summary>
    private const string Claims = "";

    private readonly FairShares _places = new(options.HeldMax, sources.WeightOf);
    private readonly FairShares _bytes = new(options.BodiesBytesMax / 2, sources.WeightOf);
    private readonly ConcurrentDictionary<string, bool> _left = new(StringComparer.Ordinal);
    private readonly Channel<bool> _woken = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Something may wait, and there may be room for it.</summary>
    public ChannelReader<bool> Woken => _woken.Reader;

    /// <summary>Receipts that have a place.</summary>
    public int Receipts => (int)_places.Taken;

    /// <summary>Bytes of their bodies.</summary>
    public long Bytes => _bytes.Taken;

    /// <summary>Sources that have more than half of what they may have: no more of them is claimed.</summary>
    public IEnumerable<string> Busy => _places.Busy.Union(_bytes.Busy, StringComparer.Ordinal);

    /// <summary>False when it is more than its source's share.</summary>
    public bool TryTake(Receipt receipt)
    {
        if (!_places.TryTake(receipt.Source))
            return false;
        if (_bytes.TryTake(receipt.Source, BytesOf(receipt)))
            return true;
        _places.Return(receipt.Source);
        return false;
    }

    /// <summary>Room for a claim, before it is known whose receipts it brings.</summary>
    public (int Receipts, long Bytes) TakeForClaim()
    {
        // Many enough to be worth a query.
        var receipts = _places.TakeUpTo(Claims, Math.Max(1, options.HeldMax / 8));
        return ((int)receipts, _bytes.TakeUpTo(Claims, ClaimBytesMax));
    }

    /// <summary>The claim has ended. There may be more of the sources of which it brought some.</summary>
    public void Claimed((int Receipts, long Bytes) room, IReadOnlyList<Receipt> receipts)
    {
        foreach (var receipt in receipts)
        {
            _places.Take(receipt.Source);
            _bytes.Take(receipt.Source, BytesOf(receipt));
            _left[receipt.Source] = true;
        }

        _places.Return(Claims, room.Receipts);
        _bytes.Return(Claims, room.Bytes);
    }

    /// <summary>A receipt gives its place back; its bytes may stay with another.</summary>
    public void ReturnPlace(string source)
    {
        _places.Return(source);
        WakeForLeft(source);
    }

    /// <summary>A receipt gives back its place and its bytes.</summary>
    public void Return(Receipt receipt)
    {
        ReturnPlace(receipt.Source);
        ReturnBytes(receipt);
    }

    public void ReturnBytes(Receipt receipt)
    {
        _bytes.Return(receipt.Source, BytesOf(receipt));
        WakeForLeft(receipt.Source);
    }

    /// <summary>A receipt of it is in the database alone.</summary>
    public void Left(string source)
    {
        _left[source] = true;
        WakeForLeft(source);
    }

    public void Wake() => _woken.Writer.TryWrite(true);

    private void WakeForLeft(string source)
    {
        if (!_left.IsEmpty && !_places.IsBusy(source) && !_bytes.IsBusy(source) && _left.TryRemove(source, out _))
            Wake();
    }

    private static long BytesOf(Receipt receipt) => receipt.Body.Length + (receipt.Fetched?.Body.Length ?? 0);
}
