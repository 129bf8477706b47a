using Npgsql;
using OrderGrains.Chaos;
using OrderGrains.Ingress;
using OrderGrains.Orders;
using OrderGrains.Sandbox;
using OrderGrains.Storage.Postgres;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Postgres;

/// <summary>What becomes of receipts when processes, connections and the server die.</summary>
public sealed class PostgresRecoveryTests(SharedPostgres server) : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = new(2026, 11, 23, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan ShortLease = TimeSpan.FromMilliseconds(100);
    private PostgresTestStorage _storage = null!;

    public async ValueTask InitializeAsync() => _storage = await PostgresTestStorage.OpenAsync(server);

    public async ValueTask DisposeAsync()
    {
        if (_storage is not null)
            await _storage.DisposeAsync();
    }

    [Fact]
    public async Task The_living_share_what_the_dead_held_and_none_is_taken_twice()
    {
        for (var at = 0; at < 20; at++)
            await _storage.Inbox.AppendAsync(NewReceipt(at), held: true);
        await using var one = new PostgresInbox(_storage.Database, lease: ShortLease);
        await using var other = new PostgresInbox(_storage.Database, lease: ShortLease);
        await AgeAsync();

        var claims = await Task.WhenAll(one.ClaimAsync(new(10)), other.ClaimAsync(new(10)));

        Assert.Equal([10, 10], claims.Select(claimed => claimed.Count));
        Assert.Equal(20, claims.SelectMany(claimed => claimed).Select(receipt => receipt.Id).Distinct().Count());
    }

    [Fact]
    public async Task Nobody_takes_what_a_living_process_holds()
    {
        await _storage.Inbox.AppendAsync(NewReceipt(0), held: true);
        await using var other = new PostgresInbox(_storage.Database);

        Assert.Empty(await other.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task A_claim_is_the_sign_of_life_even_for_one_that_was_taken_for_dead()
    {
        await _storage.Inbox.AppendAsync(NewReceipt(0), held: true);
        await _storage.Database.ExecuteAsync("delete from receipt_owner");
        await _storage.Inbox.ClaimAsync(new(0));
        await using var other = new PostgresInbox(_storage.Database);

        Assert.Empty(await other.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task What_a_process_lets_go_of_is_taken_at_once()
    {
        await _storage.Inbox.AppendAsync(NewReceipt(0), held: true);
        await _storage.Inbox.LetGoAsync();
        await using var other = new PostgresInbox(_storage.Database);

        Assert.Single(await other.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task A_receipt_that_was_stored_without_our_hearing_of_it_is_taken_up_at_once_and_no_other()
    {
        var direct = new NpgsqlConnectionStringBuilder(_storage.ConnectionString);
        await using var wire = new BrokenWire(direct.Port);
        await using var database = new PostgresDatabase(
            new NpgsqlConnectionStringBuilder(_storage.ConnectionString) { Port = wire.Port }.ConnectionString);
        await using var inbox = new PostgresInbox(database);
        var (known, receipt) = (NewReceipt(0), NewReceipt(1));
        await inbox.AppendAsync(known, held: true);
        wire.Deaf = true;

        var unknown = await Assert.ThrowsAsync<StorageException>(
            async () => await inbox.AppendAsync(receipt, held: true));
        wire.Deaf = false;

        Assert.False(unknown.IsRefusal);
        Assert.NotNull(await _storage.Inbox.FindAsync(receipt.Id));
        Claim claim = new(10, Held: () => [known.Id]);
        Assert.Equal(receipt.Id, Assert.Single(await inbox.ClaimAsync(claim)).Id);
        Assert.Empty(await inbox.ClaimAsync(claim));
        await using var other = new PostgresInbox(_storage.Database);
        Assert.Empty(await other.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task What_commits_late_under_a_name_that_its_process_has_left_is_free()
    {
        await _storage.Inbox.ClaimAsync(new(0));
        await _storage.Database.ExecuteAsync(
            """
            insert into receipt (id, source, topic, received_at, owner, outcome, body)
            select '019ab000-0000-7000-8000-000000000000', 'acme', '', now(), 4711, 'pending', ''
            """);

        Assert.Single(await _storage.Inbox.ClaimAsync(new(10)));
    }

    [Fact]
    public async Task An_order_that_was_committed_without_our_hearing_of_it_is_found_by_a_reload()
    {
        var direct = new NpgsqlConnectionStringBuilder(_storage.ConnectionString);
        await using var wire = new BrokenWire(direct.Port);
        await using var database = new PostgresDatabase(
            new NpgsqlConnectionStringBuilder(_storage.ConnectionString) { Port = wire.Port }.ConnectionString);
        await using var orders = new PostgresOrderStore(database);
        // The first opens the connection that the second breaks.
        await orders.CommitAsync(Placed(new OrderKey("acme", "0")));
        var key = new OrderKey("acme", "1");
        wire.Deaf = true;

        await Assert.ThrowsAsync<StorageException>(() => orders.CommitAsync(Placed(key)));
        wire.Deaf = false;

        Assert.Equal(1, (await orders.LoadAsync(key))!.Version);
    }

    [Fact]
    public async Task A_commit_waits_for_the_disk_whatever_the_database_prefers()
    {
        await _storage.Database.ExecuteAsync(
            $"alter database {new NpgsqlConnectionStringBuilder(_storage.ConnectionString).Database} "
            + "set synchronous_commit = off");
        await _storage.ReopenAsync();

        await using var command = _storage.Database.Writers.CreateCommand("show synchronous_commit");

        Assert.Equal("on", await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task When_the_server_dies_callers_are_told_and_when_it_is_back_nobody_need_do_anything()
    {
        Assert.SkipWhen(
            PostgresServer.FindPrograms() is null && Environment.GetEnvironmentVariable("CI") != "true",
            "Needs the programs of a PostgreSQL server, to stop one and start it again.");
        await using var mortal = await PostgresServer.StartAsync(durable: false);
        var connectionString = await mortal.CreateDatabaseAsync();
        await PostgresMigrations.ApplyAsync(connectionString);
        await using var database = new PostgresDatabase(connectionString);
        await using var inbox = new PostgresInbox(database);
        await inbox.ClaimAsync(new(0));
        Assert.True(await inbox.AppendAsync(NewReceipt(0), held: true));

        await mortal.StopAsync();
        Assert.False((await Assert.ThrowsAsync<StorageException>(
            async () => await inbox.AppendAsync(NewReceipt(1), held: true))).IsRefusal);
        Assert.False((await Assert.ThrowsAsync<StorageException>(() => inbox.FindAsync(Guid.Empty))).IsRefusal);
        await mortal.StartAgainAsync();

        Assert.True(await inbox.AppendAsync(NewReceipt(2), held: true));
        Assert.Equal(2, (await inbox.AuditAsync(Now)).Received);
    }

    private static OrderCommit Placed(OrderKey key) =>
        new() { Key = key, Next = new Order { Key = key, ReceivedAt = Now }, At = Now };

    /// <summary>As if all owners had last been seen long ago.</summary>
    private async Task AgeAsync()
    {
        await _storage.Database.ExecuteAsync("update receipt_owner set seen_at = seen_at - interval '1 hour'");
        // The server's start counts as seen too.
        Assert.True(await Until.TrueAsync(
            async _ => await _storage.Database.FindAsync(
                "select clock_timestamp() - pg_postmaster_start_time() > interval '1 second'",
                row => row.GetBoolean(0)),
            TimeSpan.FromSeconds(30), TimeProvider.System, TestContext.Current.CancellationToken));
    }

    private static Receipt NewReceipt(int milliseconds) => new()
    {
        Id = Guid.CreateVersion7(Now.AddMilliseconds(milliseconds)),
        Source = "acme",
        Topic = "orders/create",
        Body = new byte[] { 1, 2, 3 },
        ReceivedAt = Now.AddMilliseconds(milliseconds),
    };
}
