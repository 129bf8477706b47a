using System.Text;
using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Contracts;

public abstract class InboxContract : StorageContract
{
    [Fact]
    public async Task A_receipt_survives_the_process()
    {
        var receipt = await AppendAsync();

        await Storage.ReopenAsync();

        var row = await Storage.Inbox.FindAsync(receipt.Id);
        Assert.NotNull(row);
        Assert.Equal(
            new ReceiptRow
            {
                Id = receipt.Id,
                Source = "acme",
                Topic = "orders/create",
                DeliveryId = "delivery-0",
                ReceivedAt = receipt.ReceivedAt,
                Outcome = ReceiptOutcome.Pending,
                BodyBytes = 3,
            },
            row);
    }

    [Fact]
    public async Task A_body_keeps_every_byte()
    {
        var body = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var receipt = ReceiptAt(0) with { Body = body };
        await Storage.Inbox.AppendAsync(receipt, held: false);

        Assert.Equal(body, await Storage.Inbox.FindBodyAsync(receipt.Id));
        Assert.Equal(body, Assert.Single(await Storage.Inbox.ClaimAsync(new(10))).Body.ToArray());
    }

    [Fact]
    public async Task An_empty_body_is_a_body()
    {
        var receipt = ReceiptAt(0) with { Body = ReadOnlyMemory<byte>.Empty };
        await Storage.Inbox.AppendAsync(receipt, held: false);

        Assert.Equal(0, (await Storage.Inbox.FindBodyAsync(receipt.Id))?.Length);
    }

    [Fact]
    public async Task An_unknown_receipt_has_neither_row_nor_body()
    {
        Assert.Null(await Storage.Inbox.FindAsync(NewId()));
        Assert.Null(await Storage.Inbox.FindBodyAsync(NewId()));
    }

