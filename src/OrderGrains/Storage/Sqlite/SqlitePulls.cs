using OrderGrains.Ingress;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>How far pulled sources have been read. One process owns the file, so it always has the turn.</summary>
/// <param name="database">Shared with the other stores.</param>
internal sealed class SqlitePulls(SqliteDatabase database) : IPulls
{
    public async Task<Turn?> TakeAsync(string source, TimeSpan lease) => new(await database.ReadAsync(session =>
        session.Find("select cursor from pull where source = $source", row => row.FindText(0), ("$source", source))));

    public Task<bool> AppendAsync(string source, IReadOnlyList<Receipt> receipts, string? cursor) =>
        database.WriteAsync(session =>
        {
            foreach (var receipt in receipts)
                SqliteInbox.Append(session, receipt, owner: null);
            return session.Execute(
                """
                insert into pull (source, cursor) values ($source, $cursor)
                on conflict (source) do update set cursor = excluded.cursor
                """,
                ("$source", source), ("$cursor", cursor)) > 0;
        });

    public Task LetGoAsync(string source) => Task.CompletedTask;
}
