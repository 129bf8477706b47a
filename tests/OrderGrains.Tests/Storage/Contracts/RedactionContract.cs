using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>What a commit that redacts takes with it, and what it leaves.</summary>
public abstract class RedactionContract : StorageContract
{
    private static readonly OrderKey Other = new("acme", "77");

    [Fact]
    public async Task What_is_kept_beside_the_state_is_erased_with_it_and_nothing_of_another_order()
    {
        var (settled, parked, last) = (await AppendAsync(0), await AppendAsync(1), await AppendAsync(2));
        var foreign = await AppendAsync(3);
        var message = MessageTo("east-wms", Order);
        await CommitAsync(Placed(Order) with { Messages = [message], Timeline = [Told(settled)] }, settled);
        await CommitAsync(new OrderCommit { Key = Order, Timeline = [Told(parked)], At = Now }, parked, "no such line");
        await CommitAsync(Placed(Other) with { Timeline = [Told(foreign)] }, foreign);
        await Storage.Outbox.PostponeAsync(message.Id, new Attempt(Now, 1, "Ada is unknown"), Now.AddMinutes(1));

        Assert.True(await CommitAsync(Placed(Order, OrderStatus.Shipped) with
        {
            ExpectedVersion = 1,
            Timeline = [Told(last)],
            Redacts = true,
        }, last));
        await Storage.ReopenAsync();

        foreach (var receipt in (Receipt[])[settled, parked, last])
            Assert.Null(await Storage.Inbox.FindBodyAsync(receipt.Id));
        var row = await Storage.Inbox.FindAsync(parked.Id);
        Assert.Equal(
            (ReceiptOutcome.Ignored, OrderCommit.RedactedReason, 0), (row!.Outcome, row.Reason, row.BodyBytes));
        Assert.Equal(ReceiptOutcome.Applied, (await Storage.Inbox.FindAsync(last.Id))!.Outcome);
        var timeline = await Storage.Orders.ListTimelineAsync(Order, 10);
        Assert.Equal(4, timeline.Count);
        Assert.All(timeline, entry => Assert.Null(entry.Said));
        Assert.Equal("in our words", timeline[0].Summary);
        Assert.True(await Storage.Outbox.ParkAsync(message.Id, new Attempt(Now, 2, "again"), "refused"));

        Assert.NotNull(await Storage.Inbox.FindBodyAsync(foreign.Id));
        Assert.Equal("in theirs", Assert.Single(await Storage.Orders.ListTimelineAsync(Other, 10)).Said);
    }

    [Fact]
    public async Task What_a_destination_last_said_of_an_order_is_erased()
    {
        var message = MessageTo("east-wms", Order);
        await Storage.Orders.CommitAsync(Placed(Order) with { Messages = [message] });
        await Storage.Outbox.ParkAsync(message.Id, new Attempt(Now, 1, "Ada is unknown"), "refused");

        await Storage.Orders.CommitAsync(Placed(Order) with { ExpectedVersion = 1, Redacts = true });

        Assert.Null((await Storage.Outbox.FindParkedAsync(message.Id))!.LastAnswer);
    }

    [Fact]
    public async Task A_commit_that_loses_its_fence_erases_nothing_and_one_without_a_state_needs_none()
    {
        var (first, second) = (await AppendAsync(0), await AppendAsync(1));
        await CommitAsync(Placed(Order) with { Timeline = [Told(first)] }, first);

        Assert.False(await Storage.Orders.CommitAsync(Placed(Order) with { ExpectedVersion = 7, Redacts = true }));
        Assert.NotNull(await Storage.Inbox.FindBodyAsync(first.Id));

        await CommitAsync(
            new OrderCommit { Key = Order, Timeline = [Told(second)], Redacts = true, At = Now }, second, "stale");
        Assert.Null(await Storage.Inbox.FindBodyAsync(first.Id));
        Assert.Null(await Storage.Inbox.FindBodyAsync(second.Id));
    }

    [Fact]
    public async Task What_a_destination_answers_late_of_an_erased_order_is_not_kept()
    {
        var (erased, open) = (MessageTo("east-wms", Order), MessageTo("east-wms", Other, 1));
        var order = NewOrder(Order, OrderStatus.Shipped) with { Redaction = new Redaction("ops", Now) };
        await Storage.Orders.CommitAsync(Placed(Order) with { Next = order, Messages = [erased], Redacts = false });
        await Storage.Orders.CommitAsync(Placed(Other) with
        {
            Next = NewOrder(Other) with { Redaction = new Redaction("ops", Now) },
            Messages = [open],
        });

        foreach (var message in (OutboundMessage[])[erased, open])
        {
            await Storage.Outbox.PostponeAsync(message.Id, new Attempt(Now, 1, "Ada is unknown"), Now.AddMinutes(1));
            await Storage.Outbox.ParkAsync(message.Id, new Attempt(Now, 2, "Ada is unknown"), "refused");
        }

        Assert.Null((await Storage.Outbox.FindParkedAsync(erased.Id))!.LastAnswer);
        Assert.All(await Storage.Orders.ListTimelineAsync(Order, 10), entry => Assert.Null(entry.Said));
        Assert.Equal("Ada is unknown", (await Storage.Outbox.FindParkedAsync(open.Id))!.LastAnswer);
        Assert.Equal(
            ["Ada is unknown", "Ada is unknown"],
            (await Storage.Orders.ListTimelineAsync(Other, 10)).Select(entry => entry.Said), StringComparer.Ordinal);
    }

