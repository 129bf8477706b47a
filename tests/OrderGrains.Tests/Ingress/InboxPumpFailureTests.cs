using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.DependencyInjection;
using OrderGrains.Ingress;
using OrderGrains.Tests.Console;
using OrderGrains.Tests.Silos;
using OrderGrains.Vocabulary;
using Orleans.Runtime.Messaging;
using Orleans.Serialization;
using Xunit;
using static OrderGrains.Tests.Silos.SiloActs;

namespace OrderGrains.Tests.Ingress;

/// <summary>Whose fault a failure is, and what the pump does until it passes.</summary>
public sealed class InboxPumpFailureTests : IAsyncLifetime
{
    private SiloWorld _world = null!;
    private Reading? _good;

    private InboxPump Pump => _world.Services.GetRequiredService<InboxPump>();

    public async ValueTask InitializeAsync() => _world = await SiloWorld.StartAsync(new SiloSetup
    {
        Agents = true,
        Ingress = new IngressOptions { HeldMax = 16, AppliedAtOnceMax = 4 },
    });

    public ValueTask DisposeAsync() => _world.DisposeAsync();

    [Fact]
    public async Task A_receipt_that_fails_ten_times_while_others_of_its_kind_pass_is_parked()
    {
        _world.Setup.Connector.Means("poison", () => throw new InvalidOperationException("A bug."));
        var receipt = await PostAsync("poison");
        for (var tries = 1; tries < 10; tries++)
        {
            await TriedAsync("poison", tries);
            Assert.Equal(ReceiptOutcome.Pending, await OutcomeAsync(receipt));
            await OneOfTheKindPassesAsync("acme");
        }

        // One may fail before the pump has heard that the other passed, and does not count then.
        await AdvanceUntilSettledAsync(receipt, whileOthersPass: true);
        Assert.Equal("could not be applied: InvalidOperationException, see the log",
            (await _world.Inbox.FindAsync(receipt))!.Reason);
        Assert.InRange(_world.Setup.Connector.Reads("poison"), 10, 20);
    }

    [Fact]
    public async Task A_receipt_that_fails_while_none_of_its_kind_passes_stays_pending_and_is_applied_in_the_end()
    {
        var (body, change) = (_world.NewName("body"), Stated(_world.NewOrder(), 1, lines: (await SkuAsync(), 1)));
        _world.Setup.Connector.Means(body, () => throw new InvalidOperationException("Whose fault is it?"));
        var receipt = await PostAsync(body);
        for (var tries = 1; tries <= 15; tries++)
        {
            await TriedAsync(body, tries);
            // What others send tells nothing of this kind.
            await OneOfTheKindPassesAsync("shopeast");
        }

        Assert.Equal(ReceiptOutcome.Pending, await OutcomeAsync(receipt));
        _world.Setup.Connector.Means(body, change, body);
        await AdvanceUntilSettledAsync(receipt);
        Assert.Equal(ReceiptOutcome.Applied, await OutcomeAsync(receipt));
    }

    [Fact]
    public async Task Receipts_that_wait_for_their_next_try_hold_no_worker_and_keep_their_places()
    {
        _world.Setup.Connector.Means("poison", () => throw new InvalidOperationException("A bug."));
        for (var i = 0; i < 7; i++)
            await PostAsync("poison");
        await Eventually.TrueAsync(() => _world.Setup.Connector.Reads("poison") == 7);

        // The clock stands still: none of the seven is tried again, and there are two workers.
        await OneOfTheKindPassesAsync("acme");
        Assert.Equal(7, _world.Setup.Connector.Reads("poison"));
        await Eventually.EqualAsync(7, () => Task.FromResult(Pump.Held));
    }

