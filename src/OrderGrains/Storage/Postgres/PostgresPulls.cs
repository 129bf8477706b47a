using Npgsql;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>
/// The turns at pulled sources. A turn ends by the server's clock, so that no two machines' clocks are compared.
/// </summary>
/// <param name="database">Shared with the other stores.</param>
/// <param name="holder">This process: no other has the same.</param>
internal sealed class PostgresPulls(PostgresDatabase database, Guid holder) : IPulls
{
    public async Task<Turn?> TakeAsync(string source, TimeSpan lease) => (await database.WriteAsync(
        """
        insert into pull as p (source, holder, held_until)
        values (@source, @holder, clock_timestamp() + make_interval(secs => @lease))
        on conflict (source) do update set holder = excluded.holder, held_until = excluded.held_until
        where p.holder is null or p.holder = @holder or p.held_until < clock_timestamp()
        returning p.cursor
        """,
        row => new Turn(row.FindText(0)),
        ("@source", source), ("@holder", holder), ("@lease", lease.TotalSeconds))).FirstOrDefault();

    public async Task<bool> AppendAsync(string source, IReadOnlyList<Receipt> receipts, string? cursor)
    {
        try
        {
            // The row is locked until the commit: whoever takes the turn meanwhile reads from the new place.
            await using var command = database.Writers.CreateCommand(
                $"""
                with mine as (
                    update pull set cursor = $10 where source = $11 and holder = $12 returning source),
                appended as ({PostgresReceipts.Append} where exists (select from mine))
                select source from mine
                """);
            PostgresReceipts.AddAppended(
                command, [.. receipts.Select(receipt => new PostgresReceipts.Appended(receipt, null))]);
            command.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = cursor });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = holder });
            return await command.ExecuteScalarAsync() is not null;
        }
        catch (Exception e) when (PostgresErrors.IsOfTheDatabase(e))
        {
            throw PostgresErrors.Translate(e);
        }
    }

    public Task LetGoAsync(string source) => database.ExecuteAsync(
        "update pull set holder = null where source = @source and holder = @holder",
        ("@source", source), ("@holder", holder));
}
