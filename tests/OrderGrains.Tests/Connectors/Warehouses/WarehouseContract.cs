using OrderGrains.Connectors;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Connectors.Warehouses;

/// <summary>
/// What every warehouse system is to us, held against one that really takes orders: the system, or a stand-in that is
/// as strict.
/// </summary>
public abstract class WarehouseContract : IAsyncLifetime
{
    protected const string Reference = "acme-1001-1";

    protected static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>The system as a configuration opens it. It has 50 MUG and 50 CAP.</summary>
    internal abstract IDestination Destination { get; }

    /// <summary>It can change an order; otherwise a change stops it.</summary>
    protected abstract bool Changes { get; }

    /// <summary>Units by SKU of each order that the system has to ship under a reference of ours.</summary>
    protected abstract Task<IReadOnlyList<IReadOnlyDictionary<string, int>>> LiveAsync(string reference);

    /// <summary>All orders that the system has ever taken.</summary>
    protected abstract Task<int> CountAsync();

    /// <summary>From now on it is too late to change or to stop the order.</summary>
    protected abstract Task PickAsync(string reference);

    /// <summary>The next order is taken, and the answer to it does not arrive.</summary>
    protected abstract void LoseNextTaking();

    /// <summary>The next cancelling is done, and the answer to it does not arrive.</summary>
    protected abstract void LoseNextCancelling();

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    [Fact]
    public async Task An_order_is_taken_and_found_under_our_reference()
    {
        var taken = Assert.IsType<WarehouseAnswer.Taken>(
            Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "CAP", 1))));

        Assert.False(string.IsNullOrEmpty(taken.WarehouseOrderId));
        Assert.Equal("who", taken.Recipient);
        Assert.Equal([("CAP", 1), ("MUG", 2)], await OnlyAsync());
        var found = Assert.IsType<SendResult.AlreadyThere>(await ReleaseAgainAsync(("1", "MUG", 2), ("2", "CAP", 1)));
        Assert.Equal(taken.WarehouseOrderId, Assert.IsType<WarehouseAnswer.Taken>(found.Answer).WarehouseOrderId);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task Lines_of_one_SKU_are_all_sent()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2), ("2", "MUG", 3)));

        Assert.Equal([("MUG", 5)], await OnlyAsync());
    }

    [Fact]
    public async Task The_same_reference_twice_is_one_order()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));

        // Sent again without a look, as when nobody knows of the first.
        var again = await ReleaseAsync(("1", "MUG", 2));

        Assert.IsType<WarehouseAnswer.Taken>(again is SendResult.AlreadyThere there ? there.Answer : Delivered(again));
        Assert.Equal([("MUG", 2)], await OnlyAsync());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_was_taken_and_not_answered_is_looked_up_and_is_one_order()
    {
        LoseNextTaking();
        Assert.IsType<SendResult.Unknown>(await ReleaseAsync(("1", "MUG", 2)));

        var found = Assert.IsType<SendResult.AlreadyThere>(await ReleaseAgainAsync(("1", "MUG", 2)));

        Assert.IsType<WarehouseAnswer.Taken>(found.Answer);
        Assert.Equal([("MUG", 2)], await OnlyAsync());
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_may_be_there_and_is_not_is_sent()
    {
        Assert.IsType<WarehouseAnswer.Taken>(Delivered(await ReleaseAgainAsync(("1", "MUG", 2))));

        Assert.Equal([("MUG", 2)], await OnlyAsync());
    }

    [Fact]
    public async Task A_change_is_made_or_the_order_is_stopped_to_be_released_anew()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));

        var answer = Delivered(await ChangeAsync(("1", "MUG", 3), ("2", "CAP", 1)));

        if (Changes)
        {
            Assert.IsType<WarehouseAnswer.Taken>(answer);
            Assert.Equal([("CAP", 1), ("MUG", 3)], await OnlyAsync());
            return;
        }

        Assert.IsType<WarehouseAnswer.StoppedToChange>(answer);
        Assert.Empty(await LiveAsync(Reference));
        Delivered(await SendAsync(MessageKind.Release, false, "acme-1001-2", ("1", "MUG", 3), ("2", "CAP", 1)));
        Assert.Single(await LiveAsync("acme-1001-2"));
    }

    [Fact]
    public async Task A_change_whose_answer_is_lost_makes_no_second_order()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        if (Changes)
            LoseNextTaking();
        else
            LoseNextCancelling();
        Assert.IsType<SendResult.Unknown>(await ChangeAsync(("1", "MUG", 3)));

        var answer = Delivered(await SendAsync(MessageKind.Change, true, Reference, ("1", "MUG", 3)));

        Assert.Equal(Changes, answer is WarehouseAnswer.Taken);
        // Nobody can tell whether our call has stopped it or a person there: then a person looks.
        Assert.Equal(!Changes, answer is WarehouseAnswer.StoppedToChange or WarehouseAnswer.Cancelled);
        Assert.Equal(Changes ? 1 : 0, (await LiveAsync(Reference)).Count);
    }

    [Fact]
    public async Task An_order_is_stopped_and_so_is_one_that_is_stopped_already()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await CancelAsync()));
        Assert.Empty(await LiveAsync(Reference));
        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await CancelAsync()));
    }

    [Fact]
    public async Task A_stop_whose_answer_is_lost_is_told_when_it_is_asked_again()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        LoseNextCancelling();
        Assert.IsType<SendResult.Unknown>(await CancelAsync());

        Assert.IsType<WarehouseAnswer.Cancelled>(Delivered(await CancelAsync(maybeSent: true)));
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_stopped() =>
        Assert.IsType<WarehouseAnswer.NotFound>(Delivered(await CancelAsync()));

    [Fact]
    public async Task What_is_picked_is_neither_changed_nor_stopped()
    {
        Delivered(await ReleaseAsync(("1", "MUG", 2)));
        await PickAsync(Reference);

        Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await ChangeAsync(("1", "MUG", 3))));
        Assert.IsType<WarehouseAnswer.TooLate>(Delivered(await CancelAsync()));
        Assert.Equal([("MUG", 2)], await OnlyAsync());
    }

    protected static WarehouseAnswer Delivered(SendResult result) => Assert.IsType<WarehouseAnswer>(
        Assert.IsType<SendResult.Delivered>(result).Answer, exactMatch: false);

    protected Task<SendResult> ReleaseAsync(params (string Line, string Sku, int Units)[] lines) =>
        SendAsync(MessageKind.Release, false, Reference, lines);

    protected Task<SendResult> ChangeAsync(params (string Line, string Sku, int Units)[] lines) =>
        SendAsync(MessageKind.Change, false, Reference, lines);

    protected Task<SendResult> CancelAsync(bool maybeSent = false) =>
        SendAsync(MessageKind.Cancel, maybeSent, Reference);

    protected Task<SendResult> SendAsync(
        MessageKind kind, bool maybeSent, string reference, params (string Line, string Sku, int Units)[] lines) =>
        Destination.SendAsync(
            Deliveries.Of(kind, reference, maybeSent, Request(reference, lines)), Cancelled)
            .WaitAsync(LoopbackPeer.Patience, Cancelled);

    protected static ReleaseRequest Request(string reference, params (string Line, string Sku, int Units)[] lines) =>
        new()
        {
            Reference = reference,
            Source = "acme",
            OrderId = "1001",
            OrderNumber = "#1001",
            Location = "east",
            PlacedAt = Deliveries.Now,
            ShipTo = new ShipTo
            {
                Name = "Ada Marsh",
                Address1 = "12 Willow Street",
                City = "Portland",
                PostalCode = "97201",
                CountryCode = "US",
            },
            Lines = [.. lines.Select(l => new ReleaseRequestLine(l.Line, l.Sku, l.Units))],
            Recipient = "who",
        };

    /// <summary>What the only order of the reference has, by SKU.</summary>
    private async Task<IEnumerable<(string Sku, int Units)>> OnlyAsync() => Assert.Single(await LiveAsync(Reference))
        .Select(line => (line.Key, line.Value)).OrderBy(line => line.Key, StringComparer.Ordinal);

    private Task<SendResult> ReleaseAgainAsync(params (string Line, string Sku, int Units)[] lines) =>
        SendAsync(MessageKind.Release, true, Reference, lines);
}
