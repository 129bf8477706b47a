using System.Data.Common;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>What our types are in SQLite's columns, both ways.</summary>
internal static class SqliteValues
{
    public static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        Guid id => id.ToByteArray(bigEndian: true),
        DateTimeOffset time => StoredTime.Of(time),
        ReadOnlyMemory<byte> bytes => bytes.ToArray(),
        OrderKey key => key.ToString(),
        string or long or int or byte[] => value,
        _ => throw new ArgumentException($"A {value.GetType().Name} has no column type.", nameof(value)),
    };

    public static Guid GetId(this DbDataReader row, int column) =>
        new(row.GetFieldValue<byte[]>(column), bigEndian: true);

    public static Guid? FindId(this DbDataReader row, int column) => row.IsDBNull(column) ? null : row.GetId(column);

    public static DateTimeOffset GetTime(this DbDataReader row, int column) => StoredTime.Parse(row.GetInt64(column));

    public static DateTimeOffset? FindTime(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetTime(column);

    public static string? FindText(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? FindBytes(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static TEnum GetName<TEnum>(this DbDataReader row, int column)
        where TEnum : struct, Enum => StoredName.Parse<TEnum>(row.GetString(column));
}