    [Fact]
    public async Task A_claim_takes_what_nobody_holds_the_oldest_first_and_once()
    {
        var third = await AppendAsync(3, held: false);
        var first = await AppendAsync(1, held: false);
        await AppendAsync(0, held: true);
        var second = await AppendAsync(2, held: false);

        var claimed = await Storage.Inbox.ClaimAsync(new(2));

        Assert.Equal([first.Id, second.Id], claimed.Select(receipt => receipt.Id));
        Assert.Equal((first.TraceParent, first.TriggeredAt), (claimed[0].TraceParent, claimed[0].TriggeredAt));
        Assert.Equal(first.DeliveryId, claimed[0].DeliveryId);
        Assert.Equal(third.Id, Assert.Single(await Storage.Inbox.ClaimAsync(new(10))).Id);
        Assert.Empty(await Storage.Inbox.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task A_claim_adopts_the_pending_rows_of_the_dead()
    {
        var pending = await AppendAsync(1);
        var settled = await AppendAsync(2);
        await Storage.Inbox.SettleAsync(Settled(settled, ReceiptOutcome.Applied));

        await Storage.ReopenAsync();

        Assert.Equal(pending.Id, Assert.Single(await Storage.Inbox.ClaimAsync(new(10))).Id);
        Assert.Empty(await Storage.Inbox.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task What_is_given_back_can_be_claimed_with_what_was_fetched_for_it()
    {
        var document = Enumerable.Range(0, 256).Select(value => (byte)value).ToArray();
        var fetched = await AppendAsync(1);
        var left = await AppendAsync(2);
        Assert.Empty(await Storage.Inbox.ClaimAsync(new(10)));
        Assert.Null(await Storage.Inbox.FindFetchedAsync(fetched.Id));

        await Storage.Inbox.ReturnAsync(fetched.Id, new FetchedDocument(document, Now));
        await Storage.Inbox.ReturnAsync(left.Id);

        var claimed = await Storage.Inbox.ClaimAsync(new(10));
        Assert.Equal([fetched.Id, left.Id], claimed.Select(receipt => receipt.Id));
        Assert.Equal((Now, null), (claimed[0].Fetched?.At, claimed[1].Fetched));
        Assert.Equal(document, claimed[0].Fetched!.Body.ToArray());
        Assert.Equal(fetched.Body.ToArray(), claimed[0].Body.ToArray());
        // Given back once more, as by one that is let go of, it keeps what it has.
        await Storage.Inbox.ReturnAsync(fetched.Id);
        Assert.Equal(document, await Storage.Inbox.FindFetchedAsync(fetched.Id));
        var row = await Storage.Inbox.FindAsync(fetched.Id);
        Assert.Equal((Now, 256, 3), (row!.FetchedAt, row.FetchedBytes, row.BodyBytes));
    }

    [Fact]
    public async Task What_is_settled_is_not_given_back_and_what_is_resumed_is_fetched_anew()
    {
        var receipt = await AppendAsync();
        await Storage.Inbox.ReturnAsync(receipt.Id, new FetchedDocument(new byte[] { 1 }, Now));
        await Storage.Inbox.SettleAsync(Settled(receipt, ReceiptOutcome.Parked, "because"));
        await Storage.Inbox.ReturnAsync(receipt.Id, new FetchedDocument(new byte[] { 2, 3 }, Now));
        Assert.Equal(1, (await Storage.Inbox.FindAsync(receipt.Id))!.FetchedBytes);

        Assert.True(await Storage.Inbox.ResumeAsync(receipt.Id));
        Assert.Null(Assert.Single(await Storage.Inbox.ClaimAsync(new(10))).Fetched);
        Assert.Null((await Storage.Inbox.FindAsync(receipt.Id))!.FetchedAt);
    }

    [Fact]
    public async Task A_claim_leaves_the_sources_that_it_is_told_to()
    {
        var shop = await AppendAsync(1, "shop", held: false);
        var acme = await AppendAsync(2, held: false);

        Assert.Equal(acme.Id, Assert.Single(await Storage.Inbox.ClaimAsync(new(1, Except: ["shop", "none"]))).Id);
        Assert.Equal(shop.Id, Assert.Single(await Storage.Inbox.ClaimAsync(new(1, Except: []))).Id);
    }

    [Fact]
    public async Task A_receipt_is_settled_once()
    {
        var receipt = await AppendAsync();
        await Storage.Inbox.SettleAsync(Settled(receipt, ReceiptOutcome.Stale, "older than what we have"));
        await Storage.Inbox.SettleAsync(Settled(receipt, ReceiptOutcome.Applied));

        var row = await Storage.Inbox.FindAsync(receipt.Id);
        Assert.Equal(ReceiptOutcome.Stale, row!.Outcome);
        Assert.Equal("older than what we have", row.Reason);
        Assert.Equal(Order.ToString(), row.OrderKey);
        Assert.Equal(Now.AddSeconds(1), row.SettledAt);
    }

    [Theory]
    [InlineData(ReceiptOutcome.Stale)]
    [InlineData(ReceiptOutcome.Ignored)]
    [InlineData(ReceiptOutcome.Parked)]
    public async Task Nothing_is_dropped_without_a_reason(ReceiptOutcome outcome)
    {
        var receipt = await AppendAsync();

        var refused = await Assert.ThrowsAsync<StorageException>(
            () => Storage.Inbox.SettleAsync(Settled(receipt, outcome)));

        Assert.Contains("receipt_reason_given", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_each_source_as_much_is_claimed_as_of_the_others_and_its_oldest()
    {
        for (var at = 0; at < 40; at++)
            await AppendAsync(at, "flood", held: false);
        for (var at = 40; at < 43; at++)
            await AppendAsync(at, "quiet", held: false);
        await AppendAsync(43, "one", held: false);

        var claimed = await Storage.Inbox.ClaimAsync(new(12));

        Assert.Equal(
            [("flood", 4), ("one", 1), ("quiet", 3)],
            claimed.GroupBy(receipt => receipt.Source, StringComparer.Ordinal).Select(of => (of.Key, of.Count()))
                .OrderBy(of => of.Key, StringComparer.Ordinal));
        Assert.Equal(
            Enumerable.Range(0, 4).Select(at => ReceiptAt(at).ReceivedAt),
            claimed.Where(receipt => receipt.Source == "flood").Select(receipt => receipt.ReceivedAt));
    }

    [Fact]
    public async Task A_claim_takes_no_more_bytes_than_it_may_but_one_receipt_however_long_it_is()
    {
        await Storage.Inbox.AppendAsync(ReceiptAt(0) with { Body = new byte[5_000] }, held: false);
        for (var at = 1; at <= 3; at++)
            await Storage.Inbox.AppendAsync(ReceiptAt(at) with { Body = new byte[400] }, held: false);

        var claims = new List<string>();
        for (var claim = 0; claim < 3; claim++)
        {
            claims.Add(string.Join(' ', (await Storage.Inbox.ClaimAsync(new(10, 1_000)))
                .Select(receipt => receipt.Body.Length)));
        }

        Assert.Equal(["5000", "400 400", "400"], claims);
    }

    [Fact]
    public async Task What_has_no_outcome_is_counted_by_source()
    {
        await AppendAsync(1);
        await AppendAsync(2, held: false);
        await AppendAsync(3, "other");
        await Storage.Inbox.SettleAsync(Settled(await AppendAsync(4), ReceiptOutcome.Applied));

        var pending = await Storage.Inbox.CountPendingAsync(["acme", "nobody"]);

        Assert.Equal((2, 1), (pending["acme"], pending.Count));
    }

    [Fact]
    public async Task A_full_writer_says_no_and_recovers()
    {
        Task<bool>[] waiting;
        using (await Storage.HoldWriterAsync())
        {
            waiting = Enumerable.Range(0, Storage.WaitingMax)
                .Select(at => Storage.Inbox.AppendAsync(ReceiptAt(at), held: true).AsTask()).ToArray();
            Assert.False(await Storage.Inbox.AppendAsync(ReceiptAt(-1), held: true));
            Assert.DoesNotContain(waiting, append => append.IsCompleted);
        }

        Assert.All(await Task.WhenAll(waiting), Assert.True);
        Assert.True(await Storage.Inbox.AppendAsync(ReceiptAt(-2), held: true));
        Assert.Equal(Storage.WaitingMax + 1, (await Storage.Inbox.AuditAsync(Now)).Received);
    }

    [Fact]
    public async Task One_bad_receipt_in_a_group_fails_alone()
    {
        var first = await AppendAsync();
        Task<bool>[] group;
        using (await Storage.HoldWriterAsync())
        {
            group = [.. new[] { ReceiptAt(1), first, ReceiptAt(2) }
                .Select(receipt => Storage.Inbox.AppendAsync(receipt, held: true).AsTask())];
        }

        Assert.True(await group[0]);
        await Assert.ThrowsAsync<StorageException>(() => group[1]);
        Assert.True(await group[2]);
        Assert.Equal(3, (await Storage.Inbox.AuditAsync(Now)).Received);
    }

    [Fact]
    public async Task A_refusal_names_the_rule_and_never_the_content()
    {
        var first = await AppendAsync();
        var secret = first with { Body = Encoding.UTF8.GetBytes("Jane Doe"), Source = "Jane Doe" };

        var refused = await Assert.ThrowsAsync<StorageException>(
            async () => await Storage.Inbox.AppendAsync(secret, held: true));

        Assert.Contains("receipt", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("Jane", refused.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_parked_are_counted_by_source_and_reason_and_can_be_resumed_or_discarded()
    {
        var one = await AppendAsync(1);
        var two = await AppendAsync(2);
        var other = await AppendAsync(3, source: "west-wms");
        foreach (var receipt in new[] { one, two, other })
            await Storage.Inbox.SettleAsync(Settled(receipt, ReceiptOutcome.Parked, "line_items: missing"));

        Assert.Equal(
            [
                new ParkedReceipts("acme", "line_items: missing", 2),
                new ParkedReceipts("west-wms", "line_items: missing", 1),
            ],
            await Storage.Inbox.ListParkedGroupsAsync());

        Assert.True(await Storage.Inbox.ResumeAsync(one.Id));
        Assert.False(await Storage.Inbox.ResumeAsync(one.Id));
        Assert.Equal(one.Id, Assert.Single(await Storage.Inbox.ClaimAsync(new(10))).Id);

        Assert.True(await Storage.Inbox.DiscardAsync(two.Id, "a test order", Now));
        Assert.False(await Storage.Inbox.DiscardAsync(two.Id, "a test order", Now));
        var discarded = await Storage.Inbox.FindAsync(two.Id);
        Assert.Equal((ReceiptOutcome.Ignored, "a test order"), (discarded!.Outcome, discarded.Reason));
    }

    [Fact]
    public async Task The_audit_adds_up()
    {
        var outcomes = new (ReceiptOutcome Outcome, int Count)[]
        {
            (ReceiptOutcome.Applied, 5), (ReceiptOutcome.Duplicate, 4), (ReceiptOutcome.Stale, 3),
            (ReceiptOutcome.Ignored, 2), (ReceiptOutcome.Parked, 1),
        };
        foreach (var outcome in outcomes.SelectMany(each => Enumerable.Repeat(each.Outcome, each.Count)))
            await Storage.Inbox.SettleAsync(Settled(await AppendAsync(-5_000), outcome, "because"));
        await AppendAsync(-4_000);
        await AppendAsync(-3_000);

        Assert.Equal(new InboxAudit(17, 5, 4, 3, 2, 1, 2, 4), await Storage.Inbox.AuditAsync(Now));
    }

    [Fact]
    public async Task The_audit_of_nothing_is_nothing() =>
        Assert.Equal(new InboxAudit(0, 0, 0, 0, 0, 0, 0, 0), await Storage.Inbox.AuditAsync(Now));
}
