using OrderGrains.Tests.Storage.Contracts;

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
}