    [Fact]
    public async Task A_database_that_is_away_counts_against_no_receipt()
    {
        var (key, sku) = (_world.NewOrder(), await _world.NewSkuAsync(10));
        _world.Faults.FailNext(key, [.. Enumerable.Repeat(Fault.BeforeCommit, 15)]);
        var receipt = await PostAsync(NewBody(Stated(key, 1, lines: (sku, 2))));
        await AdvanceUntilSettledAsync(receipt, whileOthersPass: true);
        Assert.Equal(ReceiptOutcome.Applied, await OutcomeAsync(receipt));
        Assert.Equal((10, 2, 0), await _world.LevelAsync(sku));
    }

    [Theory]
    [InlineData(typeof(SiloUnavailableException))]
    [InlineData(typeof(ConnectionFailedException))]
    [InlineData(typeof(GatewayTooBusyException))]
    [InlineData(typeof(LimitExceededException))]
    [InlineData(typeof(TimeoutException))]
    [InlineData(typeof(OrleansException))]
    [InlineData(typeof(SerializerException))]
    [InlineData(typeof(OperationCanceledException))]
    public async Task A_cluster_that_changes_counts_against_no_receipt(Type change)
    {
        var body = _world.NewName("body");
        var placed = Stated(_world.NewOrder(), 1, lines: (await SkuAsync(), 1));
        _world.Setup.Connector.Means(body, () => _world.Setup.Connector.Reads(body) < 15
            ? throw (Exception)Activator.CreateInstance(change, "It passes.")!
            : new Reading.Understood(placed, body));
        var receipt = await PostAsync(body);
        await AdvanceUntilSettledAsync(receipt, whileOthersPass: true);
        Assert.Equal(ReceiptOutcome.Applied, await OutcomeAsync(receipt));
    }

    [Fact]
    public async Task A_silo_that_stood_still_takes_no_webhook_lets_go_of_what_it_holds_and_goes_on_as_a_member()
    {
        var (body, change) = (_world.NewName("body"), Stated(_world.NewOrder(), 1, lines: (await SkuAsync(), 1)));
        _world.Setup.Connector.Means(body, () => throw new InvalidOperationException("A bug."));
        var receipt = await PostAsync(body);
        await Eventually.TrueAsync(() => _world.Setup.Connector.Reads(body) == 1);
        _world.Setup.Membership.Begin();
        _world.Time.Advance(MembershipWatch.Tolerated + TimeSpan.FromSeconds(1));
        _world.Setup.Connector.Means(body, change, body);

        var refused = await TryPostAsync("other");
        Assert.Equal("2", refused.Http.Response.Headers.RetryAfter);
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, refused.Status);
        var doubt = _world.Setup.Membership.Doubt();
        await Pump.LetGoAsync();
        await Eventually.EqualAsync(0, () => Task.FromResult(Pump.Held));
        Pump.Wake();
        for (var i = 0; i < 10; i++)
            _world.Time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal((1, ReceiptOutcome.Pending), (_world.Setup.Connector.Reads(body), await OutcomeAsync(receipt)));

