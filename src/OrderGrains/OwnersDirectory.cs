namespace OrderGrains;

/// <summary>A directory for keys and personal data: nobody but its owner looks into it.</summary>
internal static class OwnersDirectory
{
    /// <summary>Makes it, with all above it. One that stands keeps the rights that somebody gave it.</summary>
    /// <returns>Its full path.</returns>
    /// <exception cref="StorageException">It is a file, or may not be made.</exception>
    public static string Make(string path)
    {
        path = Path.GetFullPath(path);
        if (File.Exists(path))
            throw new StorageException($"The data directory '{path}' is a file: DataDirectory needs a directory.");
        try
        {
            if (OperatingSystem.IsWindows())
                Directory.CreateDirectory(path);
            else if (!Directory.Exists(path))
                Directory.CreateDirectory(
                    path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            return path;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StorageException(
                $"The data directory '{path}' cannot be made: choose another as DataDirectory. ({e.Message})", e);
        }
    }

    /// <summary>It stands, and this process may not write there.</summary>
    public static StorageException NotOurs(string path, Exception cause) => new(
        $"The data directory '{path}' cannot be written: give it to the user who runs this process, or choose another "
        + $"as DataDirectory. ({cause.Message})", cause);
}
