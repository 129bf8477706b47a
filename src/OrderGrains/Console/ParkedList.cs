using OrderGrains.Ingress;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Console;

/// <summary>The dead letters of both directions as one list, newest first.</summary>
internal sealed class ParkedList(IInbox inbox, IOutbox outbox)
{
    /// <exception cref="FormatException">The cursor is not one that a list gave out.</exception>
    public async Task<Page<ParkedItem>> ListAsync(ParkedSelection selection, PageRequest page)
    {
        if (!selection.TakesMessages)
            return await ReceiptsAsync(selection, page);
        if (!selection.TakesReceipts)
            return await MessagesAsync(selection, page);
        return await MergeAsync(selection, page);
    }

    public async Task<ParkedItem?> FindAsync(Guid id)
    {
        if (await inbox.FindAsync(id) is { Outcome: ReceiptOutcome.Parked } receipt)
            return ParkedItem.Of(receipt);
        return await outbox.FindParkedAsync(id) is { } message ? ParkedItem.Of(message) : null;
    }

    public async Task<ParkedGroups> ListGroupsAsync()
    {
        var receipts = await inbox.ListParkedGroupsAsync();
        var messages = await outbox.ListParkedGroupsAsync();
        var groups = receipts
            .Select(group => new ParkedGroup(ParkedKind.Receipt, group.Source, null, group.Reason, group.Count))
            .Concat(messages.Select(
                group => new ParkedGroup(ParkedKind.Message, null, group.Destination, group.Reason, group.Count)));
        return new ParkedGroups([.. groups.OrderByDescending(group => group.Count)]);
    }

    public async Task<Page<ParkedItem>> ReceiptsAsync(ParkedSelection selection, PageRequest page)
    {
        var filter = new ReceiptFilter(selection.Source, ReceiptOutcome.Parked, Reason: selection.Reason);
        var found = await inbox.ListAsync(filter, page);
        return new Page<ParkedItem>([.. found.Items.Select(ParkedItem.Of)], found.NextCursor);
    }

    public async Task<Page<ParkedItem>> MessagesAsync(ParkedSelection selection, PageRequest page)
    {
        var found = await outbox.ListParkedAsync(new ParkedFilter(selection.Destination, selection.Reason), page);
        return new Page<ParkedItem>([.. found.Items.Select(ParkedItem.Of)], found.NextCursor);
    }

    /// <summary>
    /// Takes a full page of each list and merges their heads. A list that is used in part is asked once more for just
    /// that part: its cursor then stands after the last row used.
    /// </summary>
    private async Task<Page<ParkedItem>> MergeAsync(ParkedSelection selection, PageRequest page)
    {
        var cursor = ParkedCursor.Parse(page.Cursor);
        var receipts = await PartAsync(ReceiptsAsync, selection, cursor.Receipts, page.Limit);
        var messages = await PartAsync(MessagesAsync, selection, cursor.Messages, page.Limit);
        var merged = new List<ParkedItem>(page.Limit);
        int receiptsUsed = 0, messagesUsed = 0;
        while (merged.Count < page.Limit)
        {
            var receipt = receipts.Items.ElementAtOrDefault(receiptsUsed);
            var message = messages.Items.ElementAtOrDefault(messagesUsed);
            if (receipt is null && message is null)
                break;
            var receiptFirst = message is null || (receipt is not null && receipt.ParkedAt >= message.ParkedAt);
            merged.Add(receiptFirst ? receipts.Items[receiptsUsed++] : messages.Items[messagesUsed++]);
        }

        var next = new ParkedCursor(
            await PlaceAsync(ReceiptsAsync, selection, cursor.Receipts, receipts, receiptsUsed),
            await PlaceAsync(MessagesAsync, selection, cursor.Messages, messages, messagesUsed));
        return new Page<ParkedItem>(merged, next.Text);
    }

    private static Task<Page<ParkedItem>> PartAsync(
        Func<ParkedSelection, PageRequest, Task<Page<ParkedItem>>> list, ParkedSelection selection, ListPlace place,
        int limit) =>
        place.Done
            ? Task.FromResult(new Page<ParkedItem>([], null))
            : list(selection, new PageRequest(limit, place.Cursor));

    private static async Task<ListPlace> PlaceAsync(
        Func<ParkedSelection, PageRequest, Task<Page<ParkedItem>>> list,
        ParkedSelection selection, ListPlace before, Page<ParkedItem> part, int used)
    {
        if (used == part.Items.Count)
            return ListPlace.After(part.NextCursor);
        if (used == 0)
            return before;
        var again = await list(selection, new PageRequest(used, before.Cursor));
        return ListPlace.After(again.NextCursor);
    }
}
