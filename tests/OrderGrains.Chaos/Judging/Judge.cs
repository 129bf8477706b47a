using System.Data.Common;
using OrderGrains.Sandbox;

namespace OrderGrains.Chaos.Judging;

/// <summary>
/// Compares what senders were answered, what warehouses saw and what the database has with a model of its own. It
/// shares no code with the product and does not ask it, but for checking that its audit agrees.
/// </summary>
/// <param name="world">What it judges.</param>
/// <param name="audit">Asks the product for its own audit; null: nobody asks.</param>
internal sealed class Judge(ChaosWorld world, Func<CancellationToken, Task<Audit?>>? audit = null)
{
    /// <summary>A database that is away is looked at again a second later.</summary>
    private static readonly TimeSpan WatchMax = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan JudgeMax = TimeSpan.FromSeconds(60);

    private readonly Dictionary<(string Source, string WebhookId), DateTimeOffset> _appliedBy = [];
    private readonly DatabaseReader _database = new(world.Database, world.Options.OnPostgres, world.Shop.Source);
    private readonly HashSet<(string Subject, string Kind)> _said = [];
    private int _callsChecked;
    private int _receiptsMost;

    /// <summary>Which cases with several right ends were met when it was last judged.</summary>
    public LeewaysUsed Leeways { get; private set; } = new();

    /// <summary>
    /// What must hold at any moment, faults or not. Called every second during the run, one call after the other.
    /// </summary>
    public async Task<IReadOnlyList<Violation>> WatchAsync(CancellationToken cancellation)
    {
        var found = new List<Violation>();
        if (await TryWatchAsync(cancellation) is { } rows)
        {
            var now = world.Time.GetUtcNow();
            world.Ledger.Note(new BacklogSample(now, rows.Pending, rows.Due));
            foreach (var webhook in rows.Settled) _appliedBy.TryAdd(webhook, now);
            found.AddRange(LevelModel.JudgeSums(rows.Stock, rows.Held));
            if (rows.Receipts < _receiptsMost)
            {
                found.Add(new Violation(
                    "receipts", $"there were {_receiptsMost} receipts, and now {rows.Receipts}", "receipt lost"));
            }

            _receiptsMost = Math.Max(_receiptsMost, rows.Receipts);
        }

        var facts = WorldReader.Read(world);
        found.AddRange(ReleaseModel.Judge(facts, new LeewaysUsed()));
        found.AddRange(SoldModel.Judge(facts, _appliedBy, _callsChecked));
        _callsChecked = facts.Calls.Count;
        // What is wrong stays wrong, second after second, with other numbers.
        return [.. found.Where(each => _said.Add((each.Subject, each.Kind)))];
    }

    /// <summary>What must hold once all is quiet. Empty: it is quiet, and all is well.</summary>
    public async Task<IReadOnlyList<Violation>> JudgeAsync(CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(JudgeMax);
            var leeways = new LeewaysUsed();
            var facts = WorldReader.Read(world);
            var rows = await _database.ReadAsync(limit.Token);
            var found = Verdict.Of(facts, rows, leeways);
            Leeways = leeways;
            return audit is null ? found
                : [.. found, .. AuditModel.Judge(await audit(limit.Token), found, facts, rows)];
        }
        catch (Exception away) when (IsAway(away, cancellation))
        {
            return [new Violation("database", $"it cannot be read: {away.Message}", "database")];
        }
    }

    /// <summary>What befell a subject, from all sides, in order of time.</summary>
    public async Task<string> TellAsync(string subject, CancellationToken cancellation)
    {
        var entries = new List<HistoryEntry>();
        var facts = WorldReader.Read(world);
        entries.AddRange(WorldHistory.Of(subject, facts, world.Ledger));
        try
        {
            entries.AddRange(await new DatabaseHistory(_database, world.Options.OnPostgres)
                .ReadAsync(subject, facts, cancellation));
        }
        catch (Exception away) when (IsAway(away, cancellation))
        {
            entries.Add(new HistoryEntry(world.Time.GetUtcNow(), $"the database cannot be read: {away.Message}"));
        }

        return History.Write(subject, entries, world.Ledger.Faults);
    }

    /// <summary>Null while the database is away.</summary>
    private async Task<WatchedRows?> TryWatchAsync(CancellationToken cancellation)
    {
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(WatchMax);
            // A server that was stopped answers no cancellation either.
            return await _database.WatchAsync(limit.Token).WaitAsync(WatchMax, world.Time, cancellation);
        }
        catch (Exception away) when (IsAway(away, cancellation))
        {
            return null;
        }
    }

    private static bool IsAway(Exception why, CancellationToken cancellation) =>
        !cancellation.IsCancellationRequested
        && why is DbException or TimeoutException or IOException or OperationCanceledException
            or System.Net.Sockets.SocketException or HttpRequestException or InvalidOperationException;
}
