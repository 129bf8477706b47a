using System.Globalization;
using System.Net;

namespace OrderGrains.Chaos.Links;

/// <summary>Which process of this machine a TCP connection came from, as Linux tells under <c>/proc</c>.</summary>
internal static class Origin
{
    private const int LocalAt = 1;
    private const int RemoteAt = 2;
    private const int InodeAt = 9;

    /// <summary>The one of these processes that holds the other end; null when none does, or it is gone.</summary>
    /// <param name="from">The connection's beginning, as the accepting end sees it.</param>
    /// <param name="to">Its accepting end.</param>
    /// <param name="processIds">Who may have connected.</param>
    public static int? FindProcess(IPEndPoint from, IPEndPoint to, IEnumerable<int> processIds)
    {
        if (FindInode(from, to) is not { } inode) return null;
        var name = $"socket:[{inode}]";
        foreach (var processId in processIds)
        {
            if (Holds(processId, name)) return processId;
        }

        return null;
    }

    private static string? FindInode(IPEndPoint from, IPEndPoint to)
    {
        var (local, remote) = (Written(from), Written(to));
        foreach (var table in (string[])["/proc/net/tcp", "/proc/net/tcp6"])
        {
            if (!File.Exists(table)) continue;
            foreach (var line in File.ReadLines(table))
            {
                var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                // A socket that speaks both versions has the IPv4 address at the end of a longer one.
                if (fields.Length > InodeAt && fields[LocalAt].EndsWith(local, StringComparison.Ordinal)
                    && fields[RemoteAt].EndsWith(remote, StringComparison.Ordinal))
                    return fields[InodeAt];
            }
        }

        return null;
    }

    /// <summary>
    /// As the kernel writes it: the address as a number of this machine's byte order, in hexadecimal.
    /// </summary>
    private static string Written(IPEndPoint endpoint)
    {
        var address = BitConverter.ToUInt32(endpoint.Address.MapToIPv4().GetAddressBytes());
        return string.Create(CultureInfo.InvariantCulture, $"{address:X8}:{endpoint.Port:X4}");
    }

    private static bool Holds(int processId, string socket)
    {
        try
        {
            return new DirectoryInfo($"/proc/{processId}/fd").EnumerateFileSystemInfos()
                .Any(handle => handle.LinkTarget == socket);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
            return false;
        }
    }
}
