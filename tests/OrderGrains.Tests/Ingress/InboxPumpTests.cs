using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Ingress;

/// <summary>From the webhook's 200 to its outcome, with the pump running.</summary>
public sealed class InboxPumpTests : IAsyncLifetime
{
    private static readonly Receipt Another = new()
    {
        Id = Guid.CreateVersion7(),
        Source = "acme",
        Topic = "orders/updated",
        Body = new byte[1],
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };

    private SiloWorld _world = null!;

    // One source alone has half of each.
    public async ValueTask InitializeAsync() => _world = await SiloWorld.StartAsync(new SiloSetup
    {
        Agents = true,
        Ingress = new IngressOptions { HeldMax = 8, AppliedAtOnceMax = 4 },
    });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task Receipts_beyond_what_memory_holds_wait_in_the_database_and_are_fetched_without_delay()
    {
        var sku = await _world.NewSkuAsync(100);
        var first = _world.NewOrder();
        List<Guid> receipts;
        using (_world.Faults.HoldCommits(first))
        {
            receipts = [await PostAsync(Stated(first, 1, lines: (sku, 1)))];
            for (var i = 0; i < 40; i++)
                receipts.Add(await PostAsync(Stated(first, 2 + i, lines: (sku, 1))));
            Assert.Equal(4, _world.Services.GetRequiredService<InboxPump>().Held);
        }

        // The clock stands still: nothing waits for a period.
        await Eventually.EqualAsync(0, async () => (await _world.Inbox.GetDepthAsync(_world.Time.GetUtcNow())).Pending);
        Assert.Equal(41, receipts.Distinct().Count());
        Assert.Equal((100, 1, 0), await _world.LevelAsync(sku));
        await Eventually.EqualAsync(0, () => Task.FromResult(_world.Services.GetRequiredService<InboxPump>().Held));
    }

    [Fact]
    public async Task A_source_that_floods_leaves_the_others_places_and_slots()
    {
        var (held, sku) = (_world.NewOrder(), await _world.NewSkuAsync(100));
        using (_world.Faults.HoldCommits(held))
        {
            for (var version = 1; version <= 40; version++)
                await PostAsync(Stated(held, version, lines: (sku, 1)));
            var body = NewBody(Stated(_world.NewOrder(), 1, lines: (sku, 1)));

            var other = await _world.PostAsync("shopeast", body);

            // The clock stands still, and those of the flood wait for their order.
            await SettledAsync(other, ReceiptOutcome.Applied);
        }

        await Eventually.EqualAsync(0, async () => (await _world.Inbox.GetDepthAsync(_world.Time.GetUtcNow())).Pending);
    }

    [Fact]
    public async Task What_takes_long_leaves_its_slot_to_others_of_its_source_and_goes_on()
    {
        var (held, sku) = (_world.NewOrder(), await _world.NewSkuAsync(100));
        List<Guid> slow = [];
        using (_world.Faults.HoldCommits(held))
        {
            for (var version = 1; version <= 2; version++)
                slow.Add(await PostAsync(Stated(held, version, lines: (sku, 1))));
            await Eventually.TrueAsync(() => _world.Faults.Commits(held) == 1);
            var body = NewBody(Stated(_world.NewOrder(), 1, lines: (sku, 1)));
            var next = await PostAsync(body);
            Assert.Equal(0, _world.Setup.Connector.Reads(body));

            await Eventually.TrueAsync(() =>
            {
                _world.Time.Advance(TimeSpan.FromMilliseconds(100));
                return _world.Setup.Connector.Reads(body) == 1;
            });
            await SettledAsync(next, ReceiptOutcome.Applied);
        }

        // Their order is not stated here: the second may be the first to be applied.
        await SettledAsync(slow[1], ReceiptOutcome.Applied);
        await Eventually.TrueAsync(async () =>
            (await _world.Inbox.FindAsync(slow[0]))!.Outcome is ReceiptOutcome.Applied or ReceiptOutcome.Stale);
        await Eventually.EqualAsync(0, () => Task.FromResult(_world.Services.GetRequiredService<InboxPump>().Held));
    }

