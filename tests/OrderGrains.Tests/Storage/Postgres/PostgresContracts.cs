using OrderGrains.Outbound;
using OrderGrains.Storage.Postgres;
using OrderGrains.Tests.Storage.Contracts;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

public sealed class PostgresCountsTests(SharedPostgres server) : CountsContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresInboxTests(SharedPostgres server) : InboxContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresInboxListTests(SharedPostgres server) : InboxListContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresOrderStoreTests(SharedPostgres server) : OrderStoreContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresOrderListTests(SharedPostgres server) : OrderListContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresStockAuditTests(SharedPostgres server) : StockAuditContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresRedactionTests(SharedPostgres server) : RedactionContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresStockStoreTests(SharedPostgres server) : StockStoreContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresStockHistoryTests(SharedPostgres server) : StockHistoryContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresOutboxTests(SharedPostgres server) : OutboxContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);

    [Fact]
    public async Task What_a_silo_with_a_fast_clock_sends_is_soon_due_by_the_clock_of_the_database()
    {
        var ahead = TimeProvider.System.GetUtcNow().AddMinutes(3);
        var message = MessageTo("east-wms", Order) with { CreatedAt = ahead };

        await Storage.Orders.CommitAsync(Placed(Order) with { Messages = [message] });

        var due = await Storage.Outbox.NextDueAtAsync("east-wms");
        Assert.InRange(due!.Value, Now, ahead.AddMinutes(-2));
    }

    [Fact]
    public async Task What_a_silo_with_a_fast_clock_postpones_waits_as_long_as_it_was_to_and_no_longer()
    {
        var message = await SendAsync(Order);
        var ahead = TimeProvider.System.GetUtcNow().AddMinutes(3);
        await Storage.Outbox.PostponeAsync(message.Id, Second with { At = ahead }, ahead.AddSeconds(40));

        // Its own clock does not hasten it either.
        Assert.Empty(await Storage.Outbox.DueAsync("east-wms", ahead, 10));
        Assert.Equal(message.Id, Assert.Single(await Storage.Outbox.DueAsync("east-wms", null, 10)).Id);
        var due = await Storage.Outbox.NextDueAtAsync("east-wms");
        Assert.InRange(due!.Value, ahead.AddMinutes(-3).AddSeconds(40), ahead.AddMinutes(-1));
    }

    [Fact]
    public async Task What_is_resumed_by_a_fast_clock_is_due_at_once()
    {
        var ahead = TimeProvider.System.GetUtcNow().AddMinutes(3);
        var (one, many) = (await SendAsync(Order), await SendAsync(new OrderKey("acme", "2"), 1));
        await Storage.Outbox.ParkAsync(one.Id, Second, "refused");
        await Storage.Outbox.ResumeAsync(one.Id, "ops", ahead);
        await Storage.Outbox.ParkAsync(many.Id, Second, "refused");
        await Storage.Outbox.ResumeManyAsync(new ParkedFilter("east-wms"), "ops", ahead, null, 10);

        Assert.Equal(2, (await Storage.Outbox.DueAsync("east-wms", TimeProvider.System.GetUtcNow(), 10)).Count);
    }
}

public sealed class PostgresPullsTests(SharedPostgres server) : PullsContract
{
    private static readonly TimeSpan Long = TimeSpan.FromHours(1);

    /// <summary>As another living process has the turns.</summary>
    private PostgresPulls Another =>
        new(((PostgresTestStorage)Storage).Database, Guid.CreateVersion7(TimeProvider.System.GetUtcNow()));

    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);

    [Fact]
    public async Task One_process_has_the_turn_until_it_lets_go()
    {
        var another = Another;
        Assert.NotNull(await Storage.Pulls.TakeAsync("queue", Long));
        Assert.NotNull(await Storage.Pulls.TakeAsync("queue", Long));
        Assert.Null(await another.TakeAsync("queue", Long));
        Assert.NotNull(await another.TakeAsync("other", Long));

        await another.LetGoAsync("queue");
        Assert.Null(await another.TakeAsync("queue", Long));
        await Storage.Pulls.LetGoAsync("queue");
        Assert.NotNull(await another.TakeAsync("queue", Long));
    }

    [Fact]
    public async Task Who_lost_the_turn_writes_nothing_more()
    {
        var another = Another;
        Assert.NotNull(await Storage.Pulls.TakeAsync("queue", -Long));
        Assert.NotNull(await another.TakeAsync("queue", Long));

        Assert.False(await Storage.Pulls.AppendAsync("queue", [ReceiptAt(0, "queue")], "page-2"));

        Assert.Empty(await Storage.Inbox.ClaimAsync(new(10)));
        Assert.Null((await another.TakeAsync("queue", Long))!.Cursor);
        Assert.True(await another.AppendAsync("queue", [ReceiptAt(0, "queue")], "page-2"));
    }
}

public sealed class PostgresTrailTests(SharedPostgres server) : TrailContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}

public sealed class PostgresSessionsTests(SharedPostgres server) : SessionsContract
{
    protected override async Task<ITestStorage> OpenAsync() => await PostgresTestStorage.OpenAsync(server);
}
