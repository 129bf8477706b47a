using System.Data.Common;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>The console's sessions, and when keys were used.</summary>
/// <param name="database">Shared with the other stores.</param>
internal sealed class SqliteSessions(SqliteDatabase database) : ISessions
{
    public Task BeginAsync(SessionRow session) => database.WriteAsync(writer => writer.Execute(
        """
        insert into console_session (id, actor, role, means, begun_at, seen_at)
        values ($id, $actor, $role, $means, $begun, $seen)
        """,
        ("$id", session.Id), ("$actor", session.Actor), ("$role", session.Role), ("$means", session.Means),
        ("$begun", session.BegunAt), ("$seen", session.SeenAt)));

    public Task<bool> IsOpenAsync(Guid id) => database.ReadAsync(reader =>
        reader.Find("select 1 from console_session where id = $id", _ => true, ("$id", id)));

    public async Task<IReadOnlyList<SessionRow>> ListAsync(DateTimeOffset since, int countMax) =>
        await database.ReadAsync(reader => reader.List(
            """
            select id, actor, role, means, begun_at, seen_at from console_session
            where seen_at >= $since order by seen_at desc, id limit $count
            """,
            ReadSession, ("$since", since), ("$count", countMax)));

    public Task<bool> EndAsync(Guid id) => database.WriteAsync(writer =>
        writer.Execute("delete from console_session where id = $id", ("$id", id)) > 0);

    public Task<int> EndAllAsync(string actor) => database.WriteAsync(writer =>
        writer.Execute("delete from console_session where actor = $actor", ("$actor", actor)));

    public Task NoteAsync(IReadOnlyList<Guid> sessions, IReadOnlyList<string> keys, DateTimeOffset at) =>
        database.WriteAsync(writer =>
        {
            foreach (var id in sessions)
            {
                writer.Execute(
                    "update console_session set seen_at = max(seen_at, $at) where id = $id", ("$at", at), ("$id", id));
            }

            foreach (var name in keys)
            {
                writer.Execute(
                    """
                    insert into key_use (name, used_at) values ($name, $at)
                    on conflict (name) do update set used_at = max(used_at, excluded.used_at)
                    """,
                    ("$name", name), ("$at", at));
            }

            return 0;
        });

    public Task DeleteAsync(DateTimeOffset unseenSince) => database.WriteAsync(writer =>
        writer.Execute("delete from console_session where seen_at < $since", ("$since", unseenSince)));

    public async Task<IReadOnlyDictionary<string, DateTimeOffset>> ListKeyUseAsync() =>
        (await database.ReadAsync(reader => reader.List(
            "select name, used_at from key_use", row => (Name: row.GetString(0), At: row.GetTime(1)))))
        .ToDictionary(use => use.Name, use => use.At, StringComparer.Ordinal);

    private static SessionRow ReadSession(DbDataReader row) => new(
        row.GetId(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetTime(4), row.GetTime(5));
}
