using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class TrailContract : StorageContract
{
    private static readonly TrailFilter All = new();

    [Fact]
    public async Task An_act_stands_there_before_it_is_done_and_is_settled_after()
    {
        var act = await AddAsync(0, result: null);
        Assert.Equal(act, Assert.Single((await Storage.Trail.ListAsync(All, FirstPage)).Items));

        await Storage.Trail.SettleAsync(act.Id, TrailResult.Refused);
        await Storage.ReopenAsync();

        Assert.Equal(
            act with { Result = TrailResult.Refused },
            Assert.Single((await Storage.Trail.ListAsync(All, FirstPage)).Items));
    }

    [Fact]
    public async Task Pages_run_from_the_newest_and_neither_skip_nor_repeat()
    {
        var entries = new List<Guid>();
        for (var at = 0; at < 5; at++)
            entries.Insert(0, (await AddAsync(at)).Id);

        var first = await Storage.Trail.ListAsync(All, new PageRequest(2, null));
        await AddAsync(99);
        var second = await Storage.Trail.ListAsync(All, new PageRequest(3, first.NextCursor));

        Assert.Equal(entries, first.Items.Concat(second.Items).Select(entry => entry.Id));
        Assert.Null(second.NextCursor);
    }

    [Fact]
    public async Task A_filter_narrows_the_list()
    {
        var (first, second) = (await AddAsync(0, "ada", "acme/1"), await AddAsync(10, "bob", "acme/2"));
        var third = await AddAsync(20, "ada", subject: null);

        await ShowsAsync(new(Actor: "ada"), third, first);
        await ShowsAsync(new(Subject: "acme/2"), second);
        await ShowsAsync(new(Since: Now.AddMilliseconds(10)), third, second);
        await ShowsAsync(new(Until: Now.AddMilliseconds(10)), first);
        await ShowsAsync(new("ada", "acme/1", Now, Now.AddMilliseconds(1)), first);
        await ShowsAsync(new(Actor: "eve"));
    }

    [Fact]
    public async Task What_is_old_is_deleted_in_parts_the_oldest_first()
    {
        var entries = new List<TrailEntry>();
        for (var at = 0; at < 4; at++)
            entries.Add(await AddAsync(at));

        Assert.Equal(2, await Storage.Trail.DeleteAsync(Now.AddMilliseconds(3), 2));
        await ShowsAsync(All, entries[3], entries[2]);
        Assert.Equal(1, await Storage.Trail.DeleteAsync(Now.AddMilliseconds(3), 2));
        await ShowsAsync(All, entries[3]);
    }

    private async Task<TrailEntry> AddAsync(
        int milliseconds, string actor = "ada", string? subject = "acme/1", TrailResult? result = TrailResult.Done)
    {
        var entry = new TrailEntry(
            NewId(milliseconds), Now.AddMilliseconds(milliseconds), actor, "Operator", "session", "holdOrder", subject,
            result);
        await Storage.Trail.AppendAsync(entry);
        return entry;
    }

    private async Task ShowsAsync(TrailFilter filter, params TrailEntry[] expected) =>
        Assert.Equal(expected, (await Storage.Trail.ListAsync(filter, FirstPage)).Items);
}
