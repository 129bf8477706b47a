using OrderGrains.Ingress;
using OrderGrains.Inventory;
using OrderGrains.Orders;
using OrderGrains.Outbound;
using OrderGrains.Vocabulary;

namespace OrderGrains.Tests.Storage.Contracts;

/// <summary>An empty database of its own for one test, behind the ports.</summary>
public interface ITestStorage : IAsyncDisposable
{
    IInbox Inbox { get; }
    IPulls Pulls { get; }
    IOrderStore Orders { get; }
    IStockStore Stock { get; }
    IOutbox Outbox { get; }
    ITrail Trail { get; }
    ISessions Sessions { get; }

    /// <summary>Counts the rows of a table by one of its columns.</summary>
    Task<IReadOnlyDictionary<string, long>> CountRowsAsync(string table, string column);

    /// <summary>Writes that may wait before the inbox says no.</summary>
    int WaitingMax { get; }

    /// <summary>Closes everything and opens it again, as another incarnation of the process.</summary>
    Task ReopenAsync();

    /// <summary>Holds the writer, so that writes wait; it goes on when the answer is disposed.</summary>
    Task<IDisposable> HoldWriterAsync();
}
