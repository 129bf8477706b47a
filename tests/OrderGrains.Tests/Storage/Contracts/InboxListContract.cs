using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class InboxListContract : StorageContract
{
    private static readonly ReceiptFilter All = new();

    [Fact]
    public async Task Pages_run_from_the_newest_and_neither_skip_nor_repeat_when_receipts_arrive_between()
    {
        var receipts = new List<Guid>();
        for (var at = 0; at < 5; at++)
            receipts.Insert(0, (await AppendAsync(at)).Id);

        var first = await Storage.Inbox.ListAsync(All, new PageRequest(2, null));
        await AppendAsync(99);
        var second = await Storage.Inbox.ListAsync(All, new PageRequest(2, first.NextCursor));
        await AppendAsync(100);
        var third = await Storage.Inbox.ListAsync(All, new PageRequest(2, second.NextCursor));

        Assert.Equal(receipts, first.Items.Concat(second.Items).Concat(third.Items).Select(row => row.Id));
        Assert.Null(third.NextCursor);
    }

    [Fact]
    public async Task A_page_that_ends_the_list_has_no_next()
    {
        await AppendAsync(1);
        await AppendAsync(2);

        Assert.Null((await Storage.Inbox.ListAsync(All, new PageRequest(2, null))).NextCursor);
    }

    [Fact]
    public async Task A_filter_narrows_the_list()
    {
        var parked = await AppendAsync(1);
        await Storage.Inbox.SettleAsync(Settled(parked, ReceiptOutcome.Parked, "unreadable"));
        var other = await AppendAsync(2, source: "west");
        var late = await AppendAsync(3_000);

        Assert.Equal([parked.Id], await IdsAsync(All with { Outcome = ReceiptOutcome.Parked }));
        Assert.Equal([parked.Id], await IdsAsync(All with { Reason = "unreadable" }));
        Assert.Equal([other.Id], await IdsAsync(All with { Source = "west" }));
        Assert.Equal([late.Id], await IdsAsync(All with { Since = Now.AddMilliseconds(3_000) }));
        Assert.Equal([late.Id, other.Id], await IdsAsync(All with { Since = Now.AddMilliseconds(2) }));
        Assert.Empty(await IdsAsync(All with { Since = Now.AddHours(1) }));
    }

    [Theory]
    [InlineData("!")]
    [InlineData("bm9uc2Vuc2U")]
    public Task A_malformed_cursor_is_refused(string cursor) => Assert.ThrowsAsync<FormatException>(
        () => Storage.Inbox.ListAsync(All, new PageRequest(2, cursor)));

    [Theory]
    [InlineData(0, 1)]
    [InlineData(-5, 1)]
    [InlineData(10_000, PageRequest.LimitMax)]
    public async Task A_limit_is_kept_within_bounds(int limit, int expected)
    {
        await Task.WhenAll(Enumerable.Range(0, PageRequest.LimitMax + 1).Select(at => AppendAsync(at)));

        Assert.Equal(expected, (await Storage.Inbox.ListAsync(All, new PageRequest(limit, null))).Items.Count);
    }

    private async Task<IEnumerable<Guid>> IdsAsync(ReceiptFilter filter) =>
        (await Storage.Inbox.ListAsync(filter, FirstPage)).Items.Select(row => row.Id);
}
