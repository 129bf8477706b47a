namespace OrderGrains.Storage;

/// <summary>Where everything durable is (CONTRACT section 1, <c>Storage</c>).</summary>
public sealed class StorageOptions
{
    /// <summary>Default: SQLite, in the data directory.</summary>
    public StorageKind Kind { get; set; } = StorageKind.Sqlite;

    /// <summary>PostgreSQL only. Holds a password: never logged.</summary>
    public string? ConnectionString { get; set; }
}

/// <summary>Databases behind the same ports.</summary>
public enum StorageKind
{
    /// <summary>One process, nothing to install.</summary>
    Sqlite,

    /// <summary>Many processes.</summary>
    Postgres,
}
