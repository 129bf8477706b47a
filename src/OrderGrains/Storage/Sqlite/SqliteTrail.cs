using System.Data.Common;
using OrderGrains.Vocabulary;

namespace OrderGrains.Storage.Sqlite;

/// <summary>Who acted and who looked.</summary>
/// <param name="database">Shared with the other stores.</param>
internal sealed class SqliteTrail(SqliteDatabase database) : ITrail
{
    public Task AppendAsync(TrailEntry entry) => database.WriteAsync(session => session.Execute(
        """
        insert into trail (id, at, actor, role, means, act, subject, result)
        values ($id, $at, $actor, $role, $means, $act, $subject, $result)
        """,
        ("$id", entry.Id), ("$at", entry.At), ("$actor", entry.Actor), ("$role", entry.Role), ("$means", entry.Means),
        ("$act", entry.Act), ("$subject", entry.Subject),
        ("$result", entry.Result is { } result ? StoredName.Of(result) : null)));

    public Task SettleAsync(Guid id, TrailResult result) => database.WriteAsync(session => session.Execute(
        "update trail set result = $result where id = $id", ("$result", StoredName.Of(result)), ("$id", id)));

    public async Task<Page<TrailEntry>> ListAsync(TrailFilter filter, PageRequest page)
    {
        Guid? after = page.Cursor is null ? null : Cursor.ParseId(Cursor.Parse(page.Cursor, 1)[0]);
        var where = new SqlFilter()
            .And("id < $after", ("$after", after))
            .And(
                "id >= $first and at >= $since",
                ("$first", filter.Since is { } since ? TimeOrderedId.First(since) : null), ("$since", filter.Since))
            .And("at < $until", ("$until", filter.Until))
            .And("actor = $actor", ("$actor", filter.Actor))
            .And("subject = $subject", ("$subject", filter.Subject));
        var rows = await database.ReadAsync(session => session.List(
            $"""
            select id, at, actor, role, means, act, subject, result from trail {where}
            order by id desc limit $limit
            """,
            ReadEntry, where.Values(("$limit", Paging.Limit(page) + 1))));
        return Paging.Page(rows, page, entry => Cursor.Of(entry.Id.ToString("N")));
    }

    public Task<int> DeleteAsync(DateTimeOffset before, int countMax) => database.WriteAsync(session =>
        session.Execute(
            "delete from trail where id in (select id from trail where id < $before order by id limit $count)",
            ("$before", TimeOrderedId.First(before)), ("$count", countMax)));

    private static TrailEntry ReadEntry(DbDataReader row) => new(
        row.GetId(0), row.GetTime(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetString(5),
        row.FindText(6), row.IsDBNull(7) ? null : row.GetName<TrailResult>(7));
}
