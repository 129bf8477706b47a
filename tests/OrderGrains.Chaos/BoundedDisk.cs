using System.Diagnostics;
using System.Globalization;

namespace OrderGrains.Chaos;

/// <summary>A disk of its own for a folder, in memory, that can be full. Making one needs root on Linux.</summary>
public sealed class BoundedDisk : IAsyncDisposable
{
    private const int ShrinksMax = 20;

    private readonly long _bytes;

    private BoundedDisk(string directory, long bytes) => (Directory, _bytes) = (directory, bytes);

    public string Directory { get; }

    /// <summary>Null where this cannot be done.</summary>
    public static async Task<BoundedDisk?> MountAsync(string directory, long bytes)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess) return null;
        System.IO.Directory.CreateDirectory(directory);
        var mounted = await RunAsync("mount", "-t", "tmpfs", "-o", $"size={Written(bytes)}", "tmpfs", directory);
        return mounted ? new BoundedDisk(directory, bytes) : null;
    }

    /// <summary>Not one byte more fits, until what it can hold is made as much as before.</summary>
    public async Task FillAsync()
    {
        for (var attempt = 1; ; attempt++)
        {
            var disk = new DriveInfo(Directory);
            // It cannot be made smaller than what it has, which may grow between the question and the act.
            if (await ResizeAsync(disk.TotalSize - disk.TotalFreeSpace)) return;
            if (attempt == ShrinksMax) throw new InvalidOperationException($"{Directory} cannot be filled.");
        }
    }

    /// <summary>There is room again.</summary>
    public async Task EmptyAsync()
    {
        if (!await ResizeAsync(_bytes)) throw new InvalidOperationException($"{Directory} cannot be emptied.");
    }

    public async ValueTask DisposeAsync()
    {
        // Lazily: whoever still has a file open there keeps it for as long, and the folder is free at once.
        if (System.IO.Directory.Exists(Directory)) await RunAsync("umount", "-l", Directory);
    }

    private Task<bool> ResizeAsync(long bytes) =>
        RunAsync("mount", "-o", $"remount,size={Written(bytes)}", Directory);

    private static string Written(long bytes) => bytes.ToString(CultureInfo.InvariantCulture);

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
