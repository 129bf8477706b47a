namespace OrderGrains.Storage.Sqlite;

/// <summary>
/// The data directory, held by one process: its lock is the operating system's, so it ends with the process, however
/// that ends. The files hold personal data and are the owner's alone.
/// </summary>
internal sealed class DataDirectory : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private readonly FileStream _lockFile;

    private DataDirectory(string path, FileStream lockFile)
    {
        Path = path;
        _lockFile = lockFile;
    }

    public string Path { get; }

    public string DatabaseFile => System.IO.Path.Combine(Path, "ordergrains.db");

    /// <summary>
    /// Orleans' tables stand in a file of their own: its providers open their own connections and wait in a grain's
    /// turn, and SQLite has one writer per file, so in ours they would wait behind every group of receipts.
    /// </summary>
    public string OrleansFile => OrleansFileIn(Path);

    public static string OrleansFileIn(string path) =>
        System.IO.Path.Combine(System.IO.Path.GetFullPath(path), "orleans.db");

    /// <exception cref="StorageException">Another process holds it, or it may not be written.</exception>
    public static DataDirectory Hold(string path)
    {
        path = OwnersDirectory.Make(path);
        try
        {
            var directory = new DataDirectory(
                path, Open(System.IO.Path.Combine(path, "ordergrains.lock"), FileShare.None));
            Open(directory.DatabaseFile, FileShare.ReadWrite).Dispose();
            Open(directory.OrleansFile, FileShare.ReadWrite).Dispose();
            return directory;
        }
        catch (UnauthorizedAccessException e)
        {
            throw OwnersDirectory.NotOurs(path, e);
        }
        catch (IOException e)
        {
            throw new StorageException(
                $"The data directory '{path}' cannot be held: is another OrderGrains process using it? On SQLite one "
                + $"process runs alone; use PostgreSQL for several. ({e.Message})", e);
        }
    }

    public void Dispose() => _lockFile.Dispose();

    private static FileStream Open(string file, FileShare share)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.OpenOrCreate,
            Access = FileAccess.ReadWrite,
            Share = share,
        };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        return new FileStream(file, options);
    }
}
