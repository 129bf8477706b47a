namespace OrderGrains.Tests.Storage.Sqlite;

/// <summary>A directory that does not exist yet, and does not any more when it is disposed.</summary>
internal sealed class TempDirectory : IDisposable
{
    public string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"ordergrains-{Guid.CreateVersion7(TimeProvider.System.GetUtcNow()):N}");

    public void Dispose()
    {
        if (Directory.Exists(Path))
            Directory.Delete(Path, recursive: true);
    }
}