    [Fact]
    public async Task In_a_burst_the_applying_gives_way_to_webhooks_and_goes_on_slowly()
    {
        await _world.DisposeAsync();
        _world = await SiloWorld.StartAsync(new SiloSetup
        {
            Agents = true,
            Ingress = new IngressOptions { HeldMax = 64, AppliedAtOnceMax = 2 },
        });
        var pump = _world.Services.GetRequiredService<InboxPump>();
        var (first, sku) = (_world.NewOrder(), await _world.NewSkuAsync(100));
        var (bodies, receipts) = (new List<string>(), new List<Guid>());
        using (_world.Faults.HoldCommits(first))
        {
            // More than half of what memory holds, while nine more webhooks wait for the database.
            for (var i = 0; i < 20; i++)
            {
                bodies.Add(NewBody(Stated(i == 0 ? first : _world.NewOrder(), 1, lines: (sku, 1))));
                receipts.Add(await PostAsync(bodies[i]));
            }

            await Eventually.TrueAsync(() => _world.Faults.Commits(first) == 1);
            Assert.Equal(
                Enumerable.Repeat(true, 9), Enumerable.Range(0, 9).Select(_ => pump.Arriving(Another)).ToArray());
        }

        await SettledAsync(receipts[0], ReceiptOutcome.Applied);
        // 20 and nine have come; with the 512th, 16 receipts are begun.
        Assert.Equal(0, _world.Setup.Connector.Reads(bodies[1]));
        for (var i = 29; i < 512; i++)
            pump.Arrived(Another, durable: false, held: pump.Arriving(Another));
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromMicroseconds(100));
            return _world.Setup.Connector.Reads(bodies[16]) == 1;
        });
        await SettledAsync(receipts[16], ReceiptOutcome.Applied);
        Assert.Equal(0, _world.Setup.Connector.Reads(bodies[17]));

        for (var i = 0; i < 9; i++)
            pump.Arrived(Another, durable: false, held: true);
        _world.Time.Advance(TimeSpan.FromMilliseconds(20));
        await Eventually.EqualAsync(0, async () => (await _world.Inbox.GetDepthAsync(_world.Time.GetUtcNow())).Pending);
        Assert.Equal((100, 20, 0), await _world.LevelAsync(sku));
    }

    [Fact]
    public async Task A_burst_is_over_once_half_of_memory_is_free_and_nothing_is_left_in_the_database()
    {
        var pump = _world.Services.GetRequiredService<InboxPump>();
        var (first, sku) = (_world.NewOrder(), await _world.NewSkuAsync(100));
        var third = NewBody(Stated(first, 3, lines: (sku, 1)));
        Guid receipt;
        using (_world.Faults.HoldCommits(first))
        {
            // Two are in hand and a third waits in memory; then nine webhooks, for one of which there is a place.
            for (var version = 1; version <= 2; version++)
            {
                var body = NewBody(Stated(first, version, lines: (sku, 1)));
                await PostAsync(body);
                await Eventually.TrueAsync(() => _world.Setup.Connector.Reads(body) == 1);
            }

            receipt = await PostAsync(third);
            Assert.Equal(1, Enumerable.Range(0, 9).Count(_ => pump.Arriving(Another)));
            Assert.True(pump.GivesWay);
        }

        await Eventually.EqualAsync(2, () => Task.FromResult(pump.Held));
        Assert.True(pump.GivesWay);
        Assert.Equal(0, _world.Setup.Connector.Reads(third));
        pump.Wake();
        await Eventually.TrueAsync(() => !pump.GivesWay);
        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromMicroseconds(100));
            return _world.Setup.Connector.Reads(third) == 1;
        });
        await SettledAsync(receipt, ReceiptOutcome.Applied);
    }

    [Fact]
    public async Task What_a_dead_process_held_is_applied_at_the_next_start()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        Guid receipt;
        using (_world.Faults.HoldCommits(key))
        {
            receipt = await PostAsync(Stated(key, 1, lines: (sku, 2)));
            await Eventually.TrueAsync(() => _world.Faults.Commits(key) == 1);
            _world.Faults.FailNext(key, Fault.BeforeCommit);
        }

        await _world.RestartAsync();
        await SettledAsync(receipt, ReceiptOutcome.Applied);
        await _world.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((10, 2, 0), await _world.LevelAsync(sku));
    }

    [Fact]
    public async Task A_pump_that_stops_finishes_what_it_applies_and_lets_go_of_the_rest()
    {
        var (busy, waiting, sku) = (_world.NewOrder(), _world.NewOrder(), await _world.NewSkuAsync(10));
        var pump = _world.Services.GetRequiredService<InboxPump>();
        List<Guid> inHand, inMemory;
        Task stopped;
        using (_world.Faults.HoldCommits(busy))
        {
            var second = NewBody(Stated(busy, 2, lines: (sku, 1)));
            inHand = [await PostAsync(Stated(busy, 1, lines: (sku, 1)))];
            await Eventually.TrueAsync(() => _world.Faults.Commits(busy) == 1);
            inHand.Add(await PostAsync(second));
            await Eventually.TrueAsync(() => _world.Setup.Connector.Reads(second) == 1);
            inMemory = [await PostAsync(Stated(waiting, 1, lines: (sku, 1)))];
            Assert.Equal(3, pump.Held);
            stopped = pump.StopAsync(TestContext.Current.CancellationToken);
        }

        await stopped;
        foreach (var receipt in inHand)
            await SettledAsync(receipt, ReceiptOutcome.Applied);
        Assert.Equal(inMemory, (await _world.Inbox.ClaimAsync(new(10))).Select(receipt => receipt.Id));
    }

    [Fact]
    public async Task Every_receipt_is_in_the_accounts_exactly_once()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        await SettledAsync(await PostAsync(Stated(key, 5, lines: (sku, 2))), ReceiptOutcome.Applied);
        await SettledAsync(await PostAsync(Stated(key, 5, lines: (sku, 2))), ReceiptOutcome.Duplicate);
        await SettledAsync(await PostAsync(Stated(key, 4, lines: (sku, 1))), ReceiptOutcome.Stale);
        await SettledAsync(await PostAsync(new ReleaseCancelled(key, "nobody's-1")), ReceiptOutcome.Parked);
        _world.Setup.Connector.Means("other", () => new Reading.Ignored("no concern of ours"));
        await SettledAsync(await PostAsync("other"), ReceiptOutcome.Ignored);
        _world.Setup.Connector.Means("garbled", () => new Reading.Unreadable("lines are missing"));
        await SettledAsync(await PostAsync("garbled"), ReceiptOutcome.Parked);
        using (_world.Faults.HoldCommits(key))
        {
            await PostAsync(Stated(key, 6, lines: (sku, 3)));
            await Eventually.TrueAsync(() => _world.Faults.Commits(key) >= 5);
            Assert.Equal(
            new InboxAudit(7, 1, 1, 1, 1, 2, 1, 0), await _world.Inbox.AuditAsync(_world.Time.GetUtcNow()));
        }

        await Eventually.EqualAsync(
            new InboxAudit(7, 2, 1, 1, 1, 2, 0, 0), () => _world.Inbox.AuditAsync(_world.Time.GetUtcNow()));
    }

    private Task<Guid> PostAsync(OrderChange change) => PostAsync(NewBody(change));

    private Task<Guid> PostAsync(string body) => _world.PostAsync("acme", body);

    /// <summary>A body that is read as this change.</summary>
    private string NewBody(OrderChange change)
    {
        var body = _world.NewName("body");
        _world.Setup.Connector.Means(body, change, body);
        return body;
    }

    private Task SettledAsync(Guid receipt, ReceiptOutcome outcome) =>
        Eventually.EqualAsync<ReceiptOutcome?>(outcome, async () => (await _world.Inbox.FindAsync(receipt))?.Outcome);
}