    [Fact]
    public async Task Receipts_of_no_order_are_found_by_outcome_and_of_the_settled_the_bodies_are_erased()
    {
        var (ignored, parked, pending) = (await AppendAsync(0), await AppendAsync(1), await AppendAsync(2));
        var (stale, ofAnOrder, elsewhere) = (await AppendAsync(3), await AppendAsync(4), await AppendAsync(5, "other"));
        await Storage.Inbox.ReturnAsync(stale.Id, new FetchedDocument("Ada"u8.ToArray(), Now));
        foreach (var (receipt, outcome) in ((Receipt, ReceiptOutcome)[])
            [
                (ignored, ReceiptOutcome.Ignored), (parked, ReceiptOutcome.Parked), (stale, ReceiptOutcome.Ignored),
                (elsewhere, ReceiptOutcome.Ignored),
            ])
        {
            await Storage.Inbox.SettleAsync(new ReceiptSettlement(receipt.Id, outcome, "so", null, Now));
        }

        await Storage.Inbox.SettleAsync(Settled(ofAnOrder, ReceiptOutcome.Ignored, "so"));

        Assert.Equal([ignored.Id, stale.Id], await FindAsync(ReceiptOutcome.Ignored, Guid.Empty, 9));
        Assert.Equal([ignored.Id], await FindAsync(ReceiptOutcome.Ignored, Guid.Empty, 1));
        Assert.Equal([stale.Id], await FindAsync(ReceiptOutcome.Ignored, ignored.Id, 9));
        Assert.Equal([parked.Id], await FindAsync(ReceiptOutcome.Parked, Guid.Empty, 9));
        Assert.Equal([pending.Id], await FindAsync(ReceiptOutcome.Pending, Guid.Empty, 9));
        var found = (await Storage.Inbox.ListOrderlessAsync("acme", ReceiptOutcome.Ignored, ignored.Id, 9))[0];
        Assert.Equal((3, 3), (found.Body.Length, found.Fetched!.Body.Length));

        Assert.Equal(2, await Storage.Inbox.EraseAsync([ignored.Id, parked.Id, pending.Id, stale.Id]));

        Assert.Empty(await FindAsync(ReceiptOutcome.Ignored, Guid.Empty, 9));
        Assert.Null(await Storage.Inbox.FindFetchedAsync(stale.Id));
        foreach (var kept in (Receipt[])[parked, pending, ofAnOrder, elsewhere])
            Assert.NotNull(await Storage.Inbox.FindBodyAsync(kept.Id));

        async Task<IEnumerable<Guid>> FindAsync(ReceiptOutcome outcome, Guid after, int countMax) =>
            (await Storage.Inbox.ListOrderlessAsync("acme", outcome, after, countMax)).Select(receipt => receipt.Id);
    }

    [Fact]
    public async Task A_receipt_is_settled_and_erased_at_once()
    {
        var receipt = await AppendAsync();
        await Storage.Inbox.ReturnAsync(receipt.Id, new FetchedDocument("Ada"u8.ToArray(), Now));

        await Storage.Inbox.EraseAsync(new ReceiptSettlement(receipt.Id, ReceiptOutcome.Applied, "done", null, Now));

        var row = await Storage.Inbox.FindAsync(receipt.Id);
        Assert.Equal((ReceiptOutcome.Applied, "done", 0), (row!.Outcome, row.Reason, row.BodyBytes));
        Assert.Null(await Storage.Inbox.FindBodyAsync(receipt.Id));
        Assert.Null(await Storage.Inbox.FindFetchedAsync(receipt.Id));
    }

    [Fact]
    public async Task The_orders_of_a_source_are_found_by_address_in_whatever_case_and_in_parts()
    {
        OrderKey[] keys = [new("acme", "1"), new("acme", "2"), new("acme", "3"), new("acme-two", "1")];
        foreach (var key in keys)
        {
            var order = NewOrder(key);
            await Storage.Orders.CommitAsync(Placed(key) with
            {
                Next = order with
                {
                    Storefront = order.Storefront! with
                    {
                        ShipTo = key.OrderId == "2" ? null : new ShipTo { Email = $" Ada{key.OrderId}ï@Example.net" },
                    },
                },
            });
        }

        Assert.Equal("acme/1 end", await FindAsync("acme", "ada1Ï@example.NET ", null, 10));
        Assert.Equal("acme/1 acme/2 2", await FindAsync("acme", null, null, 2));
        Assert.Equal("acme/3 end", await FindAsync("acme", null, "2", 2));
        Assert.Equal("end", await FindAsync("ac", null, null, 2));

        async Task<string> FindAsync(string source, string? email, string? after, int countMax)
        {
            var page = await Storage.Orders.ListOfSourceAsync(source, email, after, countMax);
            return string.Join(' ', page.Orders.Select(key => key.ToString()).Append(page.Next ?? "end"));
        }
    }

    private static TimelineEntry Told(Receipt receipt) =>
        new(Now, TimelineKind.ReceiptApplied, "in our words", receipt.Id, Said: "in theirs");

    private Task<bool> CommitAsync(OrderCommit commit, Receipt receipt, string? parked = null) =>
        Storage.Orders.CommitAsync(commit with
        {
            Receipt = new ReceiptSettlement(
                receipt.Id, parked is null ? ReceiptOutcome.Applied : ReceiptOutcome.Parked, parked, commit.Key, Now),
        });
}
