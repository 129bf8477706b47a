using OrderGrains.Sandbox.Shops;
using OrderGrains.Sandbox.Warehouses;

namespace OrderGrains.Chaos;

/// <summary>
/// All of a run: the silos as processes of their own, their database, the shop, two warehouses, and every link between
/// them through a proxy of ours.
/// </summary>
internal sealed class ChaosWorld : IAsyncDisposable
{
    public required ChaosOptions Options { get; init; }

    public required TimeProvider Time { get; init; }

    public Ledger Ledger { get; } = new();

    public Shop Shop => throw new NotSupportedException();

    /// <summary>East and west. The shop ships from east, and from west what east has not.</summary>
    public IReadOnlyList<Warehouse> Warehouses => throw new NotSupportedException();

    /// <summary>Past every proxy: for the judge, which reads the database while the world stands.</summary>
    public JudgeDatabase Database => throw new NotSupportedException();

    public static Task<ChaosWorld> StartAsync(ChaosOptions options, TimeProvider time, CancellationToken cancellation) =>
        throw new NotSupportedException();

    /// <summary>SIGTERM to all; a sentence for each that did not end in time with code 0.</summary>
    public Task<IReadOnlyList<string>> StopAsync() => throw new NotSupportedException();

    /// <summary>What the silos wrote last, for a failure.</summary>
    public string LastOutput => throw new NotSupportedException();

    public ValueTask DisposeAsync() => throw new NotSupportedException();
}

/// <summary>Opens connections for plain SQL, to PostgreSQL or to SQLite's <c>orders</c> file.</summary>
internal sealed class JudgeDatabase(Func<System.Data.Common.DbConnection> open)
{
    public System.Data.Common.DbConnection Open() => open();
}
