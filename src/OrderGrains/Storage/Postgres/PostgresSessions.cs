using System.Data.Common;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Postgres;

/// <summary>The console's sessions, and when keys were used.</summary>
/// <param name="database">Shared with the other stores.</param>
internal sealed class PostgresSessions(PostgresDatabase database) : ISessions
{
    public Task BeginAsync(SessionRow session) => database.ExecuteAsync(
        """
        insert into console_session (id, actor, role, means, begun_at, seen_at)
        values (@id, @actor, @role, @means, @begun, @seen)
        """,
        ("@id", session.Id), ("@actor", session.Actor), ("@role", session.Role), ("@means", session.Means),
        ("@begun", session.BegunAt), ("@seen", session.SeenAt));

    public Task<bool> IsOpenAsync(Guid id) => database.FindAsync(
        "select 1 from console_session where id = @id", _ => true, ("@id", id));

    public async Task<IReadOnlyList<SessionRow>> ListAsync(DateTimeOffset since, int countMax) =>
        await database.ListAsync(
            """
            select id, actor, role, means, begun_at, seen_at from console_session
            where seen_at >= @since order by seen_at desc, id limit @count
            """,
            ReadSession, ("@since", since), ("@count", countMax));

    public async Task<bool> EndAsync(Guid id) => await database.ExecuteAsync(
        "delete from console_session where id = @id", ("@id", id)) > 0;

    public Task<int> EndAllAsync(string actor) => database.ExecuteAsync(
        "delete from console_session where actor = @actor", ("@actor", actor));

    public async Task NoteAsync(IReadOnlyList<Guid> sessions, IReadOnlyList<string> keys, DateTimeOffset at)
    {
        if (sessions.Count > 0)
        {
            await database.ExecuteAsync(
                "update console_session set seen_at = greatest(seen_at, @at) where id = any(@ids)",
                ("@at", at), ("@ids", sessions.ToArray()));
        }

        if (keys.Count > 0)
        {
            await database.ExecuteAsync(
                """
                insert into key_use as u (name, used_at) select name, @at from unnest(@names) as n (name) order by name
                on conflict (name) do update set used_at = greatest(u.used_at, excluded.used_at)
                """,
                ("@at", at), ("@names", keys.ToArray()));
        }
    }

    public Task DeleteAsync(DateTimeOffset unseenSince) => database.ExecuteAsync(
        "delete from console_session where seen_at < @since", ("@since", unseenSince));

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListKeyUseAsync() => (await database.ListAsync(
            "select name, used_at from key_use", row => (Name: row.GetString(0), At: row.GetTime(1))))
        .ToDictionary(use => use.Name, use => use.At, StringComparer.Ordinal);

    private static SessionRow ReadSession(DbDataReader row) => new(
        row.GetGuid(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetTime(4), row.GetTime(5));
}
