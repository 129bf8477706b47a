using System.Text;

namespace OrderGrains.Chaos.Silos;

/// <summary>What a process writes: counted, and added to a file.</summary>
internal sealed class SiloLog(string file)
{
    private readonly Lock _lock = new();
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    public void Hear(string line)
    {
        Interlocked.Add(ref _bytes, Encoding.UTF8.GetByteCount(line) + 1);
        lock (_lock) File.AppendAllText(file, line + "\n");
    }
}
