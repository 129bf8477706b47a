using OrderGrains.Tests.Storage.Contracts;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

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
}
