using System.ComponentModel.DataAnnotations;

namespace OrderGrains.Storage;

/// <summary>Where everything durable is (CONTRACT section 1, <c>Storage</c>).</summary>
public sealed class StorageOptions
{
    /// <summary>Default: SQLite, in the data directory.</summary>
    public StorageKind Kind { get; set; } = StorageKind.Sqlite;

    /// <summary>PostgreSQL only. Holds a password: never logged.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>How long settled receipts are kept; on PostgreSQL by whole weeks. Default: 90 days.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00")]
    public TimeSpan ReceiptsKept { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long timelines are kept; on PostgreSQL by whole weeks. Default: 400 days.</summary>
    [Range(typeof(TimeSpan), "7.00:00:00", "3650.00:00:00")]
    public TimeSpan TimelineKept { get; set; } = TimeSpan.FromDays(400);
}

/// <summary>Databases behind the same ports.</summary>
public enum StorageKind
{
    /// <summary>One process, nothing to install.</summary>
    Sqlite,

    /// <summary>Many processes.</summary>
    Postgres,
}
