using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Tests.Connectors.Events;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Xunit;
using static OrderGrains.Tests.Connectors.LoopbackPeer;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Ingress;

/// <summary>From the 200 to a webhook that says no more than where its order is, to its outcome.</summary>
public sealed class FetchTests : IAsyncLifetime
{
    private FetchWorld _world = null!;

    private SiloWorld Silo => _world.Silo;

    public async ValueTask InitializeAsync() => _world = await FetchWorld.StartAsync();

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task An_order_is_fetched_kept_beside_the_body_and_applied_once()
    {
        var (sku, whole) = (await Silo.NewSkuAsync(10), "");
        _world.Answers(Response(200, whole = FetchWorld.Whole("7", sku, 2)));
        var body = _world.Event("7");

        var row = await _world.SettledAsync(await Silo.PostAsync("shop", body));

        Assert.Equal((ReceiptOutcome.Applied, "shop/7"), (row.Outcome, row.OrderKey));
        Assert.Equal((Silo.Time.GetUtcNow(), whole.Length), (row.FetchedAt, row.FetchedBytes));
        Assert.Equal(whole, Encoding.UTF8.GetString((await Silo.Inbox.FindFetchedAsync(row.Id))!));
        Assert.Equal(body, Encoding.UTF8.GetString((await Silo.Inbox.FindBodyAsync(row.Id))!));
        await Silo.ReachesAsync(new OrderKey("shop", "7"), OrderStatus.Released);
        Assert.Equal((10, 2, 0), await Silo.LevelAsync(sku));
        Assert.Equal("Bearer let-us-in", Assert.Single(_world.Host.Calls).Headers["Authorization"]);

        var again = await _world.SettledAsync(await Silo.PostAsync("shop", body));
        Assert.Equal(ReceiptOutcome.Duplicate, again.Outcome);
    }

    /// <summary>Some senders say the same of each change, to the byte.</summary>
    [Fact]
    public async Task The_same_event_is_another_change_when_what_is_fetched_is_another()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(
            Response(200, FetchWorld.Whole("7", sku, 2)), Response(200, FetchWorld.Whole("7", sku, 3, second: 2)));

        foreach (var _ in new[] { 1, 2 })
        {
            var row = await _world.SettledAsync(await Silo.PostAsync("shop", _world.Event("7")));
            Assert.Equal(ReceiptOutcome.Applied, row.Outcome);
        }

