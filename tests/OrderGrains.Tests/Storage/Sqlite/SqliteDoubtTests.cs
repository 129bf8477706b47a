using OrderGrains.Ingress;
using OrderGrains.Vocabulary;
using Xunit;

namespace OrderGrains.Tests.Storage.Sqlite;

public sealed class SqliteDoubtTests
{
    [Fact]
    public async Task A_receipt_whose_commit_has_an_unknown_outcome_is_found_without_a_restart_and_no_other()
    {
        await using var storage = new SqliteTestStorage();
        var (known, receipt) = (NewReceipt(), NewReceipt());
        await storage.Inbox.AppendAsync(known, held: true);
        Task<bool> append;
        Task broken;
        using (await storage.HoldWriterAsync())
        {
            append = storage.Inbox.AppendAsync(receipt, held: true).AsTask();
            // The transaction ends under the hands of the group: what came before in it is durable.
            broken = storage.Database.WriteAsync(session => session.Execute("commit"));
        }

        await Assert.ThrowsAsync<StorageException>(() => append);
        await Assert.ThrowsAsync<StorageException>(() => broken);
        Assert.NotNull(await storage.Inbox.FindAsync(receipt.Id));

        Claim claim = new(10, Held: () => [known.Id]);
        Assert.Equal(receipt.Id, Assert.Single(await storage.Inbox.ClaimAsync(claim)).Id);
        Assert.Empty(await storage.Inbox.ClaimAsync(claim));
    }

    private static Receipt NewReceipt() => new()
    {
        Id = Guid.CreateVersion7(),
        Source = "acme",
        Topic = "orders/create",
        Body = new byte[] { 1 },
        ReceivedAt = DateTimeOffset.UnixEpoch,
    };
}