        // Nobody looked in those seconds but who found it in doubt before.
        while (!_world.Setup.Membership.IsCertain)
            _world.Setup.Membership.Settle(doubt = _world.Setup.Membership.Doubt());
        Pump.Wake();
        await Eventually.EqualAsync(ReceiptOutcome.Applied, () => OutcomeAsync(receipt));
    }

    [Fact]
    public async Task A_database_that_does_not_answer_is_503_before_any_sender_gives_up_and_what_it_stores_is_applied()
    {
        var inbox = new FakeInbox();
        var endpoint = ActivatorUtilities.CreateInstance<WebhookEndpoint>(_world.Services, inbox);
        var (body, change) = (_world.NewName("body"), Stated(_world.NewOrder(), 1, lines: (await SkuAsync(), 1)));
        _world.Setup.Connector.Means(body, change, body);
        var answer = TryPostAsync(body, endpoint);

        await Eventually.TrueAsync(() =>
        {
            _world.Time.Advance(TimeSpan.FromSeconds(1));
            return answer.IsCompleted;
        });
        Assert.Equal(StatusCodes.Status503ServiceUnavailable, (await answer).Status);

        inbox.Stored.SetResult(true);
        await Eventually.TrueAsync(() => _world.Setup.Connector.Reads(body) == 1);
    }

    [Fact]
    public async Task What_came_to_a_process_with_another_configuration_waits_and_is_parked_after_an_hour()
    {
        var receipt = new Receipt
        {
            Id = Guid.CreateVersion7(_world.Time.GetUtcNow()),
            Source = "newcomer",
            Topic = "orders/create",
            Body = new byte[1],
            ReceivedAt = _world.Time.GetUtcNow(),
        };
        await _world.Inbox.AppendAsync(receipt, held: false);
        for (var minute = 0; minute < 59; minute++)
        {
            Pump.Wake();
            _world.Time.Advance(TimeSpan.FromMinutes(1));
            Assert.Equal(ReceiptOutcome.Pending, await OutcomeAsync(receipt.Id));
        }

        await AdvanceUntilSettledAsync(receipt.Id);
        Assert.Equal(ReceiptOutcome.Parked, await OutcomeAsync(receipt.Id));
        Assert.Equal("its source is not configured any more", (await _world.Inbox.FindAsync(receipt.Id))!.Reason);
    }

    [Fact]
    public async Task An_order_is_not_planned_by_a_silo_that_does_not_know_its_source()
    {
        var order = new OrderKey("newcomer", "1");
        var change = Stated(order, 1, lines: (await SkuAsync(), 1));

        var refused = await Assert.ThrowsAsync<SourceUnknownException>(() => _world.DeliverAsync(change));

        Assert.Equal("Source newcomer is not configured on this process.", refused.Message);
        Assert.Null(await _world.Orders.LoadAsync(order));
    }

    private async Task TriedAsync(string body, int times) => await Eventually.TrueAsync(() =>
    {
        if (_world.Setup.Connector.Reads(body) < times)
            _world.Time.Advance(TimeSpan.FromSeconds(1));
        return _world.Setup.Connector.Reads(body) == times;
    });

    private async Task OneOfTheKindPassesAsync(string source)
    {
        _good ??= new Reading.Understood(Stated(_world.NewOrder(), 1, lines: (await SkuAsync(), 1)), "good");
        _world.Setup.Connector.Means("good", () => _good);
        var receipt = await _world.PostAsync(source, "good");
        await Eventually.TrueAsync(async () =>
            await OutcomeAsync(receipt) is ReceiptOutcome.Applied or ReceiptOutcome.Duplicate);
    }

    private async Task AdvanceUntilSettledAsync(Guid receipt, bool whileOthersPass = false) =>
        await Eventually.TrueAsync(async () =>
        {
            if (whileOthersPass)
                await OneOfTheKindPassesAsync("acme");
            _world.Time.Advance(TimeSpan.FromSeconds(15));
            return await OutcomeAsync(receipt) != ReceiptOutcome.Pending;
        });

    private Task<string> SkuAsync() => _world.NewSkuAsync(10);

    private string NewBody(OrderChange change)
    {
        var body = _world.NewName("body");
        _world.Setup.Connector.Means(body, change, body);
        return body;
    }

    private Task<Guid> PostAsync(string body) => _world.PostAsync("acme", body);

    private async Task<(int Status, HttpContext Http)> TryPostAsync(string body, WebhookEndpoint? endpoint = null)
    {
        var http = new DefaultHttpContext();
        http.Request.Body = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(body));
        endpoint ??= _world.Services.GetRequiredService<WebhookEndpoint>();
        var answer = await endpoint.ReceiveAsync("acme", http);
        return (Assert.IsType<ProblemHttpResult>(answer.Result).StatusCode, http);
    }

    private async Task<ReceiptOutcome?> OutcomeAsync(Guid receipt) => (await _world.Inbox.FindAsync(receipt))?.Outcome;
}
