using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace OrderGrains.Storage.Sqlite;

/// <summary>One open connection with its prepared statements, kept and reused. For one thread at a time.</summary>
internal sealed class SqliteSession : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Dictionary<string, SqliteCommand> _prepared = new(StringComparer.Ordinal);

    public SqliteSession(string connectionString, params ReadOnlySpan<string> pragmas)
    {
        _connection = new SqliteConnection(connectionString);
        _connection.Open();
        foreach (var pragma in pragmas)
            Execute($"pragma {pragma}");
    }

    /// <summary>A transaction is open. Some errors (a full disk) roll it back whole, with its savepoints.</summary>
    public bool InTransaction => raw.sqlite3_get_autocommit(_connection.Handle) == 0;

    /// <summary>Runs one statement; the rows that it changed.</summary>
    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> values) =>
        Bind(sql, values).ExecuteNonQuery();

    public List<T> List<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }

    /// <summary>The first row; the type's default when there is none.</summary>
    public T? Find<T>(
        string sql, Func<SqliteDataReader, T> read, params ReadOnlySpan<(string Name, object? Value)> values)
    {
        using var reader = Bind(sql, values).ExecuteReader();
        return reader.Read() ? read(reader) : default;
    }

    public void Dispose()
    {
        foreach (var command in _prepared.Values)
            command.Dispose();
        _connection.Dispose();
    }

    private SqliteCommand Bind(string sql, ReadOnlySpan<(string Name, object? Value)> values)
    {
        if (!_prepared.TryGetValue(sql, out var command))
        {
            command = _connection.CreateCommand();
            command.CommandText = sql;
            foreach (var (name, _) in values)
                command.Parameters.Add(new SqliteParameter { ParameterName = name });
            _prepared.Add(sql, command);
        }

        // Every value is set each time: one left from the last use would be written into the wrong row.
        for (var at = 0; at < values.Length; at++)
        {
            var parameter = command.Parameters[at];
            if (parameter.ParameterName != values[at].Name)
                throw new InvalidOperationException($"{values[at].Name} stands where {parameter.ParameterName} did.");
            parameter.Value = SqliteValues.ToStored(values[at].Value);
        }

        return command;
    }
}
