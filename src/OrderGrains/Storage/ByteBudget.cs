namespace OrderGrains.Storage;

/// <summary>
/// Bytes that may be held at once: a limit on the number of waiting bodies alone would let large ones fill the memory.
/// </summary>
internal sealed class ByteBudget(long bytesMax)
{
    private long _held;

    public bool TryTake(int bytes)
    {
        if (Interlocked.Add(ref _held, bytes) <= bytesMax)
            return true;
        Return(bytes);
        return false;
    }

    public void Return(int bytes) => Interlocked.Add(ref _held, -bytes);
}
