using Npgsql;
using OrderGrains.Orders;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// A commit that erases as well: seldom, so it goes by itself, and the statement of all the others stays as it is. The
/// server keeps what was there until it is vacuumed, and its log and backups as long as they are kept.
/// </summary>
internal static class PostgresRedaction
{
    // The timeline tells which receipts are the order's.
    private const string Sql = """
        with told as materialized (
            select (entry ->> 'receiptId')::uuid as id
            from timeline, json_array_elements(entries) as entry where order_key = $1),
        receipts as (
            update receipt as r set
                body = null, fetched = null, fetched_at = null,
                reason = case outcome when 'parked' then $2 else reason end,
                settled_at = case outcome when 'parked' then $3 else settled_at end,
                outcome = case outcome when 'parked' then 'ignored' else outcome end
            where outcome <> 'pending' and id in (select id from told)),
        words as (
            update timeline set entries = (
                select json_agg(entry::jsonb - 'said' order by place)
                from json_array_elements(entries) with ordinality as e (entry, place))
            where order_key = $1 and entries::text like '%"said"%')
        update message set last_answer = null
        where subject = $1 and subject_kind = 'order' and last_answer is not null
        """;

    /// <returns>False on a version conflict: then nothing was written.</returns>
    public static async Task<bool> CommitAsync(NpgsqlDataSource source, OrderCommit commit)
    {
        try
        {
            await using var connection = await source.OpenConnectionAsync();
            await using var transaction = await connection.BeginTransactionAsync();
            if (await PostgresOrderCommit.WriteAsync(connection, [commit]) is not [true])
                return false;
            await using var command = new NpgsqlCommand(Sql, connection);
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = commit.Key.ToString() });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = OrderCommit.RedactedReason });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = commit.At.UtcDateTime });
            await command.ExecuteNonQueryAsync();
            await transaction.CommitAsync();
            return true;
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }
}
