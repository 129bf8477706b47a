using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class OutboxContract : StorageContract
{
    private static readonly Attempt Second = new(Now.AddSeconds(3), 2, "503 Service Unavailable");

    [Fact]
    public async Task A_new_message_is_due_at_once_and_whole()
    {
        var message = await SendAsync(Order);

        var due = Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now, 10));

        Assert.Equal(message with { NextAttemptAt = message.CreatedAt }, due);
        Assert.Equal(Now, await Storage.Outbox.NextDueAtAsync("east-wms"));
        Assert.Null(await Storage.Outbox.NextDueAtAsync("west-wms"));
        Assert.Empty(await Storage.Outbox.DueAsync("west-wms", Now, 10));
        Assert.Empty(await Storage.Outbox.DueAsync("east-wms", Now.AddMilliseconds(-1), 10));
    }

    [Fact]
    public async Task The_longest_due_go_first()
    {
        for (var at = 4; at >= 0; at--)
            await SendAsync(new OrderKey("acme", $"{at}"), at);

        var due = await Storage.Outbox.DueAsync("east-wms", Now.AddMilliseconds(3), 3);

        Assert.Equal(["0", "1", "2"], due.Select(message => message.OrderKey.OrderId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_was_due_before_a_moment_can_be_left_out()
    {
        for (var at = 0; at < 4; at++)
            await SendAsync(new OrderKey("acme", $"{at}"), at);

        var due = await Storage.Outbox.DueAsync("east-wms", Now.AddMilliseconds(3), 10, Now.AddMilliseconds(2));

        Assert.Equal(["2", "3"], due.Select(message => message.OrderKey.OrderId), StringComparer.Ordinal);
    }

    [Fact]
    public async Task A_postponed_message_is_due_later_and_its_order_says_so()
    {
        var message = await SendAsync(Order);

        await Storage.Outbox.PostponeAsync(message.Id, Second, Now.AddMinutes(1));

        Assert.Empty(await Storage.Outbox.DueAsync("east-wms", Now.AddSeconds(59), 10));
        var due = Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now.AddMinutes(1), 10));
        Assert.Equal((2, Now.AddMinutes(1)), (due.Attempts, due.NextAttemptAt));
        Assert.Equal(
            [
                new TimelineEntry(
                    Second.At, TimelineKind.AttemptFailed,
                    "east-wms: attempt 2 failed; next try at 2026-11-23T12:01:00Z",
                    MessageId: message.Id, Said: "503 Service Unavailable"),
            ],
            await Storage.Orders.ListTimelineAsync(Order, 10));
    }

    [Fact]
    public async Task What_a_failing_destination_postponed_is_hastened_in_parts_and_the_oldest_goes_first()
    {
        var ids = new List<Guid>();
        for (var at = 0; at < 5; at++)
        {
            var message = await SendAsync(new OrderKey("acme", $"{at}"), at);
            ids.Add(message.Id);
            // The oldest has failed most, so it would wait longest.
            await Storage.Outbox.PostponeAsync(message.Id, Second, Now.AddMinutes(9 - at));
        }

        var now = Now.AddSeconds(10);
        Assert.Equal(2, await Storage.Outbox.HastenAsync("east-wms", now, 2));
        Assert.Equal(2, (await Storage.Outbox.DueAsync("east-wms", now, 10)).Count);
        Assert.Equal(3, await Storage.Outbox.HastenAsync("east-wms", now, 10));
        Assert.Equal(0, await Storage.Outbox.HastenAsync("east-wms", now, 10));

        var due = await Storage.Outbox.DueAsync("east-wms", now, 10);
        Assert.Equal(ids, due.Select(message => message.Id));
        Assert.All(due, message => Assert.Equal((2, message.CreatedAt), (message.Attempts, message.NextAttemptAt)));
    }

    [Fact]
    public async Task Only_what_waits_for_its_own_next_attempt_is_hastened()
    {
        var passed = await SendAsync(new OrderKey("acme", "1"), 1);
        await Storage.Outbox.PostponeAsync(passed.Id, Second, Now.AddSeconds(1));
        var resumed = await SendAsync(new OrderKey("acme", "2"), 2);
        Assert.True(await Storage.Outbox.ParkAsync(resumed.Id, Second, "refused"));
        Assert.False(await Storage.Outbox.ParkAsync(resumed.Id, Second, "refused"));
        await Storage.Outbox.ResumeAsync(resumed.Id, "ops", Now.AddMinutes(1));
        var parked = await SendAsync(new OrderKey("acme", "3"), 3);
        await Storage.Outbox.ParkAsync(parked.Id, Second, "refused");
        var elsewhere = await SendAsync(new OrderKey("acme", "4"), 4, "west-wms");
        await Storage.Outbox.PostponeAsync(elsewhere.Id, Second, Now.AddMinutes(1));
        await SendAsync(new OrderKey("acme", "5"), 60_000);

        Assert.Equal(0, await Storage.Outbox.HastenAsync("east-wms", Now.AddSeconds(2), 10));

        Assert.Equal(passed.Id, Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now.AddSeconds(2), 10)).Id);
        Assert.NotNull(await Storage.Outbox.FindParkedAsync(parked.Id));
        Assert.Equal(Now.AddMinutes(1), await Storage.Outbox.NextDueAtAsync("west-wms"));
    }

    [Fact]
    public async Task A_parked_message_waits_for_a_person_who_resumes_it()
    {
        var message = await SendAsync(Order);
        await Storage.Outbox.ParkAsync(message.Id, Second, "refused");

        Assert.Empty(await Storage.Outbox.DueAsync("east-wms", Now.AddDays(9), 10));
        var parked = new ParkedMessage(
            message.Id, "east-wms", MessageKind.Release, Order.ToString(), message.Reference, "refused",
            "503 Service Unavailable", 2, Second.At);
        Assert.Equal(parked, await Storage.Outbox.FindParkedAsync(message.Id));
        Assert.Equal([parked], (await Storage.Outbox.ListParkedAsync(new ParkedFilter(), FirstPage)).Items);
        Assert.Equal([new ParkedMessages("east-wms", "refused", 1)], await Storage.Outbox.ListParkedGroupsAsync());

        Assert.Equal("east-wms", await Storage.Outbox.ResumeAsync(message.Id, "ops", Now.AddHours(1)));
        Assert.Null(await Storage.Outbox.ResumeAsync(message.Id, "ops", Now.AddHours(1)));
        var due = Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now.AddHours(1), 10));
        Assert.Equal(0, due.Attempts);
        Assert.Null(await Storage.Outbox.FindParkedAsync(message.Id));
        var timeline = await Storage.Orders.ListTimelineAsync(Order, 10);
        Assert.Equal(
            [TimelineKind.MessageParked, TimelineKind.MessageResumed], timeline.Select(entry => entry.Kind));
        Assert.Equal("ops", timeline[1].Actor);
    }

    [Fact]
    public async Task A_discarded_message_is_superseded_with_the_persons_reason()
    {
        var message = await SendAsync(Order);
        Assert.False(await Storage.Outbox.DiscardAsync(message.Id, "ops", "not parked", Now));
        await Storage.Outbox.ParkAsync(message.Id, Second, "refused");

        Assert.True(await Storage.Outbox.DiscardAsync(message.Id, "ops", "sent by hand", Now));

        Assert.False(await Storage.Outbox.DiscardAsync(message.Id, "ops", "again", Now));
        Assert.Equal(new OutboxAudit(1, 0, 1, 0, 0), await Storage.Outbox.AuditAsync());
        var entry = (await Storage.Orders.ListTimelineAsync(Order, 10))[^1];
        Assert.Equal((TimelineKind.MessageDiscarded, "ops"), (entry.Kind, entry.Actor));
        Assert.Contains("sent by hand", entry.Summary, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answered_message_is_left_alone_by_late_attempts()
    {
        var message = await SendAsync(Order);
        await Storage.Orders.CommitAsync(new OrderCommit { Key = Order, Delivered = message.Id, At = Now });

        await Storage.Outbox.PostponeAsync(message.Id, Second, Now.AddMinutes(1));
        await Storage.Outbox.ParkAsync(message.Id, Second, "refused");
        await Storage.Orders.CommitAsync(
            Placed(Order) with { ExpectedVersion = 1, Superseded = [message.Id] });

        Assert.Equal(new OutboxAudit(1, 1, 0, 0, 0), await Storage.Outbox.AuditAsync());
        Assert.Empty(await Storage.Orders.ListTimelineAsync(Order, 10));
    }

    [Fact]
    public async Task A_superseded_message_makes_room_for_the_next_of_its_release()
    {
        var first = await SendAsync(Order);
        await Storage.Outbox.ParkAsync(first.Id, Second, "refused");

        Assert.True(await Storage.Orders.CommitAsync(Placed(Order) with
        {
            ExpectedVersion = 1,
            Superseded = [first.Id],
            Messages = [MessageTo("east-wms", Order, 1)],
        }));

        Assert.Equal(new OutboxAudit(2, 0, 1, 0, 1), await Storage.Outbox.AuditAsync());
    }

    [Fact]
    public async Task A_release_has_one_open_message()
    {
        await SendAsync(Order);

        var refused = await Assert.ThrowsAsync<StorageException>(() => Storage.Orders.CommitAsync(
            Placed(Order) with { ExpectedVersion = 1, Messages = [MessageTo("east-wms", Order, 1)] }));

        Assert.Contains("message", refused.Message, StringComparison.Ordinal);
        Assert.Equal(1, (await Storage.Orders.LoadAsync(Order))!.Version);
    }

    [Fact]
    public async Task Parked_messages_are_listed_in_pages_the_last_parked_first()
    {
        var ids = new List<Guid>();
        for (var at = 0; at < 5; at++)
        {
            ids.Insert(0, (await SendAsync(new OrderKey("acme", $"{at}"), at)).Id);
            await Storage.Outbox.ParkAsync(ids[0], Second, at == 2 ? "gone" : "refused");
        }

        var east = new ParkedFilter("east-wms");
        var first = await Storage.Outbox.ListParkedAsync(east, new PageRequest(3, null));
        await Storage.Outbox.ResumeAsync(ids[0], "ops", Now);
        var second = await Storage.Outbox.ListParkedAsync(east, new PageRequest(3, first.NextCursor));

        Assert.Equal(ids, first.Items.Concat(second.Items).Select(parked => parked.Id));
        var gone = await Storage.Outbox.ListParkedAsync(new ParkedFilter(Reason: "gone"), FirstPage);
        Assert.Equal(ids[2], Assert.Single(gone.Items).Id);
        Assert.Empty((await Storage.Outbox.ListParkedAsync(new ParkedFilter("west-wms"), FirstPage)).Items);
    }

    [Fact]
    public async Task Depths_count_what_is_due_by_destination()
    {
        await SendAsync(new OrderKey("acme", "1"), 1);
        var later = await SendAsync(new OrderKey("acme", "2"), 2);
        await SendAsync(new OrderKey("acme", "3"), 3, "west-wms");
        var parked = await SendAsync(new OrderKey("acme", "4"), 4, "north-wms");
        await Storage.Outbox.ParkAsync(parked.Id, Second, "refused");
        await Storage.Outbox.PostponeAsync(later.Id, Second, Now.AddMinutes(1));

        Assert.Equal(
            [
                new DestinationDepth("east-wms", 2, Now.AddMilliseconds(1), Now.AddMilliseconds(1)),
                new DestinationDepth("west-wms", 1, Now.AddMilliseconds(3), Now.AddMilliseconds(3)),
            ],
            await Storage.Outbox.ListDepthsAsync());
    }

    private async Task<OutboundMessage> SendAsync(OrderKey order, int milliseconds = 0, string destination = "east-wms")
    {
        var message = MessageTo(destination, order, milliseconds);
        Assert.True(await Storage.Orders.CommitAsync(
            Placed(order, OrderStatus.Released) with { Messages = [message] }));
        return message;
    }
}
