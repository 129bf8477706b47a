using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class SessionsContract : StorageContract
{
    [Fact]
    public async Task A_session_is_open_over_restarts_until_it_is_ended()
    {
        var (mine, other) = (await BeginAsync(0, "ada"), await BeginAsync(1, "bob"));
        await Storage.ReopenAsync();
        Assert.True(await Storage.Sessions.IsOpenAsync(mine.Id));
        Assert.Equal([other, mine], await Storage.Sessions.ListAsync(Now, 10));

        Assert.True(await Storage.Sessions.EndAsync(mine.Id));
        Assert.False(await Storage.Sessions.EndAsync(mine.Id));

        Assert.False(await Storage.Sessions.IsOpenAsync(mine.Id));
        Assert.Equal([other], await Storage.Sessions.ListAsync(Now, 10));
    }

    [Fact]
    public async Task All_of_an_actor_end_and_no_others()
    {
        await BeginAsync(0, "ada");
        await BeginAsync(1, "ada");
        var other = await BeginAsync(2, "bob");

        Assert.Equal(2, await Storage.Sessions.EndAllAsync("ada"));

        Assert.Equal([other], await Storage.Sessions.ListAsync(Now, 10));
    }

    [Fact]
    public async Task Use_is_noted_never_backwards_and_the_unseen_go()
    {
        var (used, idle) = (await BeginAsync(0, "ada"), await BeginAsync(1, "bob"));
        var later = Now.AddMinutes(2);
        Assert.Empty(await Storage.Sessions.ListKeyUseAsync());

        await Storage.Sessions.NoteAsync([used.Id, NewId(99)], ["ops", "erp"], later);
        await Storage.Sessions.NoteAsync([used.Id], ["ops"], Now.AddMinutes(1));

        Assert.Equal([used with { SeenAt = later }, idle], await Storage.Sessions.ListAsync(Now, 10));
        Assert.Equal([used with { SeenAt = later }], await Storage.Sessions.ListAsync(Now, 1));
        var keys = await Storage.Sessions.ListKeyUseAsync();
        Assert.Equal((2, later, later), (keys.Count, keys["ops"], keys["erp"]));

        await Storage.Sessions.DeleteAsync(Now.AddMinutes(1));
        Assert.False(await Storage.Sessions.IsOpenAsync(idle.Id));
        Assert.True(await Storage.Sessions.IsOpenAsync(used.Id));
    }

    private async Task<SessionRow> BeginAsync(int milliseconds, string actor)
    {
        var at = Now.AddMilliseconds(milliseconds);
        var session = new SessionRow(NewId(milliseconds), actor, "Admin", "key", at, at);
        await Storage.Sessions.BeginAsync(session);
        return session;
    }
}
