using OrderGrains.Tests.Storage.Contracts;

namespace OrderGrains.Tests.Storage.Sqlite;

public sealed class SqliteCountsTests : CountsContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteInboxTests : InboxContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteInboxListTests : InboxListContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteOrderStoreTests : OrderStoreContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteRedactionTests : RedactionContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteOrderListTests : OrderListContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteStockAuditTests : StockAuditContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteStockStoreTests : StockStoreContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteStockHistoryTests : StockHistoryContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteOutboxTests : OutboxContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqlitePullsTests : PullsContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteTrailTests : TrailContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}

public sealed class SqliteSessionsTests : SessionsContract
{
    protected override Task<ITestStorage> OpenAsync() => Task.FromResult<ITestStorage>(new SqliteTestStorage());
}
