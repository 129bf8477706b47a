using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class OutboxContract : StorageContract
{
    protected static readonly Attempt Second = new(Now.AddSeconds(3), 2, "503 Service Unavailable");

    [Fact]
    public async Task A_new_message_is_due_at_once_and_whole()
    {
        var message = await SendAsync(Order);

        var due = Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now, 10));

        Assert.Equal(message with { CoalescingKey = null }, due with { Written = 0 });
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

        Assert.Equal(
            ["acme/0", "acme/1", "acme/2"], due.Select(message => message.Subject.Key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_was_due_before_a_moment_can_be_left_out()
    {
        for (var at = 0; at < 4; at++)
            await SendAsync(new OrderKey("acme", $"{at}"), at);

        var due = await Storage.Outbox.DueAsync("east-wms", Now.AddMilliseconds(3), 10, Now.AddMilliseconds(2));

        Assert.Equal(["acme/2", "acme/3"], due.Select(message => message.Subject.Key), StringComparer.Ordinal);
    }

    [Fact]
    public async Task What_one_source_has_due_can_be_read_past_the_others()
    {
        for (var at = 0; at < 4; at++)
            await SendAsync(new OrderKey(at % 2 == 0 ? "acme" : "acme-two", $"{at}"), at);
        await Storage.Outbox.AppendAsync([MessageTo("east-wms", Order) with
        {
            Subject = new Subject(SubjectKind.Source, "acme"),
            CoalescingKey = null,
        }]);

        async Task<string> DueAsync(string? source, int since = 0) => string.Join(' ', (await Storage.Outbox.DueAsync(
            "east-wms", Now.AddMilliseconds(3), 10, Now.AddMilliseconds(since), source)).Select(m => m.Subject.Key));
        Assert.Equal("acme/0 acme/2", await DueAsync("acme"));
        Assert.Equal("acme-two/3", await DueAsync("acme-two", since: 2));
        Assert.Equal("acme", await DueAsync(""));
        Assert.Equal("", await DueAsync("ac"));
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
            message.Id, "east-wms", MessageKind.Release, Subject.Of(Order), message.SequenceKey, "refused",
            "503 Service Unavailable", 2, Second.At);
        Assert.Equal(parked, await Storage.Outbox.FindParkedAsync(message.Id));
        Assert.Equal([parked], (await Storage.Outbox.ListParkedAsync(new ParkedFilter(), FirstPage)).Items);
        Assert.Equal(message.Id, await Storage.Outbox.FindFirstParkedAsync(new ParkedFilter("east-wms", "refused")));
        Assert.Null(await Storage.Outbox.FindFirstParkedAsync(new ParkedFilter("east-wms", "other")));
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

    [Fact]
    public async Task Of_a_sequence_the_first_that_is_due_is_read_and_parked_ones_hold_nobody()
    {
        var (first, second) = (Event(1, 7), Event(2, 8));
        var other = Event(3, 1) with { SequenceKey = "order/acme/2" };
        await Storage.Outbox.AppendAsync([second, other, first]);
        Assert.Equal([first.Id, other.Id], await DueIdsAsync());

        await Storage.Outbox.PostponeAsync(first.Id, Second, Now.AddHours(1));
        Assert.Equal([other.Id], await DueIdsAsync());
        await Storage.Outbox.ParkAsync(first.Id, Second, "refused");
        Assert.Equal([second.Id, other.Id], await DueIdsAsync());

        await Storage.Outbox.DeliverAsync(second.Id, Now.AddSeconds(1));
        await Storage.Outbox.DeliverAsync(first.Id, Now.AddSeconds(1));
        Assert.Equal([other.Id], await DueIdsAsync());
        Assert.Equal(new OutboxAudit(3, 1, 0, 1, 1), await Storage.Outbox.AuditAsync());
    }

    [Fact]
    public async Task An_event_comes_back_as_it_was_written()
    {
        var message = Event(0, 64);
        await Storage.Outbox.AppendAsync([message]);

        var due = Assert.Single(await Storage.Outbox.DueAsync("erp", Now, 10));

        Assert.Equal(message, due with { Written = 0 });
    }

    [Fact]
    public async Task A_newer_message_about_a_stock_takes_the_place_of_the_open_one_and_its_time()
    {
        var stock = new StockKey("east", "POT");
        OutboundMessage Changed(int seconds) => Event(seconds * 1000, null) with
        {
            Subject = Subject.Of(stock),
            CoalescingKey = "stock.changed east/POT",
            Event = new EventFacts("stock.changed", null),
            NextAttemptAt = Now.AddSeconds(seconds + 1),
        };
        var (first, second, third) = (Changed(0), Changed(1), Changed(5));
        Assert.True(await Storage.Stock.CommitAsync(Level(stock, 0, 5, 0) with { Messages = [first] }));
        Assert.True(await Storage.Stock.CommitAsync(Level(stock, 1, 5, 2) with { Messages = [second] }));
        // What loses its fence tells nothing.
        Assert.False(await Storage.Stock.CommitAsync(Level(stock, 1, 5, 3) with { Messages = [third] }));

        var due = Assert.Single(await Storage.Outbox.DueAsync("erp", Now.AddSeconds(1), 10));
        Assert.Equal((second.Id, Now.AddSeconds(1)), (due.Id, due.NextAttemptAt));
        Assert.Equal(new OutboxAudit(2, 0, 1, 0, 1), await Storage.Outbox.AuditAsync());

        await Storage.Outbox.DeliverAsync(second.Id, Now.AddSeconds(2));
        Assert.True(await Storage.Stock.CommitAsync(Level(stock, 2, 5, 3) with { Messages = [third] }));
        Assert.Equal(Now.AddSeconds(6), await Storage.Outbox.NextDueAtAsync("erp"));
    }

    [Fact]
    public async Task A_mark_tells_what_was_written_before_it()
    {
        var before = await SendAsync(new OrderKey("acme", "1"), 1);
        var mark = await Storage.Outbox.MarkAsync();
        var after = await SendAsync(new OrderKey("acme", "2"), 2);

        var due = await Storage.Outbox.DueAsync("east-wms", Now.AddSeconds(1), 10);

        Assert.True(due.Single(message => message.Id == before.Id).Written <= mark);
        Assert.True(due.Single(message => message.Id == after.Id).Written > mark);
    }

    [Fact]
    public async Task Whoever_was_tried_is_known_to_have_been_though_a_person_resumes_it()
    {
        var message = await SendAsync(Order);
        Assert.False(Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now, 10)).Tried);
        await Storage.Outbox.ParkAsync(message.Id, Second, "refused");
        await Storage.Outbox.ResumeAsync(message.Id, "ops", Now.AddHours(-1));

        var due = Assert.Single(await Storage.Outbox.DueAsync("east-wms", Now, 10));

        Assert.Equal((true, 0), (due.Tried, due.Attempts));
    }

    [Fact]
    public async Task Many_are_resumed_the_longest_parked_first_each_with_its_time()
    {
        var orders = Enumerable.Range(0, 5).Select(at => new OrderKey("acme", $"{at}")).ToList();
        foreach (var (at, order) in orders.Index())
        {
            var message = await SendAsync(order, at);
            await Storage.Outbox.ParkAsync(
                message.Id, Second with { At = Second.At.AddSeconds(at) },
                at == 4 ? "refused by the destination" : "gave up after 3 attempts");
        }

        var givenUp = new ParkedFilter("east-wms", GivenUp: true);
        Assert.Equal(3, await Storage.Outbox.ResumeManyAsync(givenUp, "ops", Now, 2, 3));
        Assert.Equal(1, await Storage.Outbox.ResumeManyAsync(givenUp, "ops", Now.AddSeconds(1.5), 2, 3));
        Assert.Equal(0, await Storage.Outbox.ResumeManyAsync(givenUp, "ops", Now, null, 3));

        var due = await Storage.Outbox.DueAsync("east-wms", Now.AddMinutes(1), 10);
        Assert.Equal(
            [.. orders.Take(4).Select((order, at) => (order.ToString(), Now.AddSeconds(at / 2.0)))],
            due.Select(message => (message.Subject.Key, message.NextAttemptAt)));
        Assert.Equal(
            [TimelineKind.MessageParked, TimelineKind.MessageResumed],
            (await Storage.Orders.ListTimelineAsync(orders[1], 10)).Select(entry => entry.Kind));
        Assert.Equal("refused by the destination", Assert.Single(
            (await Storage.Outbox.ListParkedAsync(new ParkedFilter(), FirstPage)).Items).Reason);
    }

    [Fact]
    public async Task What_is_appended_takes_the_place_of_the_open_one_with_its_key()
    {
        var first = Stock(0);
        await Storage.Outbox.AppendAsync([first]);
        var other = Stock(2) with { CoalescingKey = "stock 1/OTHER" };
        await Storage.Outbox.AppendAsync([Stock(1), other]);
        Assert.Equal(2, (await Storage.Outbox.DueAsync("shop", Now.AddSeconds(2), 10)).Count);
        // It was under way, and settles nothing any more.
        await Storage.Outbox.DeliverAsync(first.Id, Now);
        Assert.Equal(2, (await Storage.Outbox.DueAsync("shop", Now.AddSeconds(2), 10)).Count);
        var next = Stock(3);
        await Storage.Outbox.AppendAsync([next]);
        Assert.Equal(
            new HashSet<Guid> { other.Id, next.Id },
            [.. (await Storage.Outbox.DueAsync("shop", Now.AddSeconds(2), 10)).Select(message => message.Id)]);

        static OutboundMessage Stock(int milliseconds) => Event(milliseconds, null) with
        {
            Destination = "shop",
            Kind = MessageKind.Stock,
            CoalescingKey = "stock 1/POT-1",
            Event = null,
        };
    }

    private static OutboundMessage Event(int milliseconds, long? sequence) => new()
    {
        Id = NewId(milliseconds),
        Destination = "erp",
        Kind = MessageKind.Event,
        Subject = Subject.Of(new OrderKey("acme", "1")),
        SequenceKey = "order/acme/1",
        Sequence = sequence,
        Event = new EventFacts("order.shipped", """{"orderId":"1"}"""),
        CreatedAt = Now.AddMilliseconds(milliseconds),
        NextAttemptAt = Now.AddMilliseconds(milliseconds),
    };

    private async Task<IReadOnlyList<Guid>> DueIdsAsync() =>
        [.. (await Storage.Outbox.DueAsync("erp", Now.AddSeconds(2), 10)).Select(message => message.Id)];

    protected async Task<OutboundMessage> SendAsync(
        OrderKey order, int milliseconds = 0, string destination = "east-wms")
    {
        var message = MessageTo(destination, order, milliseconds);
        Assert.True(await Storage.Orders.CommitAsync(
            Placed(order, OrderStatus.Released) with { Messages = [message] }));
        return message;
    }
}
