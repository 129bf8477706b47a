using System.Net.Sockets;
using Npgsql;

namespace OrderGrains.Storage.Postgres;

/// <summary>What the server's errors mean to us (PostgreSQL, Appendix A, Error Codes).</summary>
internal static class PostgresErrors
{
    /// <summary>
    /// It was the statement's fault or its neighbours', so that a smaller one may succeed; nothing was committed. All
    /// other errors tell of the server: it shuts down, has no room, or has become a standby.
    /// </summary>
    public static bool IsOfTheStatement(PostgresException e) =>
        // Data exception, integrity constraint violation, transaction rollback (deadlock), program limit exceeded.
        e.SqlState is { } code && code[..2] is "22" or "23" or "40" or "54";

    /// <summary>It came from the database or from the way to it, and is no mistake of ours.</summary>
    public static bool IsOfTheDatabase(Exception e) =>
        e is NpgsqlException or SocketException or IOException or TimeoutException or ObjectDisposedException;

    /// <summary>
    /// The server's words name constraints and no values: its detail, which does, stays behind. So does the driver's
    /// exception: it cannot travel from silo to silo, and what failed there would fail here as something unknown.
    /// </summary>
    public static Exception Translate(Exception e) => e switch
    {
        PostgresException { SqlState: { } code } answer => new StorageException(
            $"The database refused: {answer.MessageText} ({code})")
        {
            IsRefusal = code[..2] is "22" or "23",
        },
        _ when IsOfTheDatabase(e) => new StorageException($"The database did not answer: {e.Message}"),
        _ => e,
    };
}
