using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>What our types are in PostgreSQL's columns, both ways.</summary>
internal static class PostgresValues
{
    public static object ToStored(object? value) => value switch
    {
        null => DBNull.Value,
        DateTimeOffset time => time.UtcDateTime,
        OrderKey key => key.ToString(),
        string or long or int or double or bool or Guid or byte[] or string[] or long[] or Guid[] => value,
        _ => throw new ArgumentException($"A {value.GetType().Name} has no column type.", nameof(value)),
    };

    public static DateTimeOffset GetTime(this DbDataReader row, int column) =>
        new(row.GetFieldValue<DateTime>(column), TimeSpan.Zero);

    public static DateTimeOffset? FindTime(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetTime(column);

    public static string? FindText(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    public static byte[]? FindBytes(this DbDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetFieldValue<byte[]>(column);

    public static TEnum GetName<TEnum>(this DbDataReader row, int column)
        where TEnum : struct, Enum => StoredName.Parse<TEnum>(row.GetString(column));
}

/// <summary>
/// The columns of many rows as the arrays that <c>unnest</c> makes rows of: one positional parameter each.
/// </summary>
internal sealed class ColumnArrays<TRow>(NpgsqlCommand command, IReadOnlyList<TRow> rows)
{
    public ColumnArrays<TRow> Text(Func<TRow, string?> value) => Add(value, NpgsqlDbType.Text);

    /// <summary>As JSON, which the server takes as it is: a text would be encoded again on its way.</summary>
    public ColumnArrays<TRow> Json<TValue>(Func<TRow, TValue?> value)
        where TValue : class =>
        Add(row => value(row) is { } some ? StoredJson.WriteBytes(some) : null, NpgsqlDbType.Text);

    public ColumnArrays<TRow> Name<TEnum>(Func<TRow, TEnum> value)
        where TEnum : struct, Enum => Add(row => StoredName.Of(value(row)), NpgsqlDbType.Text);

    public ColumnArrays<TRow> Id(Func<TRow, Guid?> value) => Add(value, NpgsqlDbType.Uuid);

    public ColumnArrays<TRow> Number(Func<TRow, int> value) => Add(value, NpgsqlDbType.Integer);

    public ColumnArrays<TRow> Long(Func<TRow, long?> value) => Add(value, NpgsqlDbType.Bigint);

    public ColumnArrays<TRow> Time(Func<TRow, DateTimeOffset?> value) =>
        Add(row => value(row)?.UtcDateTime, NpgsqlDbType.TimestampTz);

    public ColumnArrays<TRow> Bytes(Func<TRow, byte[]?> value) => Add(value, NpgsqlDbType.Bytea);

    private ColumnArrays<TRow> Add<T>(Func<TRow, T> value, NpgsqlDbType type)
    {
        var column = new T[rows.Count];
        for (var at = 0; at < column.Length; at++)
            column[at] = value(rows[at]);
        command.Parameters.Add(
            new NpgsqlParameter<T[]> { TypedValue = column, NpgsqlDbType = NpgsqlDbType.Array | type });
        return this;
    }
}