        Assert.Equal((10, 3, 0), await Silo.LevelAsync(sku));
    }

    [Fact]
    public async Task Versions_decide_and_not_which_of_two_events_was_fetched_first()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(Response(503), Response(200, FetchWorld.Whole("7", sku, 2)));
        var first = await Silo.PostAsync("shop", _world.Event("7"));
        await Eventually.TrueAsync(() => _world.Host.Calls.Count == 1);

        var sent = await Silo.PostAsync("shop", Whole("7", sku, 5, second: 9));
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(sent)).Outcome);
        await AdvanceUntilAsync(calls: 2);

        Assert.Equal(ReceiptOutcome.Stale, (await _world.SettledAsync(first)).Outcome);
        Assert.Equal((10, 5, 0), await Silo.LevelAsync(sku));
    }

    [Fact]
    public async Task A_host_that_is_busy_is_asked_again_no_sooner_than_it_says()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(
            Response(503, "", "Retry-After: 120"), Response(200, FetchWorld.Whole("7", sku, 2)));
        var receipt = await Silo.PostAsync("shop", _world.Event("7"));
        await Eventually.TrueAsync(() => _world.Host.Calls.Count == 1);
        await Eventually.TrueAsync(() => Fetches.Calls == 0);

        Silo.Time.Advance(TimeSpan.FromSeconds(119));
        var other = await Silo.PostAsync("acme", Known(sku));
        await _world.SettledAsync(other);
        Assert.Single(_world.Host.Calls);
        Assert.Equal(ReceiptOutcome.Pending, (await Silo.Inbox.FindAsync(receipt))!.Outcome);

        await AdvanceUntilAsync(calls: 2);
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);
    }

    [Fact]
    public async Task What_is_older_than_the_event_is_not_there_yet()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(
            Response(200, FetchWorld.Whole("7", sku, 2, second: 3)),
            Response(200, FetchWorld.Whole("7", sku, 4, second: 4)));

        var receipt = await Silo.PostAsync("shop", _world.Event("7", second: 4));
        await AdvanceUntilAsync(calls: 2);

        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);
        Assert.Equal((10, 4, 0), await Silo.LevelAsync(sku));
    }

    [Fact]
    public async Task What_stays_older_than_the_event_is_parked_after_the_last_attempt()
    {
        _world.Answers(Response(200, FetchWorld.Whole("7", "MUG", 2, second: 3)));

        var receipt = await Silo.PostAsync("shop", _world.Event("7", second: 4));
        await AdvanceUntilAsync(calls: 3);

        Assert.Equal(
            "could not be fetched: what was fetched is older than the event's updatedAt, after 3 attempts",
            await ReasonAsync(receipt));
        Assert.Equal(3, _world.Host.Calls.Count);
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_parked_and_resuming_fetches_again()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(Response(500));
        var receipt = await Silo.PostAsync("shop", _world.Event("7"));
        await AdvanceUntilAsync(calls: 3);

        Assert.Equal(
            "could not be fetched: localhost: 500 Internal Server Error, after 3 attempts", await ReasonAsync(receipt));
        _world.Answers(Response(200, FetchWorld.Whole("7", sku, 2)));
        Assert.True(await Silo.Inbox.ResumeAsync(receipt));
        Pump.Wake();
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);
    }

    [Theory]
    [InlineData("HTTP/1.1 404 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "could not be fetched: localhost: 404 Not Found")]
    [InlineData("HTTP/1.1 401 x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
        "could not be fetched: localhost does not take our credentials: 401 Unauthorized")]
    [InlineData("HTTP/1.1 302 x\r\nLocation: http://127.0.0.1:1/?key=hush\r\nContent-Length: 0\r\n\r\n",
        "could not be fetched: localhost: 302 leads to http://127.0.0.1:1; redirects are not followed: the address "
        + "must be the one that answers")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Type: text/html\r\nContent-Length: 2\r\n\r\n{}",
        "could not be fetched: localhost: the answer's Content-Type is not application/json")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{\"",
        "what was fetched: the body is not JSON: line 1, byte 3")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"orderId\":\"8\"}",
        "what was fetched: orderId is another than that of the event")]
    [InlineData("HTTP/1.1 200 x\r\nContent-Type: application/json\r\nContent-Length: 15\r\n\r\n{\"orderId\":\"7\"}",
        "what was fetched: lines is missing")]
    public async Task What_will_not_come_by_itself_is_parked_with_the_reason(string answer, string reason)
    {
        _world.Answers(answer);
        var receipt = await Silo.PostAsync("shop", _world.Event("7"));

        Assert.Equal(reason, await ReasonAsync(receipt));
        Assert.Single(_world.Host.Calls);
        Assert.Null(await Silo.StatusAsync(new OrderKey("shop", "7")));
    }

    [Theory]
    [InlineData("http://{0}@localhost:{1}/", "data.resourceUrl holds a user or a password")]
    [InlineData("http://127.0.0.1:{1}/",
        "data.resourceUrl is at http://127.0.0.1:{1}, which Fetch:Hosts does not name")]
    [InlineData("https://localhost:{1}/",
        "data.resourceUrl is at https://localhost:{1}, which Fetch:Hosts does not name")]
    [InlineData("orders/7", "data.resourceUrl is no absolute address")]
    public async Task A_host_that_the_source_does_not_name_is_not_called(string url, string reason)
    {
        _world.Answers(Response(200));
        var receipt = await Silo.PostAsync("shop", _world.Event("7", url: string.Format(url, "me", _world.Host.Port)));

        Assert.Equal(string.Format(reason, "", _world.Host.Port), await ReasonAsync(receipt));
        Assert.Empty(_world.Host.Calls);
    }

    [Fact]
    public async Task What_was_fetched_before_a_crash_is_not_fetched_again()
    {
        var (key, sku) = (new OrderKey("shop", "7"), await Silo.NewSkuAsync(10));
        _world.Answers(Response(200, FetchWorld.Whole("7", sku, 2)));
        Guid receipt;
        using (Silo.Faults.HoldCommits(key))
        {
            receipt = await Silo.PostAsync("shop", _world.Event("7"));
            await Eventually.TrueAsync(() => Silo.Faults.Commits(key) == 1);
            Silo.Faults.FailNext(key, Fault.BeforeCommit);
        }

        await Silo.RestartAsync();
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);
        await Silo.ReachesAsync(key, OrderStatus.Released);
        Assert.Equal((10, 2, 0), await Silo.LevelAsync(sku));
        Assert.Single(_world.Host.Calls);
    }

    [Fact]
    public async Task What_was_to_be_fetched_when_the_process_died_is_fetched_by_the_next()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(Response(503), Response(200, FetchWorld.Whole("7", sku, 2)));
        var receipt = await Silo.PostAsync("shop", _world.Event("7"));
        await Eventually.TrueAsync(() => _world.Host.Calls.Count == 1);

        await Silo.RestartAsync();
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);
    }

    [Fact]
    public async Task A_host_that_does_not_answer_delays_nobody_else()
    {
        var sku = await Silo.NewSkuAsync(10);
        _world.Answers(Response(200, FetchWorld.Whole("7", sku, 2)));
        // Memory has places for four, and two workers.
        List<Guid> waiting = [];
        for (var order = 1; order <= 12; order++)
            waiting.Add(await Silo.PostAsync("slow", _world.SlowEvent($"{order}")));
        await Eventually.TrueAsync(() => _world.Slow.Calls.Count == 2);

        var fetched = await Silo.PostAsync("shop", _world.Event("7"));
        var whole = await Silo.PostAsync("slow", Whole("99", sku, 1));
        var other = await Silo.PostAsync("acme", Known(sku));
        foreach (var receipt in new[] { fetched, whole, other })
            Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(receipt)).Outcome);

        await Eventually.EqualAsync(0, () => Task.FromResult(Pump.Held));
        Assert.Equal(2, _world.Slow.Calls.Count);
        foreach (var receipt in waiting)
            Assert.Equal(ReceiptOutcome.Pending, (await Silo.Inbox.FindAsync(receipt))!.Outcome);
    }

    [Fact]
    public async Task Bodies_beyond_the_bytes_of_their_source_wait_in_the_database_until_half_of_those_are_free()
    {
        var sku = await Silo.NewSkuAsync(10);
        const int Blanks = 2_000_000;
        List<Guid> waiting = [];
        // Four of them are half of a half.
        for (var order = 0; order < 8; order++)
            waiting.Add(await Silo.PostAsync("slow", _world.SlowEvent($"{order}", Blanks)));
        await Eventually.EqualAsync(0, () => Task.FromResult(Pump.Held));
        Assert.InRange(Pump.HeldBytes, 3 * Blanks, FetchWorld.BodiesBytesMax / 4);

        // It is younger than they are, and waits in the database as well.
        var other = new Receipt
        {
            Id = Guid.CreateVersion7(Silo.Time.GetUtcNow().AddSeconds(1)),
            Source = "acme",
            Topic = "orders/updated",
            Body = Encoding.UTF8.GetBytes(Known(sku)),
            ReceivedAt = Silo.Time.GetUtcNow(),
        };
        await Silo.Inbox.AppendAsync(other, held: false);
        Pump.Wake();
        Assert.Equal(ReceiptOutcome.Applied, (await _world.SettledAsync(other.Id)).Outcome);
        _world.SlowAnswers.SetResult();

        foreach (var receipt in waiting)
            Assert.Equal("could not be fetched: localhost: 404 Not Found", await ReasonAsync(receipt));
        Assert.Equal(waiting.Count, _world.Slow.Calls.Count);
        await Eventually.EqualAsync(0, () => Task.FromResult((int)Pump.HeldBytes));
    }

    private Fetches Fetches => Silo.Services.GetRequiredService<Fetches>();

    private InboxPump Pump => Silo.Services.GetRequiredService<InboxPump>();

    /// <summary>A whole order, as the shop would send it.</summary>
    private static string Whole(string orderId, string sku, int units, int second = 1) =>
        OrderSample.Event("order.updated", FetchWorld.Whole(orderId, sku, units, second));

    /// <summary>A body of a storefront that sends whole orders.</summary>
    private string Known(string sku)
    {
        var body = Silo.NewName("body");
        Silo.Setup.Connector.Means(body, Stated(Silo.NewOrder(), 1, lines: (sku, 1)), body);
        return body;
    }

    /// <summary>The clock stands still during a call, which has a time-out.</summary>
    private Task AdvanceUntilAsync(int calls) => Eventually.TrueAsync(() =>
    {
        if (_world.Host.Calls.Count < calls && Fetches.Calls == 0)
            Silo.Time.Advance(TimeSpan.FromSeconds(1));
        return _world.Host.Calls.Count >= calls;
    });

    private async Task<string?> ReasonAsync(Guid receipt)
    {
        var row = await _world.SettledAsync(receipt);
        Assert.Equal(ReceiptOutcome.Parked, row.Outcome);
        return row.Reason;
    }
}
