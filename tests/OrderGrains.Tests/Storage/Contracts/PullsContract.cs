using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class PullsContract : StorageContract
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    [Fact]
    public async Task What_was_read_and_how_far_are_one_commit()
    {
        Assert.Null((await Storage.Pulls.TakeAsync("queue", Long))!.Cursor);
        var receipts = new[] { ReceiptAt(0, "queue"), ReceiptAt(1, "queue") };

        Assert.True(await Storage.Pulls.AppendAsync("queue", receipts, "page-2"));

        Assert.Equal("page-2", (await Storage.Pulls.TakeAsync("queue", Long))!.Cursor);
        Assert.Equal(receipts.Select(r => r.Id), (await Storage.Inbox.ClaimAsync(new(10))).Select(r => r.Id));
    }

    [Fact]
    public async Task What_cannot_be_written_does_not_move_on()
    {
        await Storage.Pulls.TakeAsync("queue", Long);
        var (twice, other) = (ReceiptAt(0, "queue"), ReceiptAt(1, "queue"));

        await Assert.ThrowsAnyAsync<StorageException>(
            () => Storage.Pulls.AppendAsync("queue", [other, twice, twice], "page-2"));

        Assert.Null((await Storage.Pulls.TakeAsync("queue", Long))!.Cursor);
        Assert.Empty(await Storage.Inbox.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task A_mark_moves_without_news_is_taken_back_and_survives_the_process()
    {
        await Storage.Pulls.TakeAsync("queue", Long);
        await Storage.Pulls.TakeAsync("other", Long);
        Assert.True(await Storage.Pulls.AppendAsync("queue", [], "page-9"));
        Assert.True(await Storage.Pulls.AppendAsync("other", [], "page-1"));
        Assert.True(await Storage.Pulls.AppendAsync("other", [], null));
        await Storage.Pulls.LetGoAsync("queue");
        await Storage.Pulls.LetGoAsync("other");

        await Storage.ReopenAsync();

        Assert.Equal("page-9", (await Storage.Pulls.TakeAsync("queue", Long))!.Cursor);
        Assert.Null((await Storage.Pulls.TakeAsync("other", Long))!.Cursor);
    }
}
