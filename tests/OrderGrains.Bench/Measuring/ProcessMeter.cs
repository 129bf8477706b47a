using System.Globalization;

namespace OrderGrains.Bench.Measuring;

/// <summary>What a process has used so far.</summary>
/// <param name="Cpu">User and system time of all its threads.</param>
/// <param name="PeakBytes">The most memory it held at once; of a server with children, what all hold now.</param>
internal readonly record struct ProcessFigures(TimeSpan Cpu, long PeakBytes);

/// <summary>Reads <c>/proc</c>, as <c>proc(5)</c> describes it: Linux alone.</summary>
internal static class ProcessMeter
{
    /// <summary>USER_HZ, the same on every Linux that .NET runs on.</summary>
    private const double TicksPerSecond = 100;

    public static ProcessFigures Read(int processId)
    {
        var stat = Stat(processId);
        return new ProcessFigures(Seconds(stat.Own), Status(processId, "VmHWM"));
    }

    /// <summary>A server that has a process for each connection: those that ended count too.</summary>
    public static ProcessFigures ReadWithChildren(int processId)
    {
        var parent = Stat(processId);
        var (ticks, anonymous, shared) = (parent.Own + parent.Ended, Status(processId, "RssAnon"), 0L);
        foreach (var child in Children(processId))
        {
            try
            {
                ticks += Stat(child).Own;
                anonymous += Status(child, "RssAnon");
                shared = Math.Max(shared, Status(child, "RssShmem"));
            }
            catch (IOException)
            {
                // It ended between the list and the look; its time is in its parent's from the next look on.
            }
        }
        return new ProcessFigures(Seconds(ticks), anonymous + shared);
    }

    public static int ParentOf(int processId) => (int)Field(processId, "PPid");

    /// <summary>What it holds now, of its own.</summary>
    public static long ResidentBytes(int processId) => Status(processId, "RssAnon");

    private static IEnumerable<int> Children(int processId) => Directory.EnumerateDirectories("/proc")
        .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0)
        .Where(id => id > 0 && IsChild(id, processId));

    private static bool IsChild(int id, int parent)
    {
        try
        {
            return ParentOf(id) == parent;
        }
        catch (IOException)
        {
            return false;
        }
    }

    private static (long Own, long Ended) Stat(int processId)
    {
        var text = File.ReadAllText($"/proc/{processId}/stat");
        // The name may hold spaces and parentheses; what follows the last one is numbers from field 3 on.
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        long At(int field) => long.Parse(fields[field - 3], CultureInfo.InvariantCulture);
        return (At(14) + At(15), At(16) + At(17));
    }

    private static long Status(int processId, string name) => Field(processId, name) * 1024;

    private static long Field(int processId, string name)
    {
        foreach (var line in File.ReadLines($"/proc/{processId}/status"))
        {
            if (line.StartsWith(name, StringComparison.Ordinal) && line[name.Length] == ':')
            {
                return long.Parse(
                    line.AsSpan(name.Length + 1).Trim().TrimEnd("kB").Trim(), NumberStyles.None,
                    CultureInfo.InvariantCulture);
            }
        }
        return 0;
    }

    private static TimeSpan Seconds(long ticks) => TimeSpan.FromSeconds(ticks / TicksPerSecond);
}
